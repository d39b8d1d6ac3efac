import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type {
  TypeScriptFunction,
  TypeScriptModule,
  TypeScriptParameter,
} from "../../languages/typescript/module.ts";
import { clientNames } from "../prisma/clients.ts";
import { delegateCall, rawCall } from "../prisma/extract-code.ts";
import { tablesOfSql } from "../prisma/operations.ts";
import { patternNames } from "./entries.ts";
import type { EntryFact, FunctionFact } from "./facts.ts";
import { refusalIn } from "./refusal.ts";

const CALL_LIMIT = 60;
const HANDLER_PARAMETER = /^_*(?:req|request|res|response|reply|ctx|context|next)$/;

/** The functions of a file that facts keep, and how the scopes of the file are numbered after that. */
export interface KeptFunctions {
  /** Indices in the module, in order. */
  readonly indices: readonly number[];
  /** Position among the kept of the function at an index, or of the nearest kept one around it; -1 for the top level. */
  scopeOf(index: number): number;
}

/** Keeps what has a name, looks like a handler, or is written where a handler or a router is. */
export function keptFunctions(module: TypeScriptModule, entries: readonly EntryFact[]): KeptFunctions {
  const scopes = new Set(entries.map((entry) => entry.scope));
  const written = new Set(entries.flatMap((entry) => entry.args.flatMap(functionSpans)));
  for (const { returned } of module.functions)
    for (const span of returned.flatMap(functionSpans)) written.add(span);
  const positions = new Map<number, number>();
  module.functions.forEach((entry, index) => {
    const isKept =
      entry.path !== null ||
      isHandler(entry.parameters.map(({ name }) => [name])) ||
      scopes.has(index) ||
      written.has(entry.span.join());
    if (isKept) positions.set(index, positions.size);
  });
  return {
    indices: [...positions.keys()],
    scopeOf(index) {
      for (let at = index; at >= 0; at = module.functions[at]?.scope ?? -1) {
        const position = positions.get(at);
        if (position !== undefined) return position;
      }
      return -1;
    },
  };
}

/** Functions written in a value: itself, or what a wrapper gets. */
function functionSpans(value: Expression): readonly string[] {
  switch (value.k) {
    case "function":
      return [value.span.join()];
    case "call":
      return value.args.flatMap((argument) => functionSpans(argument.value));
    case "list":
      return value.items.flatMap(functionSpans);
    case "dict":
      return value.entries.flatMap(([, entry]) => functionSpans(entry));
    default:
      return [];
  }
}

export function isHandler(parameters: readonly (readonly [name: string, ...rest: unknown[]])[]): boolean {
  return parameters.some(([name]) => HANDLER_PARAMETER.test(name));
}

export function functionFacts(module: TypeScriptModule, kept: KeptFunctions): readonly FunctionFact[] {
  const calls = module.functions.map(() => new Set<string>());
  const delegates = module.functions.map(() => new Set<string>());
  const tables = module.functions.map(() => new Set<string>());
  const bodies = module.functions.map((): Expression | null => null);
  const clients = clientNames(module);
  const bodyNames = new Set(
    module.assignments.filter(({ value }) => isBody(value)).map(({ target }) => target),
  );
  for (const call of module.calls) {
    const { expression } = call;
    if (call.scope < 0) continue;
    const sql = rawCall(module, call)?.pieces?.join("$1") ?? null;
    for (const index of sql === null ? [] : scopes(module, call.scope)) {
      for (const table of tablesOfSql(sql ?? "")) tables[index]?.add(table);
    }
    if (expression.k !== "call") continue;
    const callee = calledName(expression.callee);
    const delegate = delegateCall(module, call, clients);
    const body = parsedBody(expression, bodyNames);
    for (const index of scopes(module, call.scope)) {
      const known = calls[index];
      if (callee !== null && known && known.size < CALL_LIMIT) known.add(callee);
      if (delegate) delegates[index]?.add(delegate.delegate);
      if (body) bodies[index] ??= body;
    }
  }
  return kept.indices.flatMap((index) => {
    const entry = module.functions[index];
    if (!entry) return [];
    const parameters = entry.parameters.flatMap(routerParameter);
    const text = module.lines.slice(entry.span);
    return [
      {
        path: entry.path,
        within: entry.within,
        scope: kept.scopeOf(entry.scope),
        parameters,
        returned: entry.returned
          .filter(isLink)
          .slice(0, 4)
          .map((value) => compact(value)),
        refusal: refusalIn(text),
        calls: [...(calls[index] ?? [])],
        delegates: [...(delegates[index] ?? [])],
        tables: [...(tables[index] ?? [])],
        parsesBody: bodies[index] ?? null,
        methods: methodsIn(text),
        nameSpan: entry.nameSpan,
        span: entry.span,
        hash: hashText(text),
      },
    ];
  });
}

