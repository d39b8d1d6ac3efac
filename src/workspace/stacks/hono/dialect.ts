import { dottedName, type Expression } from "../../languages/expression.ts";
import { type Dialect, flattened, NO_STEP, type Step } from "../node/dialect.ts";
import type { Program } from "../node/program.ts";
import { covers, textsOf } from "../node/texts.ts";

const METHODS = /^(?:get|post|put|patch|delete|options)$/;
const MODULES = /^(?:hono|hono\/(?:tiny|quick|preset\/\w+)|@hono\/zod-openapi|@hono\/hono|jsr:@hono\/hono)$/;
const CLASSES = /^(?:default|Hono|OpenAPIHono)$/;

/** Hono: chained methods, `route`, `basePath`, `on`, guards by path, routes described with zod-openapi. */
export const honoDialect: Dialect = {
  id: "hono",
  title: "Hono",
  makes(callee) {
    return MODULES.test(callee.module) && CLASSES.test(callee.name) ? { kind: "app", prefix: null } : null;
  },
  isRouterType({ module, name }) {
    return MODULES.test(module) && CLASSES.test(name);
  },
  steps(program, placed) {
    const { uri, entry } = placed;
    const { verb, args } = entry;
    if (verb === "") return [{ ...NO_STEP, kind: "pass", items: args }];
    const [first, second] = args;
    if (!first) return [];
    const handlers = (items: readonly Expression[]) =>
      items.flatMap(flattened).flatMap((item) => spread(program, uri, entry.scope, item));
    switch (verb) {
      case "use": {
        const path = isPath(first) && args.length > 1 ? first : null;
        return [{ ...NO_STEP, kind: "use", path, items: handlers(path ? args.slice(1) : args) }];
      }
      case "all":
        return isPath(first) || args.length > 1
          ? [{ ...NO_STEP, kind: "all", path: first, items: handlers(args.slice(1)) }]
          : [];
      case "route":
        return second ? [{ ...NO_STEP, kind: "use", path: first, items: [second] }] : [];
      case "on": {
        const methods = textsOf(program, uri, entry.scope, first).map(({ text }) => text.toUpperCase());
        if (!second || !methods.every((method) => /^[A-Z]+$/.test(method))) return [];
        return [{ ...NO_STEP, kind: "route", methods, path: second, items: handlers(args.slice(2)) }];
      }
      case "openapi":
        return described(program, placed, handlers(args.slice(1)));
      case "doc":
      case "doc31":
        return [{ ...NO_STEP, kind: "route", methods: ["GET"], path: first, items: args.slice(1) }];
      default: {
        if (!METHODS.test(verb)) return [];
        const methods = [verb.toUpperCase()];
        if (isPath(first) || (args.length > 1 && first.k !== "function" && first.k !== "call")) {
          const items = handlers(args.slice(1));
          return items.length === 0 ? [] : [{ ...NO_STEP, kind: "route", methods, path: first, items }];
        }
        return [];
      }
    }
  },
  join: joinHono,
  // A path without a star is that path alone.
  covers: (attachedAt, path) =>
    covers(attachedAt, path) && (attachedAt.endsWith("*") || sameLength(attachedAt, path)),
};

/** `openapi(createRoute({ method, path, middleware, request, responses }), handler)`. */
function described(
  program: Program,
  {
    uri,
    entry,
  }: {
    readonly uri: string;
    readonly entry: { readonly scope: number; readonly args: readonly Expression[] };
  },
  handlers: readonly Expression[],
): readonly Step[] {
  const [first] = entry.args;
  const route = first && program.settled({ uri, scope: entry.scope, value: first });
  if (route?.value.k !== "call") return [];
  const argument = route.value.args[0]?.value;
  if (!argument) return [];
  const options = { uri: route.uri, scope: route.scope, value: argument };
  const method = program.dictProperty(options, "method");
  const path = program.dictProperty(options, "path");
  const methods = method ? textsOf(program, method.uri, method.scope, method.value) : [];
  if (!path || methods.some(({ unknown }) => unknown !== null)) return [];
  const middleware = program.dictProperty(options, "middleware");
  // What another file wrote keeps its own names; only text and lists of names can be moved here.
  const paths = textsOf(program, path.uri, path.scope, path.value);
  if (paths.some(({ unknown }) => unknown !== null)) return [];
  const guards = middleware && middleware.uri === uri ? flattened(middleware.value) : [];
  return [
    {
      ...NO_STEP,
      kind: "route",
      methods: methods.map(({ text }) => text.toUpperCase()),
      path: {
        k: "list",
        items: paths.map(({ text }) => ({
          k: "string",
          value: text.replace(/\{(\w+)\}/g, ":$1"),
          span: path.value.span,
        })),
        span: path.value.span,
      },
      items: [...guards, ...handlers],
      options: route.uri === uri ? argument : null,
    },
  ];
}

/** `...handlers` of `factory.createHandlers(a, b)`: the functions themselves. */
function spread(program: Program, uri: string, scope: number, value: Expression): readonly Expression[] {
  if (value.k !== "binary" || value.op !== "...") return [value];
  const set = program.settled({ uri, scope, value: value.right });
  if (!set || set.uri !== uri) return [value.right];
  if (set.value.k === "list") return set.value.items;
  const isFactory =
    set.value.k === "call" && /(?:^|\.)createHandlers$/.test(dottedName(set.value.callee) ?? "");
  return isFactory && set.value.k === "call"
    ? set.value.args.map((argument) => argument.value)
    : [value.right];
}

function isPath(value: Expression): boolean {
  switch (value.k) {
    case "string":
    case "template":
      return true;
    case "binary":
      return value.op === "+";
    case "list":
      return value.items.length > 0 && value.items.every(isPath);
    default:
      return false;
  }
}

/** Hono joins paths as they are: a slash at the end stays, a lone "/" below a prefix adds nothing. */
export function joinHono(prefix: string, path: string): string {
  const whole = `${prefix}/${path}`.replace(/\/{2,}/g, "/");
  const trimmed = path === "/" || path === "" ? whole.replace(/\/+$/, "") : whole;
  return trimmed === "" ? "/" : trimmed.startsWith("/") ? trimmed : `/${trimmed}`;
}

function sameLength(a: string, b: string): boolean {
  return a.split("/").filter(Boolean).length === b.split("/").filter(Boolean).length;
}
