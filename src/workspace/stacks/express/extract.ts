import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TypeScriptFunction, TypeScriptModule } from "../../languages/typescript/module.ts";
import { moduleNames } from "../../languages/typescript/name-resolution.ts";
import { clientNames } from "../prisma/clients.ts";
import { delegateCall, rawCall } from "../prisma/extract-code.ts";
import { tablesOfSql } from "../prisma/operations.ts";
import { entriesOf } from "./entries.ts";
import type { AssignmentFact, ClassFact, CodeFact, EntryFact, FunctionFact, IterationFact } from "./facts.ts";
import { refusalIn } from "./refusal.ts";

const VALUE_LIMIT = 6000;
const CALL_LIMIT = 60;

/** What routing needs to know of a file; null when the file can have no part in it. */
export function extractCode(module: TypeScriptModule): CodeFact | null {
  const functions = functionFacts(module);
  const entries = entriesOf(module);
  const names = moduleNames(module);
  const assignments = assignmentFacts(module);
  const matters =
    entries.length > 0 ||
    functions.some((fact) => fact.refusal !== null || fact.delegates.length > 0 || isHandler(fact)) ||
    names.exports.some(([, , from]) => from !== null) ||
    assignments.some(
      ({ value, scope }) => scope === -1 && ["call", "string", "dict", "list"].includes(value.k),
    );
  if (!matters) return null;
  return {
    kind: "code",
    names,
    functions,
    classes: classFacts(module),
    assignments,
    entries,
    iterations: iterationsOf(module, entries),
  };
}

function isHandler(fact: FunctionFact): boolean {
  return fact.parameters.some(([name]) => /^_?(?:req|request|res|response|ctx|next)$/.test(name));
}

function functionFacts(module: TypeScriptModule): readonly FunctionFact[] {
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
  return module.functions.map((entry, index) => ({
    path: entry.path,
    within: entry.within,
    scope: entry.scope,
    parameters: entry.parameters.map(({ name, type }) => [name, type] as const),
    returned: entry.returned.filter(isLink).slice(0, 4),
    refusal: refusalIn(module.lines.slice(entry.span)),
    calls: [...(calls[index] ?? [])],
    delegates: [...(delegates[index] ?? [])],
    tables: [...(tables[index] ?? [])],
    parsesBody: bodies[index] ?? null,
    nameSpan: entry.nameSpan,
    span: entry.span,
    hash: hashText(module.lines.slice(entry.span)),
  }));
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

function classFacts(module: TypeScriptModule): readonly ClassFact[] {
  return module.classes.map((entry) => {
    const types: [string, string][] = [];
    const values: [string, Expression][] = [];
    for (const { name, type, value } of entry.properties) {
      if (type !== null) types.push([name, type]);
      if (value && isLink(value)) values.push([name, value]);
    }
    for (const method of entry.methods) {
      if (method.kind !== "constructor") continue;
      for (const { name, type, property } of method.parameters) {
        if (property && type !== null) types.push([name, type]);
      }
    }
    return { name: entry.name, extends: entry.extends && dottedName(entry.extends), types, values };
  });
}

function assignmentFacts(module: TypeScriptModule): readonly AssignmentFact[] {
  return module.assignments
    .filter(({ value, scope, span }) => {
      const length = module.lines.offset(span[2], span[3]) - module.lines.offset(span[0], span[1]);
      if (length > VALUE_LIMIT) return false;
      return (
        isLink(value) ||
        (scope === -1 && (value.k === "string" || value.k === "template" || value.k === "binary"))
      );
    })
    .map(({ target, value, scope }) => ({ target, value, scope }));
}

function iterationsOf(module: TypeScriptModule, entries: readonly EntryFact[]): readonly IterationFact[] {
  const scopes = new Set(entries.map((entry) => entry.scope));
  return module.calls.flatMap(({ expression }) => {
    if (expression.k !== "call" || expression.callee.k !== "member") return [];
    if (!/^(?:forEach|map)$/.test(expression.callee.name)) return [];
    const callback = expression.args[0]?.value;
    if (callback?.k !== "function") return [];
    const scope = module.functions.findIndex((entry) => entry.span.join() === callback.span.join());
    const parameter = module.functions[scope]?.parameters[0]?.name;
    if (!scopes.has(scope) || parameter === undefined) return [];
    return [{ scope, parameter, list: expression.callee.of }];
  });
}

/** A value that a name may lead through to a router, a handler, a schema or a path. */
function isLink(value: Expression): boolean {
  return ["name", "member", "call", "function", "dict", "list"].includes(value.k);
}
