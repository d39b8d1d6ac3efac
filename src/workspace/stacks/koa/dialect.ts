import type { Expression } from "../../languages/expression.ts";
import { type Dialect, flattened, NO_STEP, type Step } from "../node/dialect.ts";
import type { Program } from "../node/program.ts";
import { covers, joinRoute, textsOf } from "../node/texts.ts";

const METHODS = /^(?:get|post|put|patch|delete|del|head|options)$/;
const ROUTER_MODULES = /^(?:@koa\/router|koa-router|koa-better-router|koa-tree-router|@koa\/ejs-router)$/;
const APP_MODULES = /^koa$/;

/** Koa with @koa/router or koa-router: prefixes, nested `routes()`, mounted apps, composed middleware. */
export const koaDialect: Dialect = {
  id: "koa",
  title: "Koa",
  makes(callee, call) {
    if (APP_MODULES.test(callee.module) && /^(?:default|\*|Application)$/.test(callee.name)) {
      return { kind: "app", prefix: null };
    }
    if (!ROUTER_MODULES.test(callee.module) || !/^(?:default|\*|Router)$/.test(callee.name)) return null;
    const options = call.args[0]?.value;
    const entry =
      options?.k === "dict"
        ? options.entries.find(([key]) => key.k === "string" && key.value === "prefix")
        : undefined;
    return { kind: "router", prefix: entry?.[1] ?? null };
  },
  isRouterType({ module, name }) {
    return (
      (ROUTER_MODULES.test(module) && /^(?:default|\*|Router|\*?\.?Router)$/.test(name)) ||
      (APP_MODULES.test(module) && /^(?:default|\*)$/.test(name))
    );
  },
  steps(program, { uri, entry }) {
    const { verb, args } = entry;
    if (verb === "") return [{ ...NO_STEP, kind: "pass", items: args }];
    if (verb === "prefix") return [];
    if (verb === "register") return registered(program, uri, entry.scope, args);
    const isMethod = METHODS.test(verb);
    if (!isMethod && verb !== "use" && verb !== "all") return [];
    const [path, rest] = split(args, verb);
    const items = rest.flatMap((item) => composed(program, uri, entry.scope, item));
    if (items.length === 0 || (verb !== "use" && path === null)) return [];
    if (verb === "use") {
      // `use(mount("/api", app))` of koa-mount: the path stands inside.
      const mounted = items.flatMap((item) => mountOf(program, uri, entry.scope, item) ?? []);
      if (mounted.length > 0) {
        return mounted.map((mount) => ({ ...NO_STEP, kind: "use", path: mount.path, items: [mount.item] }));
      }
      return [{ ...NO_STEP, kind: "use", path, items }];
    }
    const methods = isMethod ? [verb === "del" ? "DELETE" : verb.toUpperCase()] : [];
    return [{ ...NO_STEP, kind: isMethod ? "route" : "all", methods, path, items }];
  },
  join: joinRoute,
  covers,
};

/** `register(path, ["get", "post"], middleware)`: what all the others come down to. */
function registered(
  program: Program,
  uri: string,
  scope: number,
  [path, methods, ...rest]: readonly Expression[],
): readonly Step[] {
  const names = methods?.k === "list" ? textsOf(program, uri, scope, methods) : [];
  const items = rest.slice(0, 1).flatMap((item) => composed(program, uri, scope, item));
  if (!path || items.length === 0 || names.some(({ unknown }) => unknown !== null)) return [];
  return [{ ...NO_STEP, kind: "route", methods: names.map(({ text }) => text.toUpperCase()), path, items }];
}

/** The path and what follows it; a route may have a name in front: `get("user", "/users/:id", handler)`. */
function split(
  args: readonly Expression[],
  verb: string,
): readonly [Expression | null, readonly Expression[]] {
  const [first, second] = args;
  if (!first || args.length < 2) return [null, args];
  if (first.k === "string" && second && args.length > 2 && isPath(second)) return [second, args.slice(2)];
  if (verb !== "use" || isPath(first)) return [first, args.slice(1)];
  return [null, args];
}

function isPath(value: Expression): boolean {
  switch (value.k) {
    case "string":
    case "template":
      return true;
    case "other":
      return value.text.startsWith("/");
    case "binary":
      return value.op === "+";
    case "list":
      return value.items.length > 0 && value.items.every(isPath);
    default:
      return false;
  }
}

/** The middlewares of `compose([a, b])`, in order. */
function composed(program: Program, uri: string, scope: number, value: Expression): readonly Expression[] {
  if (value.k === "list") return flattened(value);
  if (value.k !== "call") return [value];
  const callee = program.origin(uri, scope, value.callee);
  if (callee?.kind !== "package" || callee.module !== "koa-compose") return [value];
  const [list] = value.args;
  return list ? flattened(list.value) : [value];
}

function mountOf(
  program: Program,
  uri: string,
  scope: number,
  value: Expression,
): { readonly path: Expression | null; readonly item: Expression } | null {
  if (value.k !== "call" || value.callee.k !== "name") return null;
  const callee = program.origin(uri, scope, value.callee);
  if (callee?.kind !== "package" || !/^koa-mount(?:-host)?$/.test(callee.module)) return null;
  const [first, second] = value.args.map((argument) => argument.value);
  if (!first) return null;
  return second ? { path: first, item: second } : { path: null, item: first };
}
