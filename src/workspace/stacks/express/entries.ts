import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TypeScriptCall, TypeScriptModule } from "../../languages/typescript/module.ts";
import type { Span } from "../../source.ts";
import type { EntryFact } from "./facts.ts";

type Call = Extract<Expression, { k: "call" }>;

const METHODS = new Set(["get", "post", "put", "patch", "delete", "head", "options", "del"]);
const ROUTER_NAME = /(?:^|\.)(?:_?app|server|api|\w*[rR]outer|routes?)$/;
const ROUTER_TYPE = /\b(?:Express|Application|I?Router|ExpressApp)\b/;
const NAME_LIMIT = 80;

/** Calls that may register routes or middleware, and calls that hand a router on; in order of evaluation. */
export function entriesOf(module: TypeScriptModule): readonly EntryFact[] {
  const routers = routerNames(module);
  return module.calls.flatMap((call) => registration(module, call) ?? handedOn(module, call, routers) ?? []);
}

function registration(module: TypeScriptModule, call: TypeScriptCall): EntryFact | null {
  const { expression } = call;
  if (expression.k !== "call" || expression.callee.k !== "member") return null;
  const verb = expression.callee.name;
  const isMethod = METHODS.has(verb);
  if (!isMethod && verb !== "use" && verb !== "all") return null;
  const { on, path: chained } = receiver(expression.callee.of);
  if (on.k !== "call" && dottedName(on) === null) return null;
  const values = expression.args.map(({ value }) => value);
  const first = values[0];
  const path = chained ?? (first && mayBePath(first, values.length, verb) ? first : null);
  const items = path !== null && chained === null ? values.slice(1) : values;
  if (items.length === 0 || (verb !== "use" && path === null)) return null;
  return {
    ...placed(module, call, expression.callee.span, verb.length, items),
    kind: isMethod ? "route" : verb === "use" ? "use" : "all",
    method: isMethod ? (verb === "del" ? "DELETE" : verb.toUpperCase()) : "",
    on,
    path,
    inChain: chained !== null,
    argument: -1,
  };
}

/** What stands before `.get(…)`: through earlier links of the chain, and the path of `route(…)`. */
function receiver(of: Expression): { readonly on: Expression; readonly path: Expression | null } {
  let on = of;
  while (on.k === "call" && on.callee.k === "member") {
    const { name } = on.callee;
    if (name === "route") return { on: on.callee.of, path: on.args[0]?.value ?? null };
    if (!METHODS.has(name) && name !== "all" && name !== "use") break;
    on = on.callee.of;
  }
  return { on, path: null };
}

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

/** `registerRoutes(app)`, `require("./routes")(app)`. */
function handedOn(
  module: TypeScriptModule,
  call: TypeScriptCall,
  routers: ReadonlySet<string>,
): readonly EntryFact[] | null {
  const { expression } = call;
  if (expression.k !== "call") return null;
  return expression.args.flatMap(({ value }, argument) => {
    const name = dottedName(value);
    if (name === null || !routers.has(name)) return [];
    return [
      {
        ...placed(module, call, expression.callee.span, 0, [expression.callee]),
        kind: "pass",
        method: "",
        on: value,
        path: null,
        inChain: false,
        argument,
      } as const,
    ];
  });
}

/** Names in a file that may hold a router: by what they are set to, by type, or by name for a parameter. */
function routerNames(module: TypeScriptModule): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { target, value, type } of module.assignments) {
    if (createsRouter(value) || (type !== null && ROUTER_TYPE.test(type))) names.add(target);
  }
  for (const entry of module.classes) {
    for (const { name, value, type } of entry.properties) {
      if ((value && createsRouter(value)) || (type !== null && ROUTER_TYPE.test(type)))
        names.add(`this.${name}`);
    }
  }
  for (const { parameters } of module.functions) {
    for (const { name, type, property } of parameters) {
      if (type === null ? !ROUTER_NAME.test(name) : !ROUTER_TYPE.test(type)) continue;
      names.add(name);
      if (property) names.add(`this.${name}`);
    }
  }
  for (const { alias } of module.imports) if (ROUTER_NAME.test(alias)) names.add(alias);
  return names;
}

function createsRouter(value: Expression): boolean {
  if (value.k !== "call") return false;
  const name = dottedName(value.callee);
  if (name !== null) return /^express$|(?:^|\.)Router$/.test(name);
  return createsRouter(value.callee) || requiresExpress(value.callee);
}

function requiresExpress(callee: Expression): boolean {
  const call: Expression = callee.k === "member" ? callee.of : callee;
  return call.k === "call" && isRequire(call) && firstText(call) === "express";
}

function isRequire(call: Call): boolean {
  return dottedName(call.callee) === "require";
}

function firstText(call: Call): string | null {
  const value = call.args[0]?.value;
  return value?.k === "string" ? value.value : null;
}

function placed(
  module: TypeScriptModule,
  call: TypeScriptCall,
  callee: Span,
  nameLength: number,
  values: readonly Expression[],
): Pick<EntryFact, "items" | "scope" | "nameSpan" | "span" | "hash" | "texts" | "hashes"> {
  const { lines } = module;
  const items = values.flatMap(flattened);
  // The whole call of a chain starts where the chain does: a link is what is written from its own name on.
  const name: Span = [callee[2], callee[3] - nameLength, callee[2], callee[3]];
  const isLink = callee[0] !== callee[2];
  const end = call.expression.span;
  const span: Span = isLink ? [name[0], name[1], end[2], end[3]] : end;
  return {
    items,
    scope: call.scope,
    nameSpan: name,
    span,
    hash: hashText(lines.slice(span)),
    texts: items.map((item) =>
      item.k === "function" ? "" : lines.slice(item.span).replace(/\s+/g, " ").slice(0, NAME_LIMIT),
    ),
    hashes: items.map((item) => hashText(lines.slice(item.span))),
  };
}

/** Express takes lists of middleware, however deep, for their items. */
function flattened(value: Expression): readonly Expression[] {
  return value.k === "list" ? value.items.flatMap(flattened) : [value];
}
