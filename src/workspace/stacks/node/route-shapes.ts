import type { RouteParameter, ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ShapeField } from "./json-schema.ts";
import type { PlacedExpression, Program } from "./program.ts";
import { chain, schemaBehind } from "./shapes.ts";
import type { Attached, FoundRoute } from "./walk.ts";

type Call = Extract<Expression, { k: "call" }>;

/** Names of the parts of a request that `zValidator("query", …)` and its relatives check. */
const PARTS = new Set(["json", "form", "query", "param", "header", "cookie"]);

/** Bodies that middleware asks for, as far as they were read: what is attached to an app stands before all of its routes. */
export type KnownBodies = Map<Attached, ShapeRef | null>;

/** The body that a route declares, or that a validation in front of its handler or at its start asks for. */
export function bodyShape(program: Program, route: FoundRoute, bodies: KnownBodies): ShapeRef | null {
  const declared = declaredSchema(program, route, ["schema", "body"], ["request", "body"]);
  if (declared) return declared;
  const { middleware, handler } = route;
  const checks = expressValidator(program, middleware);
  if (checks) return checks;
  for (const attached of [...middleware].reverse()) {
    const known = bodies.get(attached);
    const body = known === undefined ? attachedBody(program, attached) : known;
    bodies.set(attached, body);
    if (body) return body;
  }
  const found = program.functionOf(handler.uri, handler.scope, handler.value);
  return found?.fact.parsesBody
    ? schemaBehind(program, { uri: found.uri, scope: found.index, value: found.fact.parsesBody })
    : null;
}

/** `validate(schema)`, `zValidator("json", schema)`. */
function attachedBody(program: Program, { uri, scope, value }: Attached): ShapeRef | null {
  if (value.k !== "call") return null;
  const part = partOf(value);
  if (part !== null && part !== "json" && part !== "form") return null;
  for (const { value: argument } of value.args) {
    const schema = schemaBehind(program, { uri, scope, value: argument });
    if (schema) return schema;
  }
  return null;
}

/** The response that a route declares for success. */
export function responseShape(program: Program, { options }: FoundRoute): ShapeRef | null {
  if (!options) return null;
  const responses =
    pathIn(program, options, ["schema", "response"]) ?? pathIn(program, options, ["responses"]);
  if (responses?.value.k !== "dict") return null;
  for (const code of ["200", "201", "202", "2xx", "2XX", "default"]) {
    const found = program.property(responses, code);
    if (found) return schemaBehind(program, contentOf(program, found));
  }
  return null;
}

/** Query parameters that a route declares by a schema. */
export function queryParameters(program: Program, route: FoundRoute): readonly RouteParameter[] {
  const declared =
    declaredSchema(program, route, ["schema", "querystring"], ["request", "query"]) ??
    declaredSchema(program, route, ["schema", "query"], ["request", "query"]) ??
    validatedQuery(program, route);
  return (declared?.fields ?? []).map(({ name, type, required }) => ({ name, in: "query", type, required }));
}

function validatedQuery(program: Program, { middleware }: FoundRoute): ShapeRef | null {
  for (const { uri, scope, value } of middleware) {
    if (value.k !== "call" || partOf(value) !== "query") continue;
    const argument = value.args[1]?.value;
    const schema = argument && schemaBehind(program, { uri, scope, value: argument });
    if (schema) return schema;
  }
  return null;
}

/** The schema that stands in the options of a route: Fastify's way, or that of zod-openapi. */
function declaredSchema(
  program: Program,
  { options }: FoundRoute,
  fastify: readonly string[],
  openapi: readonly string[],
): ShapeRef | null {
  if (!options) return null;
  const found = pathIn(program, options, fastify) ?? pathIn(program, options, openapi);
  return found && schemaBehind(program, contentOf(program, found));
}

/** `schema` of `{ content: { "application/json": { schema } } }` and of `jsonContent(schema, …)`. */
function contentOf(program: Program, found: PlacedExpression): PlacedExpression {
  const placed = program.settled(found) ?? found;
  if (placed.value.k === "call" && /(?:^|\.)jsonContent\w*$/.test(dottedName(placed.value.callee) ?? "")) {
    const [first] = placed.value.args;
    return first ? { ...placed, value: first.value } : found;
  }
  const schema = pathIn(program, placed, ["content", "application/json", "schema"]);
  return schema ?? found;
}

function pathIn(program: Program, from: PlacedExpression, path: readonly string[]): PlacedExpression | null {
  let at: PlacedExpression | null = from;
  for (const [index, name] of path.entries()) {
    const dict: PlacedExpression | null = at && program.settled(at);
    at = dict && program.property(dict, name);
    if (!at) return null;
    if (index < path.length - 1) at = program.settled(at);
  }
  return at;
}

function partOf({ args }: Call): string | null {
  const first = args[0]?.value;
  return first?.k === "string" && PARTS.has(first.value) ? first.value : null;
}

/** `body("email").isEmail()` of express-validator, one per field. */
function expressValidator(program: Program, middleware: readonly Attached[]): ShapeRef | null {
  const fields: ShapeField[] = [];
  let source: ShapeRef["source"] = null;
  for (const { uri, scope, value, source: at } of middleware) {
    const call = innermostCall(value);
    const origin = call && program.origin(uri, scope, call.callee);
    if (!call || origin?.kind !== "package" || origin.module !== "express-validator") continue;
    if (!/^(?:body|check|checkBody)$/.test(origin.name)) continue;
    const name = call.args[0]?.value;
    if (name?.k !== "string") continue;
    source ??= at;
    const links = chain(value);
    const type =
      links
        .filter((link) => /^is[A-Z]/.test(link))
        .reverse()
        .join(".") || null;
    fields.push({ name: name.value, type, required: !links.includes("optional"), readOnly: false });
  }
  return fields.length === 0 ? null : { name: "express-validator", fields, modelId: null, source };
}

function innermostCall(value: Expression): Call | null {
  let at = value;
  while (at.k === "call" && at.callee.k === "member" && at.callee.of.k === "call") at = at.callee.of;
  return at.k === "call" ? at : null;
}
