import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TypeScriptCall, TypeScriptModule } from "../../languages/typescript/module.ts";
import type { Span } from "../../source.ts";
import type { EntryFact, PieceFact } from "./facts.ts";

type Call = Extract<Expression, { k: "call" }>;

/** Methods that give back what they are called on, so that a chain goes on with the same router. */
const LINKS =
  /^(?:get|post|put|patch|delete|del|head|options|all|use|on|register|addHook|openapi|decorate|decorateRequest|decorateReply|addSchema|setErrorHandler|setNotFoundHandler|after)$/;
/** Methods of one argument that register something. */
const SINGLE = /^(?:use|register|route|prefix)$/;
const VERBS =
  /^(?:get|post|put|patch|delete|del|head|options|all|use|on|register|route|addHook|openapi|prefix|mount|doc|doc31|decorate)$/;
const MAKER =
  /(?:^|\.)(?:\w*[rR]outer|\w*Hono|[fF]astify|express|Koa|basePath|prefix|withTypeProvider|create\w*App|create\w*Router|new\w*App|factory)$/;
const ROUTER_NAME = /(?:^|\.)(?:_?app|server|api|\w*[fF]astify|instance|\w*[rR]outer|routes?|\w+App)$/;
const ROUTER_TYPE =
  /\b(?:Express|Application|I?\w*Router|ExpressApp|Koa|\w*Hono|Fastify\w*Instance|FastifyZod\w*)\b/;
const NAME_LIMIT = 80;
const PIECE_DEPTH = 4;

/** Calls that may register routes or middleware, and calls that hand a router on; in order of evaluation. */
export function entriesOf(module: TypeScriptModule): readonly EntryFact[] {
  const routers = routerNames(module);
  return module.calls.flatMap((call) => {
    const direct = registration(module, call);
    if (direct) return direct;
    const handed = handedOn(module, call, routers);
    return handed.length > 0 ? handed : (throughHelper(module, call) ?? []);
  });
}

function registration(module: TypeScriptModule, call: TypeScriptCall): EntryFact | null {
  const { expression } = call;
  if (expression.k !== "call") return null;
  if (expression.callee.k === "subscript") return computedRegistration(module, call);
  if (expression.callee.k !== "member") return null;
  const verb = expression.callee.name;
  if (!VERBS.test(verb)) return null;
  const { on, path, isLink } = receiver(expression.callee.of);
  if (!mayHoldRouter(on)) return null;
  const args = expression.args.map(spreadKept);
  const count = args.length;
  if (path === null && count < 2 && !(count === 1 && (SINGLE.test(verb) || isLink))) return null;
  if (count === 0) return null;
  // `emitter.on("event", listener)` is not `app.on("GET", path, handler)`.
  if (verb === "on" && count < 3) return null;
  return {
    ...placed(module, call, expression.callee.span, verb.length, args),
    verb,
    on,
    computed: null,
    chained: path,
    args,
    argument: -1,
    property: null,
  };
}

/** `app[method](path, handler)`. */
function computedRegistration(module: TypeScriptModule, call: TypeScriptCall): EntryFact | null {
  const { expression } = call;
  if (expression.k !== "call" || expression.callee.k !== "subscript") return null;
  const { of, index } = expression.callee;
  const [computed] = index;
  if (!computed || expression.args.length < 2 || !ROUTER_NAME.test(dottedName(of) ?? "")) return null;
  const args = expression.args.map(spreadKept);
  return {
    ...placed(module, call, expression.callee.span, 0, args),
    verb: "[]",
    on: of,
    computed,
    chained: null,
    args,
    argument: -1,
    property: null,
  };
}

/** `...handlers` as an argument stays visible as such. */
function spreadKept({ name, value }: Call["args"][number]): Expression {
  return name === "*" ? { k: "binary", op: "...", left: null, right: value, span: value.span } : value;
}

