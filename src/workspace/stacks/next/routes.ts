import type { Gap } from "../../ir/entry.ts";
import type { Guard, HttpMethod, Route, RouteParameter } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TypeScriptModule } from "../../languages/typescript/module.ts";
import { folderOf } from "../../languages/typescript/module-location.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { CodeFact, ExportFact, NodeFacts } from "../node/facts.ts";
import { guardOf } from "../node/guards.ts";
import type { FoundFunction, PlacedExpression, Program } from "../node/program.ts";
import { sourceOfFunction } from "../node/reach.ts";
import { handlerName, numbered, type RouteSources, reachedFrom } from "../node/route-of.ts";
import { schemaBehind } from "../node/shapes.ts";
import type { FactsByUri } from "../stack.ts";
import { type Middleware, middlewareOf } from "./middleware.ts";
import {
  bracketParameters,
  isNextConfig,
  middlewareProject,
  projectOf,
  type RoutePlace,
  routePlace,
} from "./paths.ts";

const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const ID = "nextjs";
/** Functions that find out who asks, as they are called in handlers. Source: NextAuth, Clerk, Supabase, Lucia, iron-session. */
const SESSION =
  /(?:^|\.)(?:auth|getServerSession|getServerAuthSession|getSession|getAuth|currentUser|getCurrentUser|getToken|getUser|validateRequest|verifySession|getIronSession|unstable_getServerSession|require(?:User|Auth|Session)\w*|authenticate\w*)$/;

/** One handler of one method. */
interface Handled {
  readonly method: HttpMethod;
  readonly exported: ExportFact;
  readonly value: PlacedExpression;
}

