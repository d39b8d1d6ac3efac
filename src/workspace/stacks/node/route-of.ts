import type { Gap } from "../../ir/entry.ts";
import type { Route } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { compareText, rangeOf } from "../../source.ts";
import type { ModelLookup } from "../prisma/model-lookup.ts";
import { guardsOf, type JudgedGuards } from "./guards.ts";
import type { FoundFunction, Program } from "./program.ts";
import { type Reach, sourceOfFunction } from "./reach.ts";
import { bodyShape, type KnownBodies, queryParameters, responseShape } from "./route-shapes.ts";
import { pathParameters } from "./texts.ts";
import type { FoundRoute } from "./walk.ts";

/** What a route of the catalog is made with. */
export interface RouteSources {
  readonly program: Program;
  readonly models: ModelLookup;
  readonly reach: Reach;
  /** Ids given so far: routes of one method and path get numbers in the order in which they would be found. */
  readonly ids: Map<string, number>;
  readonly guards: JudgedGuards;
  readonly bodies: KnownBodies;
}

export const NO_MOUNT = "no app of the workspace mounts the router, as far as its code shows";

/** A route of the catalog from what the walk found. */
export function routeOf(sources: RouteSources, found: FoundRoute): Route {
  const { program } = sources;
  const { dialect, entry, method, path, uri } = found;
  const { handler: written } = found;
  const handler = program.functionOf(written.uri, written.scope, written.value);
  const name = `${method} ${path}`;
  const isMounted = found.mounted !== "not";
  const complete = isMounted && found.gaps.length === 0;
  return {
    kind: "route",
    id: numbered(sources.ids, `route:${dialect.id}:${name}`),
    name,
    uri,
    range: rangeOf(entry.span),
    nameRange: rangeOf(entry.nameSpan),
    hash: entry.hash,
    stack: dialect.id,
    confidence: !complete ? "partial" : found.mounted === "app" ? "certain" : "likely",
    reason: isMounted
      ? `registered on ${anApp(dialect.title)} through ${found.mounts.length === 1 ? "one call" : `${found.mounts.length} calls`}`
      : `registered on ${aRouter(dialect.title)} that no app of the workspace mounts`,
    gaps: isMounted ? found.gaps : [...found.gaps, notMounted(found)],
    method,
    path,
    parameters: [
      ...pathParameters(path).map((parameter) => ({ ...parameter, in: "path" as const, type: null })),
      ...queryParameters(program, found),
    ],
    handler: handlerName(written.value, handler),
    handlerSource: handler && sourceOfFunction(handler),
    guards: guardsOf(program, found.middleware, sources.guards),
    body: bodyShape(program, found, sources.bodies),
    response: responseShape(program, found),
    mounts: found.mounts,
    ...reachedFrom(sources, handler),
  };
}

/** Models that a handler, or a function that it leads to, asks for; and the places of those functions. */
export function reachedFrom(
  { models, reach }: Pick<RouteSources, "models" | "reach">,
  handler: FoundFunction | null,
): Pick<Route, "modelIds" | "reaches"> {
  if (!handler) return { modelIds: [], reaches: [] };
  const reached = reach.from(handler);
  const ids = new Set<string>();
  for (const { uri, fact } of models.isEmpty ? [] : reached) {
    for (const delegate of fact.delegates) {
      const model = models.byDelegate(uri, delegate);
      if (model) ids.add(model.id);
    }
    for (const table of fact.tables) {
      const model = models.byTable(uri, table);
      if (model) ids.add(model.id);
    }
  }
  return { modelIds: [...ids].sort(compareText), reaches: reached.slice(1).map(sourceOfFunction) };
}

/** The id, with a number behind it from the second on. */
export function numbered(ids: Map<string, number>, id: string): string {
  const count = (ids.get(id) ?? 0) + 1;
  ids.set(id, count);
  return count === 1 ? id : `${id}:${count}`;
}

/** Gaps for the files whose routes no app leads to. */
export function unmountedGaps(found: readonly FoundRoute[]): readonly Gap[] {
  const files = new Map<string, FoundRoute[]>();
  for (const route of found) {
    if (route.mounted !== "not") continue;
    const list = files.get(route.uri);
    if (list) list.push(route);
    else files.set(route.uri, [route]);
  }
  return [...files].map(([uri, routes]) => ({
    what: `${routes.length} ${routes.length === 1 ? "route" : "routes"} of ${uri} without a known mount`,
    why: NO_MOUNT,
    source: routes[0]?.mounts.at(-1) ?? null,
  }));
}

export function handlerName(written: Expression, handler: FoundFunction | null): string {
  if (handler?.fact.path) return handler.fact.path.replace(/^(?:module\.exports|exports|default)\./, "");
  return writtenName(written) ?? "function written in place";
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

function notMounted(found: FoundRoute): Gap {
  return {
    what: `path \`${found.path}\`: what stands before it`,
    why: NO_MOUNT,
    source: found.mounts.at(-1) ?? null,
  };
}

function anApp(title: string): string {
  return `${title === "Express" ? "an" : "a"} ${title} ${title === "Fastify" ? "instance" : "app"}`;
}

function aRouter(title: string): string {
  return `${title === "Express" ? "an" : "a"} ${title} ${title === "Fastify" ? "plugin" : "router"}`;
}