/** What stands before `.get(…)`: through earlier links of the chain, and the path of `route(…)`. */
function receiver(of: Expression): {
  readonly on: Expression;
  readonly path: Expression | null;
  readonly isLink: boolean;
} {
  let on = of;
  let isLink = false;
  while (on.k === "call" && on.callee.k === "member") {
    const { name } = on.callee;
    const first = on.args[0]?.value;
    if (name === "route" && on.args.length === 1 && first?.k !== "dict") {
      return { on: on.callee.of, path: first ?? null, isLink: true };
    }
    if (name !== "route" && !LINKS.test(name)) break;
    isLink = true;
    on = on.callee.of;
  }
  return { on, path: null, isLink };
}

/** What a chain of registrations gives back: the router that it begins with. Any other value is given back as it is. */
export function chainRoot(value: Expression): Expression {
  if (value.k !== "call" || value.callee.k !== "member") return value;
  const { name } = value.callee;
  if (!LINKS.test(name) && name !== "route") return value;
  const { on } = receiver(value);
  return on !== value && createsRouter(on) ? on : value;
}

/** A name, a member, or a call that makes a router: not what any other call gives back. */
function mayHoldRouter(on: Expression): boolean {
  if (on.k !== "call") return dottedName(on) !== null;
  const name = dottedName(on.callee) ?? (on.callee.k === "member" ? on.callee.name : null);
  return (name !== null && MAKER.test(name)) || createsRouter(on);
}

/** `registerRoutes(app)`, `require("./routes")(app)`, `setup({ app })`. */
function handedOn(
  module: TypeScriptModule,
  call: TypeScriptCall,
  routers: ReadonlySet<string>,
): readonly EntryFact[] {
  const { expression } = call;
  if (expression.k !== "call") return [];
  const args = [expression.callee, ...expression.args.map(spreadKept)];
  const pass = (on: Expression, argument: number, property: string | null): EntryFact => ({
    ...placed(module, call, expression.callee.span, 0, args.slice(1)),
    verb: "",
    on,
    computed: null,
    chained: null,
    args,
    argument,
    property,
  });
  return expression.args.flatMap(({ name, value }, argument) => {
    // `usersRoutes(...args)` in a function that gets `...args` hands all of them on.
    if (name === "*" && value.k === "name" && /^args$|[aA]rgs$/.test(value.value))
      return [pass(value, argument, null)];
    if (isRouterName(value, routers)) return [pass(value, argument, null)];
    if (value.k !== "dict") return [];
    return value.entries.flatMap(([key, entry]) =>
      key.k === "string" && isRouterName(entry, routers) ? [pass(entry, argument, key.value)] : [],
    );
  });
}

/** `route("GET", "/users", list)`, `this.fileupload("/import", upload)`: a function of the workspace that may register. */
function throughHelper(module: TypeScriptModule, call: TypeScriptCall): EntryFact | null {
  const { expression } = call;
  if (
    expression.k !== "call" ||
    !/^(?:this\.)?[\w$]+$|^\w*[hH]elpers?\.\w+$/.test(dottedName(expression.callee) ?? "")
  )
    return null;
  const values = expression.args.map(spreadKept);
  const last = values.at(-1);
  const isCall =
    values.slice(0, 3).some(isPathText) &&
    values.length > 1 &&
    last !== undefined &&
    ["function", "name", "member", "call"].includes(last.k);
  if (!isCall) return null;
  return {
    ...placed(module, call, expression.callee.span, 0, values),
    verb: "()",
    on: expression.callee,
    computed: null,
    chained: null,
    args: [expression.callee, ...values],
    argument: -1,
    property: null,
  };
}

function isPathText(value: Expression): boolean {
  if (value.k === "string") return value.value.startsWith("/");
  const first = value.k === "template" ? value.parts?.[0] : undefined;
  return first?.k === "string" && first.value.startsWith("/");
}

function isRouterName(value: Expression, routers: ReadonlySet<string>): boolean {
  const name = dottedName(value);
  return name !== null && routers.has(name);
}

