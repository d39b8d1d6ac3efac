import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type { TypeScriptModule } from "../../languages/typescript/module.ts";
import { moduleNames } from "../../languages/typescript/name-resolution.ts";
import { isNextFile } from "../next/paths.ts";
import { chainRoot, entriesOf } from "./entries.ts";
import type { AssignmentFact, ClassFact, CodeFact, EntryFact, ExportFact, IterationFact } from "./facts.ts";
import { functionFacts, isHandler, isLink, type KeptFunctions, keptFunctions } from "./function-facts.ts";

const VALUE_LIMIT = 6000;

/** What routing needs to know of a file; null when the file can have no part in it. */
export function extractCode(module: TypeScriptModule, uri: string): CodeFact | null {
  const written = entriesOf(module);
  const kept = keptFunctions(module, written);
  const functions = functionFacts(module, kept);
  const entries = written.map((entry) => ({ ...entry, scope: kept.scopeOf(entry.scope) }));
  const actions = /^\s*["']use server["']/m.test(module.lines.text);
  const names = moduleNames(module);
  const assignments = assignmentFacts(module, kept, entries.length > 0);
  const exported = isNextFile(uri) ? exportFacts(module) : [];
  const matters =
    entries.length > 0 ||
    exported.length > 0 ||
    actions ||
    functions.some(
      (fact) =>
        fact.refusal !== null ||
        fact.delegates.length > 0 ||
        fact.calls.length > 0 ||
        isHandler(fact.parameters),
    ) ||
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
    iterations: iterationsOf(module, kept, written),
    actions,
    exported,
  };
}

/** What is exported, at the declaration where that is in the same file. */
function exportFacts(module: TypeScriptModule): readonly ExportFact[] {
  return module.exports.map(({ name, local, span }) => {
    const declared =
      module.functions.find((entry) => entry.path === local && entry.scope === -1) ??
      module.assignments.find((entry) => entry.target === local && entry.scope === -1);
    const whole = declared?.span ?? span;
    return {
      name,
      nameSpan: declared?.nameSpan ?? span,
      span: whole,
      hash: hashText(module.lines.slice(whole)),
    };
  });
}

function classFacts(module: TypeScriptModule): readonly ClassFact[] {
  return module.classes.map((entry) => {
    const types: [string, string][] = [];
    const values: [string, Expression][] = [];
    for (const { name, type, value } of entry.properties) {
      if (type !== null) types.push([name, type]);
      if (value && (isLink(value) || value.k === "string" || value.k === "template"))
        values.push([name, value]);
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

function assignmentFacts(
  module: TypeScriptModule,
  kept: KeptFunctions,
  hasEntries: boolean,
): readonly AssignmentFact[] {
  return module.assignments
    .filter(({ value: written, scope, span }) => {
      const value = chainRoot(written);
      // Inside of functions only what may lead to a router of the same file matters.
      if (scope >= 0) {
        return hasEntries && isKept(value);
      }
      const length = module.lines.offset(span[2], span[3]) - module.lines.offset(span[0], span[1]);
      return (length <= VALUE_LIMIT || value !== written) && isKept(value);
    })
    .map(({ target, value, scope }) => ({
      target,
      value: compact(chainRoot(value)),
      hash: value.k === "call" ? hashText(module.lines.slice(value.span)) : "",
      span: value.span,
      scope: kept.scopeOf(scope),
    }));
}

/** A value that may lead to a router, a handler, a path, or to the items of a list. */
function isKept(value: Expression): boolean {
  return isLink(value) || ["string", "template", "binary", "subscript"].includes(value.k);
}

function iterationsOf(
  module: TypeScriptModule,
  kept: KeptFunctions,
  entries: readonly EntryFact[],
): readonly IterationFact[] {
  const scopes = new Set(entries.map((entry) => entry.scope));
  return module.calls.flatMap(({ expression }) => {
    if (expression.k !== "call" || expression.callee.k !== "member") return [];
    if (!/^(?:forEach|map)$/.test(expression.callee.name)) return [];
    const callback = expression.args[0]?.value;
    if (callback?.k !== "function") return [];
    const scope = module.functions.findIndex((entry) => entry.span.join() === callback.span.join());
    const parameter = module.functions[scope]?.parameters[0]?.name;
    if (!scopes.has(scope) || parameter === undefined) return [];
    return [{ scope: kept.scopeOf(scope), parameter, list: compact(expression.callee.of) }];
  });
}
