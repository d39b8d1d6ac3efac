import type { Expression } from "../../languages/expression.ts";
import { type Dialect, flattened, NO_STEP, type Step } from "../node/dialect.ts";
import { covers, joinRoute } from "../node/texts.ts";

const METHODS = /^(?:get|post|put|patch|delete|del|head|options)$/;
const ROUTER_MODULES = /^(?:express|express-promise-router|express-ws|@awaitjs\/express|router)$/;

/** Express: `app.use`, `router.get`, `route(path)` chains. */
export const expressDialect: Dialect = {
  id: "express",
  title: "Express",
  makes(callee) {
    if (!ROUTER_MODULES.test(callee.module)) return null;
    if (/(?:^|\.)Router$/.test(callee.name)) return { kind: "router", prefix: null };
    if (callee.name !== "default" && callee.name !== "*") return null;
    const isApp = callee.module === "express" || callee.module === "@awaitjs/express";
    return { kind: isApp ? "app" : "router", prefix: null };
  },
  isRouterType({ module, name }) {
    return (
      /^(?:express|express-serve-static-core)$/.test(module) &&
      /(?:^|\.)(?:Express|Application|I?Router)$/.test(name)
    );
  },
  steps(_program, { entry }) {
    const { verb, chained, args } = entry;
    if (verb === "") return [{ ...NO_STEP, kind: "pass", items: args }];
    const isMethod = METHODS.test(verb);
    if (!isMethod && verb !== "use" && verb !== "all") return [];
    const first = args[0];
    const path = chained ?? (first && mayBePath(first, args.length, verb) ? first : null);
    const items = (path !== null && chained === null ? args.slice(1) : args).flatMap(flattened);
    if (items.length === 0 || (verb !== "use" && path === null)) return [];
    const kind: Step["kind"] = isMethod ? "route" : verb === "use" ? "use" : "all";
    const methods = isMethod ? [verb === "del" ? "DELETE" : verb.toUpperCase()] : [];
    return [{ kind, methods, path, inChain: chained !== null, items, options: null }];
  },
  join: joinRoute,
  covers,
};

function mayBePath(value: Expression, count: number, verb: string): boolean {
  if (count === 1) return false;
  switch (value.k) {
    case "string":
    case "template":
      return true;
    case "other":
      return value.text.startsWith("/");
    case "list":
      return value.items.every((item) => mayBePath(item, 2, verb));
    case "binary":
      return value.op === "+";
    // `router.get(PATHS.users, handler)`: the first of several arguments of a method is always the path.
    default:
      return verb !== "use";
  }
}