/** Names in a file that may hold a router: by what they are set to, by type, or by name for a parameter. */
function routerNames(module: TypeScriptModule): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { target, value, type } of module.assignments) {
    const isTyped = type !== null && ROUTER_TYPE.test(type);
    if (isTyped || createsRouter(value) || isHeldRouter(target, value)) names.add(target);
  }
  for (const entry of module.classes) {
    for (const { name, value, type } of entry.properties) {
      if ((value && createsRouter(value)) || (type !== null && ROUTER_TYPE.test(type)))
        names.add(`this.${name}`);
    }
  }
  for (const { parameters } of module.functions) {
    for (const { name, type, property } of parameters) {
      for (const own of patternNames(name)) {
        const isOwn = own === name;
        if (isOwn && type !== null ? !ROUTER_TYPE.test(type) : !ROUTER_NAME.test(own)) continue;
        names.add(own);
        if (property) names.add(`this.${own}`);
      }
    }
  }
  for (const { alias } of module.imports) if (ROUTER_NAME.test(alias)) names.add(alias);
  return names;
}

/** `const { app } = context`, `const [router] = args`, `const inner = router.use(…)`. */
function isHeldRouter(target: string, value: Expression): boolean {
  if (!ROUTER_NAME.test(target)) return false;
  if (value.k === "member") return ROUTER_NAME.test(value.name);
  if (value.k === "subscript") return value.of.k === "name";
  return value.k === "call" && value.callee.k === "member" && LINKS.test(value.callee.name);
}

/** Names that a parameter introduces: its own, or those of a pattern. */
export function patternNames(parameter: string): readonly string[] {
  if (/^[\w$]+$/.test(parameter)) return [parameter];
  if (!/^[{[]/.test(parameter)) return [];
  const inner = parameter.slice(1, -1).replace(/\{[^{}]*\}|\[[^[\]]*\]/g, "");
  return inner.split(",").flatMap((part) => /(?:^|:)\s*([\w$]+)\s*(?:=.*)?$/s.exec(part.trim())?.[1] ?? []);
}

function createsRouter(value: Expression): boolean {
  if (value.k !== "call") return false;
  const name = dottedName(value.callee);
  if (name !== null) return /^(?:express|[fF]astify|Koa)$|(?:^|\.)\w*(?:Router|Hono)$/.test(name);
  if (value.callee.k === "member" && /^(?:withTypeProvider|basePath)$/.test(value.callee.name)) {
    return createsRouter(value.callee.of) || value.callee.of.k === "name";
  }
  return createsRouter(value.callee) || requiresFramework(value.callee);
}

function requiresFramework(callee: Expression): boolean {
  const call: Expression = callee.k === "member" ? callee.of : callee;
  return call.k === "call" && isRequire(call) && /^(?:express|fastify|koa)$/.test(firstText(call) ?? "");
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
): Pick<EntryFact, "scope" | "nameSpan" | "span" | "hash" | "pieces"> {
  const { lines } = module;
  // The whole call of a chain starts where the chain does: a link is what is written from its own name on.
  const name: Span = [callee[2], callee[3] - nameLength, callee[2], callee[3]];
  const isLink = callee[0] !== callee[2];
  const end = call.expression.span;
  const span: Span = isLink ? [name[0], name[1], end[2], end[3]] : end;
  return {
    scope: call.scope,
    nameSpan: name,
    span,
    hash: hashText(lines.slice(span)),
    pieces: values.flatMap((value) => pieces(module, value, 0)),
  };
}

/** Everything in the arguments that may stand for a middleware: themselves, items of lists, values of options. */
function pieces(module: TypeScriptModule, value: Expression, depth: number): readonly PieceFact[] {
  if (depth > PIECE_DEPTH) return [];
  switch (value.k) {
    case "list":
      return value.items.flatMap((item) => pieces(module, item, depth + 1));
    case "dict":
      return value.entries.flatMap(([key, entry]) =>
        key.k === "string" && GUARD_KEYS.test(key.value) ? pieces(module, entry, depth + 1) : [],
      );
    case "binary":
      return value.op === "..." ? pieces(module, value.right, depth + 1) : [];
    case "string":
    case "template":
    case "number":
    case "other":
      return [];
    default: {
      const text = module.lines.slice(value.span);
      const shown = value.k === "function" ? "" : text.replace(/\s+/g, " ").slice(0, NAME_LIMIT);
      return [[value.span.join(), shown, hashText(text)]];
    }
  }
}

/** Options of a route, and of a plugin, that hold functions which run before the handler. */
export const GUARD_KEYS =
  /^(?:onRequest|preParsing|preValidation|preHandler|beforeHandler|middlewares?|handler|config)$/;