/** The base path in next.config, where it is written out; null for another file. */
export function extractNextConfig(
  uri: string,
  module: TypeScriptModule,
): Extract<NodeFacts, { kind: "next" }> | null {
  if (!isNextConfig(uri)) return null;
  return { kind: "next", basePath: /\bbasePath:\s*["'`](\/[\w/-]+)["'`]/.exec(module.lines.text)?.[1] ?? "" };
}

/** Routes of `app/**\/route.ts` and `pages/api`. Server actions have no path of their own: they are said, not listed. */
export function nextRoutes(
  sources: RouteSources,
  facts: FactsByUri<NodeFacts>,
): { readonly routes: readonly Route[]; readonly gaps: readonly Gap[] } {
  const projects = new Set<string>();
  const basePaths = new Map<string, string>();
  const code: [string, CodeFact][] = [];
  let isNext = false;
  for (const [uri, fact] of facts) {
    if (fact.kind === "config" && fact.config.kind === "package") projects.add(folderOf(uri));
    if (fact.kind === "next") basePaths.set(folderOf(uri), fact.basePath);
    if (fact.kind === "code") {
      code.push([uri, fact]);
      isNext ||= fact.names.imports.some(([, module]) => /^next(?:\/|$)/.test(module));
    }
  }
  if (!isNext && basePaths.size === 0) return { routes: [], gaps: [] };
  const { program } = sources;
  const middleware = code.flatMap(([uri, fact]) => {
    const project = fact.exported.length > 0 ? middlewareProject(uri, projects) : null;
    return project === null ? [] : (middlewareOf(program, uri, fact, project) ?? []);
  });
  const routes = code.flatMap(([uri, fact]) => {
    const place = fact.exported.length > 0 ? routePlace(uri, projects) : null;
    if (!place) return [];
    const basePath = basePaths.get(place.project) ?? "";
    const path = `${basePath}${place.path}`.replace(/(?<=.)\/$/, "");
    return handledIn(program, uri, fact, place).map((handled) => {
      return routeOf(sources, uri, { ...place, path }, handled, guardsAround(middleware, place));
    });
  });
  return { routes, gaps: actionGaps(code, projects) };
}

function guardsAround(all: readonly Middleware[], { project, path }: RoutePlace): readonly Guard[] {
  return all.flatMap((entry) => (entry.project === project && entry.matches(path) ? [entry.guard] : []));
}

function handledIn(program: Program, uri: string, fact: CodeFact, place: RoutePlace): readonly Handled[] {
  if (place.kind === "app") {
    return METHODS.flatMap((method) => {
      const exported = fact.exported.find(({ name }) => name === method);
      const star = exported ?? fact.exported.find(({ name }) => name === "*");
      const origin = star && program.resolver.resolveExport(uri, method);
      if (!star || !origin) return [];
      return [{ method, exported: star, value: valueOfExport(fact, uri, method, origin) }];
    });
  }
  const exported = fact.exported.find(({ name }) => name === "default" || name === "=");
  if (!exported) return [];
  const origin = program.resolver.resolveExport(uri, exported.name);
  const value = valueOfExport(fact, uri, exported.name, origin);
  const byMethod = methodTable(program, value);
  if (byMethod.length > 0) return byMethod.map((entry) => ({ ...entry, exported }));
  const handler = program.functionOf(value.uri, value.scope, value.value);
  const told = (handler?.fact.methods ?? []).filter((method) => METHODS.includes(method as HttpMethod));
  const isOpen = told.every((method) => method === "OPTIONS" || method === "HEAD");
  const methods = isOpen ? (["ANY"] as const) : (told as readonly HttpMethod[]);
  return methods.map((method) => ({ method, exported, value }));
}

/** The expression behind an export: its local name, or the place in the module that it is exported from. */
function valueOfExport(
  fact: CodeFact,
  uri: string,
  name: string,
  origin: ReturnType<Program["resolver"]["resolveExport"]>,
): PlacedExpression {
  const own = fact.names.exports.find((entry) => entry[0] === name && entry[2] === null);
  if (!own && origin?.kind === "workspace") {
    return { uri: origin.uri, scope: -1, value: named(origin.name) };
  }
  return { uri, scope: -1, value: named(own?.[1] ?? name) };
}

function named(path: string): Expression {
  const [first = "", ...rest] = path.split(".");
  let value: Expression = { k: "name", value: first, span: [0, 0, 0, 0] };
  for (const name of rest) value = { k: "member", of: value, name, span: [0, 0, 0, 0] };
  return value;
}

/** `defaultHandler({ GET: import(file), POST: post })`: a handler for each method. */
function methodTable(
  program: Program,
  placed: PlacedExpression,
): readonly Pick<Handled, "method" | "value">[] {
  const set = program.settled(placed);
  if (set?.value.k !== "call") return [];
  const dict = set.value.args
    .map((argument) => program.settled({ ...set, value: argument.value }))
    .find((argument) => argument?.value.k === "dict");
  if (dict?.value.k !== "dict") return [];
  const keys = dict.value.entries.map(([key]) => (key.k === "string" ? key.value : ""));
  if (keys.length === 0 || !keys.every((key) => METHODS.includes(key as HttpMethod))) return [];
  return dict.value.entries.map(([key, value]) => ({
    method: (key.k === "string" ? key.value : "ANY") as HttpMethod,
    value: { ...dict, value: loaded(value) },
  }));
}

/** `import(file).then(…)`: what is loaded. */
function loaded(value: Expression): Expression {
  if (value.k !== "call") return value;
  if (value.callee.k === "member" && value.callee.name === "then") return loaded(value.callee.of);
  const isImport = value.callee.k === "name" && value.callee.value === "import";
  return isImport ? { k: "member", of: value, name: "default", span: value.span } : value;
}

function routeOf(
  sources: RouteSources,
  uri: string,
  place: RoutePlace,
  { method, exported, value }: Handled,
  around: readonly Guard[],
): Route {
  const { program } = sources;
  const handler = program.functionOf(value.uri, value.scope, value.value);
  const name = `${method} ${place.path}`;
  const source = { uri, range: rangeOf(exported.span), hash: exported.hash };
  const parameters: readonly RouteParameter[] = bracketParameters(place.path).map((parameter) => ({
    ...parameter,
    in: "path",
    type: null,
  }));
  return {
    kind: "route",
    id: numbered(sources.ids, `route:${ID}:${name}`),
    name,
    uri,
    range: source.range,
    nameRange: rangeOf(exported.nameSpan),
    hash: exported.hash,
    stack: ID,
    confidence: "certain",
    reason:
      place.kind === "app"
        ? "exported from a route file below the app folder of Next.js"
        : method === "ANY"
          ? "default export of a file below pages/api of Next.js, which does not show the methods it answers"
          : "default export of a file below pages/api of Next.js that tells this method apart",
    gaps: [],
    method,
    path: place.path,
    parameters,
    handler: handlerName(value.value, handler),
    handlerSource: handler ? sourceOfFunction(handler) : source,
    guards: [...around, ...wrappers(program, value, source), ...checks(handler)],
    body: handler?.fact.parsesBody
      ? schemaBehind(program, { uri: handler.uri, scope: handler.index, value: handler.fact.parsesBody })
      : null,
    response: null,
    mounts: [source],
    ...reachedFrom(sources, handler),
  };
}

/** `withAuth(withRole(handler))`: each wrapper is a guard as its own definition shows. */
function wrappers(program: Program, placed: PlacedExpression, exported: SourceRef): readonly Guard[] {
  const guards: Guard[] = [];
  let at = program.settled(placed);
  for (let depth = 0; at?.value.k === "call" && depth < 6; depth++) {
    const { callee, args } = at.value;
    const name = dottedName(callee);
    const source = program.settingSource(placed.uri, placed.scope, placed.value) ?? exported;
    if (name !== null && name !== "import") {
      guards.push(
        guardOf(program, {
          uri: at.uri,
          scope: at.scope,
          value: callee,
          text: name,
          level: "method",
          source,
        }),
      );
    }
    const next = args
      .map((argument) => argument.value)
      .find((value) => value.k === "call" || value.k === "name");
    const inner: PlacedExpression | null = next ? program.settled({ ...at, value: next }) : null;
    at = inner?.value.k === "call" ? inner : null;
  }
  return guards;
}

/** A handler that asks for the session and answers 401 or 403 guards itself. */
function checks(handler: FoundFunction | null): readonly Guard[] {
  const { refusal = null, calls = [] } = handler?.fact ?? {};
  if (!handler || (refusal !== "authentication" && refusal !== "permission")) return [];
  const call = calls.find((name) => SESSION.test(name));
  if (call === undefined) return [];
  return [
    {
      name: call,
      kind: "authentication",
      effect: "require",
      scope: "method",
      source: sourceOfFunction(handler),
    },
  ];
}

function actionGaps(
  code: readonly (readonly [string, CodeFact])[],
  projects: ReadonlySet<string>,
): readonly Gap[] {
  const counts = new Map<string, number>();
  for (const [uri, { actions }] of code) {
    if (!actions) continue;
    const project = projectOf(uri, projects);
    counts.set(project, (counts.get(project) ?? 0) + 1);
  }
  return [...counts].map(([project, count]) => ({
    what: `server actions in ${count} ${count === 1 ? "file" : "files"}${project === "" ? "" : ` of ${project}`}`,
    why: "Next.js calls them without a path of their own, so they are not among the routes",
    source: null,
  }));
}