/** The function of a scope and those around it, from the inside out. */
function* scopes(module: TypeScriptModule, scope: number): Iterable<number> {
  let entry: TypeScriptFunction | undefined = module.functions[scope];
  for (let index = scope; entry; entry = module.functions[index]) {
    yield index;
    index = entry.scope;
  }
}

/** `schema` of `schema.parse(req.body)`, `schema.parse(await request.json())` and their relatives. */
function parsedBody(
  call: Extract<Expression, { k: "call" }>,
  bodyNames: ReadonlySet<string>,
): Expression | null {
  const { callee } = call;
  if (callee.k !== "member" || !/^(?:safeParse|parse|validate)(?:Async)?$/.test(callee.name)) return null;
  const argument = call.args[0]?.value;
  if (!argument) return null;
  return isBody(argument) || (argument.k === "name" && bodyNames.has(argument.value)) ? callee.of : null;
}

function isBody(value: Expression): boolean {
  if (value.k === "call") return /(?:^|\.)(?:req|request)\.json$/.test(dottedName(value.callee) ?? "");
  return /(?:^|\.)(?:req|request)\.body$/.test(dottedName(value) ?? "");
}

/** What is called, where its name may lead to a function of the workspace: not what the language or a reply has. */
function calledName(callee: Expression): string | null {
  const name = dottedName(callee);
  return name === null || NOT_OURS.test(name) ? null : name;
}

const NOT_OURS =
  /^(?:console|JSON|Math|Object|Array|Promise|Number|String|Boolean|Date|Error|RegExp|Buffer|URL|Symbol|Map|Set|BigInt|process|res|response|reply|req|request|ctx|c|next|log|logger|z|Joi|t|setTimeout|clearTimeout|parseInt|isNaN|require|import|Response|NextResponse|_)(?:\.|$)|\.(?:map|filter|forEach|push|join|includes|toString|slice|split|trim|then|catch|replace|test|some|every|reduce|sort|concat|startsWith|endsWith|toLowerCase|keys|values|entries|has|debug|info|warn|error)$/;

/** `req.method === "POST"`, `case "GET":`; of `!==` with a refusal behind it what is let pass. */
function methodsIn(text: string): readonly string[] {
  if (!/\bmethod\b/.test(text)) return [];
  const found = new Set<string>();
  for (const match of text.matchAll(
    /\bmethod\s*[!=]==?\s*["'](GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)["']|\bcase\s+["'](GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)["']\s*:/g,
  )) {
    found.add(match[1] ?? match[2] ?? "");
  }
  return [...found];
}

/**
 * The type is kept of what may be a router; "" stands for any other. The names of a pattern for all parameters
 * (`...[router, tenant]`) are as many parameters.
 */
function routerParameter({
  name,
  type,
}: TypeScriptParameter): readonly (readonly [name: string, type: string | null])[] {
  if (name.startsWith("[")) return patternNames(name).map((own) => [own, null] as const);
  if (type === null) return [[name, null]];
  return [[name, ROUTER_TYPE.test(type) ? type : ""]];
}

const ROUTER_TYPE =
  /\b(?:Express|Application|I?\w*Router(?:<.*>)?|Koa|\w*Hono(?:<.*>)?|Fastify\w*Instance(?:<.*>)?|FastifyZod\w*)$/s;

/** A value that a name may lead through to a router, a handler, a schema or a path. */
export function isLink(value: Expression): boolean {
  return ["name", "member", "call", "function", "dict", "list"].includes(value.k);
}
