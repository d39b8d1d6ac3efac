import type { Gap } from "../../ir/entry.ts";
import type { Route } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { parsePrismaSchema } from "../../languages/prisma/parser.ts";
import { readProjectConfig } from "../../languages/typescript/project-config.ts";
import { compareText, rangeOf, type SourceRef } from "../../source.ts";
import type { PrismaFacts } from "../prisma/facts.ts";
import { ModelLookup } from "../prisma/model-lookup.ts";
import { schemaProjects } from "../prisma/schema-project.ts";
import { type FactsByUri, NOTHING, type Stack } from "../stack.ts";
import { extractCode } from "./extract.ts";
import type { ExpressFacts } from "./facts.ts";
import { guardsOf } from "./guards.ts";
import { type FoundFunction, Program } from "./program.ts";
import { RouterTable } from "./routers.ts";
import { bodyShape } from "./shapes.ts";
import { pathParameters } from "./texts.ts";
import { type FoundRoute, RouteWalk } from "./walk.ts";

const TEST_FILE = /(?:^|\/)(?:__tests__|__mocks__|tests?|e2e|specs?)\/|\.(?:test|spec|e2e)\.[cm]?[jt]sx?$/;

/** Express: apps and routers, mounted over any number of files. Files of tests are left out: their apps serve nobody. */
export const expressStack: Stack<ExpressFacts> = {
  id: "express",
  title: "Express",
  languages: ["typescript", "prisma", "json"],
  version: 2,
  marker:
    /express|\bRouter\(|[rR]outer\.(?:use|get|post|put|patch|delete|all|route)\(|\bapp\.(?:use|get|post|put|patch|delete|all|route)\(|\b_?req(?:uest)?,\s*_?res|\(_?req\b|\bmodule\.exports\b|\bexport\s+\*|\bexport\s*\{[^}]*\}\s*from|\b(?:prisma|db|tx)\.\w+\.\w+\(|\$queryRaw|(?:z|zod|Joi|yup)\.object\(|\b[A-Z_]*(?:PATH|ROUTE|PREFIX|ENDPOINT)S?\b|\b(?:requireAuth|isAuth\w*|authenticate|authorize)\b|\bmodel\s+\w+\s*\{|\bdatasource\s|"compilerOptions"|"name"\s*:/,
  extract(file) {
    switch (file.language) {
      case "typescript": {
        if (TEST_FILE.test(file.uri) || (/\.[jt]sx$/.test(file.uri) && !file.text.includes("express")))
          return null;
        const module = file.typescript();
        return module && extractCode(module);
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
    const table = new RouterTable(program, facts);
    const found = new RouteWalk(program, table).run();
    if (found.length === 0) return NOTHING;
    const models = new ModelLookup(schemaProjects(schemaFacts(facts)));
    const ids = new Map<string, number>();
    const routes = found.map((route) => routeOf(program, models, route, ids));
    return { ...NOTHING, routes, gaps: unmountedGaps(found) };
  },
};

function schemaFacts(facts: FactsByUri<ExpressFacts>): FactsByUri<PrismaFacts> {
  const schemas = new Map<string, PrismaFacts>();
  for (const [uri, fact] of facts) if (fact.kind === "schema") schemas.set(uri, fact);
  return schemas;
}

function routeOf(program: Program, models: ModelLookup, found: FoundRoute, ids: Map<string, number>): Route {
  const { placed, method, path } = found;
  const { uri, entry } = placed;
  const handler = program.functionOf(uri, entry.scope, found.handler);
  const name = `${method} ${path}`;
  const complete = found.mounted && found.gaps.length === 0;
  return {
    kind: "route",
    id: numbered(ids, `route:express:${name}`),
    name,
    uri,
    range: rangeOf(entry.span),
    nameRange: rangeOf(entry.nameSpan),
    hash: entry.hash,
    stack: "express",
    confidence: complete ? "certain" : "partial",
    reason: found.mounted
      ? `registered on an Express app through ${found.mounts.length === 1 ? "one call" : `${found.mounts.length} calls`}`
      : "registered on an Express router that no app of the workspace mounts",
    gaps: found.mounted ? found.gaps : [...found.gaps, notMounted(found)],
    method,
    path,
    parameters: pathParameters(path).map((parameter) => ({ ...parameter, in: "path", type: null })),
    handler: handlerName(found, handler),
    handlerSource: handler && sourceOfFunction(handler),
    guards: guardsOf(program, found.middleware),
    body: bodyShape(program, found.middleware, { uri, scope: entry.scope, value: found.handler }),
    response: null,
    mounts: found.mounts,
    modelIds: handler ? modelIdsOf(program, models, handler) : [],
  };
}

/** Routes of one method and path get numbers in the order in which Express would find them. */
function numbered(ids: Map<string, number>, id: string): string {
  const count = (ids.get(id) ?? 0) + 1;
  ids.set(id, count);
  return count === 1 ? id : `${id}:${count}`;
}

function handlerName(found: FoundRoute, handler: FoundFunction | null): string {
  const written = writtenName(found.handler);
  if (handler?.fact.path) return handler.fact.path.replace(/^(?:module\.exports|exports|default)\./, "");
  return written ?? "function written in place";
}

/** The name of what is registered, without the wrappers around it. */
function writtenName(value: Expression): string | null {
  if (value.k === "name" || value.k === "member") return dottedName(value);
  if (value.k !== "call") return null;
  if (value.callee.k === "member" && value.callee.name === "bind") return writtenName(value.callee.of);
  for (const { value: argument } of value.args) {
    if (argument.k === "function") return null;
    const name = writtenName(argument);
    if (name !== null) return name;
  }
  return dottedName(value.callee);
}

function sourceOfFunction({ uri, fact }: FoundFunction): SourceRef {
  return { uri, range: rangeOf(fact.span), hash: fact.hash };
}

/** Models that the handler, or a function of the workspace that it calls, asks Prisma for. */
function modelIdsOf(program: Program, models: ModelLookup, handler: FoundFunction): readonly string[] {
  if (models.isEmpty) return [];
  const ids = new Set<string>();
  const add = ({ uri, fact }: FoundFunction) => {
    for (const delegate of fact.delegates) {
      const model = models.byDelegate(uri, delegate);
      if (model) ids.add(model.id);
    }
    for (const table of fact.tables) {
      const model = models.byTable(uri, table);
      if (model) ids.add(model.id);
    }
  };
  add(handler);
  for (const call of handler.fact.calls) {
    const callee = expressionOf(call, handler);
    const called = program.functionOf(handler.uri, handler.index, callee);
    if (called) add(called);
  }
  return [...ids].sort(compareText);
}

function expressionOf(dotted: string, { fact }: FoundFunction): Expression {
  const [first = "", ...rest] = dotted.split(".");
  let value: Expression = { k: "name", value: first, span: fact.span };
  for (const name of rest) value = { k: "member", of: value, name, span: fact.span };
  return value;
}

function notMounted(found: FoundRoute): Gap {
  return {
    what: `path \`${found.path}\`: what stands before it`,
    why: "no app of the workspace mounts the router, as far as its code shows",
    source: found.mounts.at(-1) ?? null,
  };
}

function unmountedGaps(found: readonly FoundRoute[]): readonly Gap[] {
  const files = new Map<string, number>();
  for (const route of found) {
    if (!route.mounted) files.set(route.placed.uri, (files.get(route.placed.uri) ?? 0) + 1);
  }
  return [...files].map(([uri, count]) => {
    const first = found.find((route) => !route.mounted && route.placed.uri === uri);
    return {
      what: `${count} ${count === 1 ? "route" : "routes"} of ${uri} without a known mount`,
      why: "no app of the workspace mounts the router, as far as its code shows",
      source: first?.mounts.at(-1) ?? null,
    };
  });
}
