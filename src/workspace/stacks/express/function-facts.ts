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
import type { EntryFact, FunctionFact } from "./facts.ts";
import { refusalIn } from "./refusal.ts";

const CALL_LIMIT = 60;
const HANDLER_PARAMETER = /^_*(?:req|request|res|response|ctx|context|next)$/;

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
  const written = new Set(entries.flatMap((entry) => entry.items.flatMap(functionSpans)));
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
  if (value.k === "function") return [value.span.join()];
  return value.k === "call" ? value.args.flatMap((argument) => functionSpans(argument.value)) : [];
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
  for (const call of module.calls) {
    const { expression } = call;
    if (call.scope < 0) continue;
    const sql = rawCall(module, call)?.pieces?.join("$1") ?? null;
    for (const index of sql === null ? [] : scopes(module, call.scope)) {
      for (const table of tablesOfSql(sql ?? "")) tables[index]?.add(table);
    }
    if (expression.k !== "call") continue;
    const callee = dottedName(expression.callee);
    const delegate = delegateCall(module, call, clients);
    const body = parsedBody(expression);
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
    const parameters = entry.parameters.map(routerParameter);
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
        refusal: refusalIn(module.lines.slice(entry.span)),
        calls: isHandler(parameters) ? [...(calls[index] ?? [])] : [],
        delegates: [...(delegates[index] ?? [])],
        tables: [...(tables[index] ?? [])],
        parsesBody: bodies[index] ?? null,
        nameSpan: entry.nameSpan,
        span: entry.span,
        hash: hashText(module.lines.slice(entry.span)),
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

/** `schema` of `schema.parse(req.body)` and its relatives. */
function parsedBody(call: Extract<Expression, { k: "call" }>): Expression | null {
  const { callee } = call;
  if (callee.k !== "member" || !/^(?:safeParse|parse|validate)(?:Async)?$/.test(callee.name)) return null;
  const argument = call.args[0]?.value;
  return argument && /(?:^|\.)(?:req|request|ctx\.request)\.body$/.test(dottedName(argument) ?? "")
    ? callee.of
    : null;
}

/** The type is kept of what may be a router; "" stands for any other. */
function routerParameter({ name, type }: TypeScriptParameter): readonly [name: string, type: string | null] {
  if (type === null) return [name, null];
  return [name, /\b(?:Express|Application|I?Router)$/.test(type) ? type : ""];
}

/** A value that a name may lead through to a router, a handler, a schema or a path. */
export function isLink(value: Expression): boolean {
  return ["name", "member", "call", "function", "dict", "list"].includes(value.k);
}
