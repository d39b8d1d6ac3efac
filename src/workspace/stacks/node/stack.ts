import { parsePrismaSchema } from "../../languages/prisma/parser.ts";
import { readProjectConfig } from "../../languages/typescript/project-config.ts";
import { FastifyWalk } from "../fastify/walk.ts";
import { extractNextConfig, nextRoutes } from "../next/routes.ts";
import type { PrismaFacts } from "../prisma/facts.ts";
import { ModelLookup } from "../prisma/model-lookup.ts";
import { schemaProjects } from "../prisma/schema-project.ts";
import { type FactsByUri, NOTHING, type Stack } from "../stack.ts";
import { DIALECTS } from "./dialect-by-handlers.ts";
import { extractCode } from "./extract.ts";
import type { NodeFacts } from "./facts.ts";
import { Program } from "./program.ts";
import { Reach } from "./reach.ts";
import { type RouteSources, routeOf, unmountedGaps } from "./route-of.ts";
import { RouterTable } from "./routers.ts";
import { RouteWalk } from "./walk.ts";

const TEST_FILE =
  /(?:^|\/)(?:__tests__|__mocks__|tests?|e2e|specs?|cypress)\/|\.(?:test|spec|e2e|stories)\.[cm]?[jt]sx?$|\.d\.ts$/;
/** Components: they have a part in routing only where they hold handlers. */
const COMPONENT = /(?<!\/route)\.[jt]sx$/;
const IN_COMPONENT = /express|\bhono\b|\bkoa\b|fastify|NextRequest|Response\b/;

/**
 * Web frameworks of Node: Express, Fastify, Koa, Hono and the routes of Next.js. They share one reading of the code,
 * as they share handlers, guards, schemas and calls to the database. Files of tests are left out: their apps serve nobody.
 */
export const nodeStack: Stack<NodeFacts> = {
  id: "node",
  title: "Node.js",
  tells: [...DIALECTS.map(({ id, title }) => ({ id, title })), { id: "nextjs", title: "Next.js" }],
  languages: ["typescript", "prisma", "json"],
  version: 3,
  handsPlacesOn: true,
  marker:
    /express|[fF]astify|\b[kK]oa\b|\b[hH]ono\b|Router\b|[rR]outer\.(?:use|get|post|put|patch|delete|all|route)\(|\bapp\.(?:use|get|post|put|patch|delete|all|route)\(|\b_?req(?:uest)?,\s*_?res|\(_?req\b|\bmodule\.exports\b|\bexport\s+\*|\bexport\s*\{[^}]*\}\s*from|\bexport\s+(?:async\s+)?(?:function|const)\s+(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b|\bexport\s+(?:const\s*)?\{[^}]*\b(?:GET|POST|PUT|PATCH|DELETE)\b|\bexport\s+default\s+(?:\w*[hH]andler\b|\w+\()|\bas\s+(?:GET|POST|PUT|PATCH|DELETE)\b|\bnextConfig\b|\bNext(?:Request|ApiRequest|ApiHandler|Config|Response)\b|use server|\b(?:prisma|db|tx)\.\w+\.\w+\(|\$queryRaw|\.query\(|(?:z|zod|Joi|yup|Type)\.[oO]bject\(|\b[A-Z_]*(?:PATH|ROUTE|PREFIX|ENDPOINT)S?\b|\bexport\s+const\s+\w*(?:[pP]ath|[rR]oute|[pP]refix|[eE]ndpoint)\w*\s*=|\b(?:requireAuth|isAuth\w*|authenticate|authorize)\b|\bclass\s+\w+(?:Service|Controller|Repository|Store|Handler|Dao|Manager)\b|\bmodel\s+\w+\s*\{|\bdatasource\s|"compilerOptions"|"name"\s*:/,
  extract(file) {
    switch (file.language) {
      case "typescript": {
        if (TEST_FILE.test(file.uri) || (COMPONENT.test(file.uri) && !IN_COMPONENT.test(file.text)))
          return null;
        const module = file.typescript();
        return module && (extractNextConfig(file.uri, module) ?? extractCode(module, file.uri));
      }
      case "prisma":
        return { kind: "schema", file: parsePrismaSchema(file.text) };
      case "json": {
        const config = readProjectConfig(file.uri, file.text);
        return config && { kind: "config", config };
      }
      default:
        return null;
    }
  },
  resolve(facts) {
    const program = new Program(facts);
    const table = new RouterTable(program, DIALECTS, facts);
    const fastify = new FastifyWalk(program, table, [...facts.keys()]);
    const plugged = fastify.run();
    const found = [...new RouteWalk(program, table, fastify.reached).run(), ...plugged];
    const models = new ModelLookup(schemaProjects(schemaFacts(facts)));
    const sources: RouteSources = {
      program,
      models,
      reach: new Reach(program),
      ids: new Map(),
      guards: new Map(),
      bodies: new Map(),
    };
    const next = nextRoutes(sources, facts);
    if (found.length === 0 && next.routes.length === 0) return NOTHING;
    return {
      ...NOTHING,
      routes: [...found.map((route) => routeOf(sources, route)), ...next.routes],
      gaps: [...unmountedGaps(found), ...table.gaps, ...fastify.gaps, ...next.gaps],
    };
  },
};

function schemaFacts(facts: FactsByUri<NodeFacts>): FactsByUri<PrismaFacts> {
  const schemas = new Map<string, PrismaFacts>();
  for (const [uri, fact] of facts) if (fact.kind === "schema") schemas.set(uri, fact);
  return schemas;
}
