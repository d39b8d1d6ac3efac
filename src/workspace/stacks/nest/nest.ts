import type { Route } from "../../ir/route.ts";
import { readProjectConfig } from "../../languages/typescript/project-config.ts";
import { NOTHING, type Stack } from "../stack.ts";
import { Applications } from "./applications.ts";
import { routesOf } from "./controllers.ts";
import { extractCode } from "./extract.ts";
import type { ClassFact, NestFacts } from "./facts.ts";
import { nameOf } from "./guards.ts";
import { NestProgram } from "./program.ts";

/** Decorators that no controller needs, and that most classes have. */
const NO_CONTROLLER =
  /^(?:Injectable|Module|Global|Entity|Schema|ObjectType|InputType|ArgsType|Resolver|Catch|Processor|(?:Command|Query|Events)Handler|ValidatorConstraint)(?:\(|$)/;
const TEST_FILE = /(?:^|\/)(?:__tests__|__mocks__|tests?|e2e)\/|\.(?:test|spec|e2e(?:-spec)?)\.[cm]?[jt]sx?$/;

/** NestJS: controllers with prefixes, versions, guards and bodies. Files of tests are left out: their modules serve nobody. */
export const nestStack: Stack<NestFacts> = {
  id: "nest",
  title: "NestJS",
  languages: ["typescript", "json"],
  version: 1,
  handsPlacesOn: true,
  marker:
    /@nestjs\/|class-validator|nest-keycloak|\bcanActivate\b|@(?:Controller|Injectable|Module|Entity)\(|Dto\b|\bSetMetadata\b|\b(?:z|[jJ]oi|yup)\.(?:object|strictObject)\(|\bexport\s+(?:abstract\s+)?class\s|\bexport\s+\*|\bexport\s*\{[^}]*\}\s*from|\bexport\s+const\s+[A-Z_]+\s*=|\bexport\s+enum\s|"compilerOptions"|"name"\s*:/,
  extract(file) {
    if (file.language === "json") {
      const config = readProjectConfig(file.uri, file.text);
      return config && { kind: "config", config };
    }
    if (TEST_FILE.test(file.uri) || /\.[jt]sx$/.test(file.uri)) return null;
    const module = file.typescript();
    return module && extractCode(module);
  },
  resolve(facts) {
    const candidates = [...facts].flatMap(([uri, fact]) =>
      fact.kind === "code" ? fact.classes.filter(mayBeController).map((entry) => ({ uri, fact: entry })) : [],
    );
    if (candidates.length === 0) return NOTHING;
    const program = new NestProgram(facts);
    const applications = new Applications(program, facts);
    const routes = candidates.flatMap((placed) => routesOf(program, applications, placed) ?? []);
    return { ...NOTHING, routes: numbered(routes) };
  },
};

function mayBeController({ decorators }: ClassFact): boolean {
  return decorators.some(({ value }) => !NO_CONTROLLER.test(nameOf(value)));
}

/** Routes of one method and path get numbers in the order of the files. */
function numbered(routes: readonly Route[]): readonly Route[] {
  const seen = new Map<string, number>();
  return routes.map((route) => {
    const count = (seen.get(route.id) ?? 0) + 1;
    seen.set(route.id, count);
    return count === 1 ? route : { ...route, id: `${route.id}:${count}` };
  });
}
