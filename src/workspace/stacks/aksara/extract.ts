import type { Expression } from "../../languages/expression.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import { calledName, childrenOf, listItems } from "../../languages/python/expressions.ts";
import { localImports } from "../../languages/python/local-imports.ts";
import type { PythonClass, PythonFunction, PythonModule } from "../../languages/python/module.ts";
import { extractUses } from "../../languages/python/uses.ts";
import { SourceText } from "../../languages/source-text.ts";
import type { Span } from "../../source.ts";
import { headOf, isSmall } from "../python/prune.ts";
import { type AksaraFacts, spanKey } from "./facts.ts";

/** Modules whose capitalised names are never a model of the workspace. */
const FOREIGN_MODULE =
  /^(aksara|fastapi|starlette|pydantic|typing|collections|datetime|decimal|enum|dataclasses|pathlib|unittest|pytest|uuid|abc|io|re|os)(\.|$)/;

/** Calls by which viewsets and routers get their place. */
const REGISTERING =
  /^(include_viewset|register_viewsets|include_app_viewsets|include_all_app_viewsets|auto_discover_viewsets|include_router)$/;

/** Facts of one Python file. */
export function extractAksaraFacts(file: ParsedFile): AksaraFacts | null {
  const module = file.python();
  return module && read(file.text, module);
}

function read(text: string, module: PythonModule): AksaraFacts {
  const source = new SourceText(text);
  const hashes: Record<string, string> = {};
  const texts: Record<string, string> = {};
  const hash = (span: Span): void => {
    hashes[spanKey(span)] ??= source.hash(span);
  };
  const imports = [...module.imports, ...localImports(module)];
  const classes = module.classes.map((item) => readClass(item, hash));
  for (const item of module.classes) {
    const operations = item.assignments.find(({ target }) => target === "operations")?.value ?? null;
    if (item.name === "Migration") noteOperations(operations, source, hash, texts);
  }
  const calls = module.calls.filter(isRegistering);
  const functions = module.functions.map((item) => readFunction(item, hash));
  for (const call of calls) hash(call.span);
  return {
    imports,
    classes,
    functions,
    assignments: module.assignments.filter(({ value }) => isSmall(value)),
    calls,
    loops: module.loops,
    uses: extractUses(module, imports, FOREIGN_MODULE),
    hashes,
    texts,
    bound: module.assignments.map((item) => item.target),
    errors: module.errors,
  };
}

function isRegistering(call: Expression): boolean {
  return REGISTERING.test(calledName(call) ?? "");
}

/** Operations of a migration are shown as written, with those that another operation holds. */
function noteOperations(
  expression: Expression | null,
  source: SourceText,
  hash: (span: Span) => void,
  texts: Record<string, string>,
): void {
  for (const operation of (expression && listItems(expression)) ?? []) {
    hash(operation.span);
    texts[spanKey(operation.span)] = source.slice(operation.span);
    const note = (part: Expression): void => {
      if (calledName(part) === "IndexOp") hash(part.span);
      for (const child of childrenOf(part)) note(child);
    };
    note(operation);
  }
}

function readClass(item: PythonClass, hash: (span: Span) => void): PythonClass {
  for (const method of item.methods) for (const decorator of method.decorators) hash(decorator.span);
  return {
    ...item,
    assignments: item.assignments.filter(({ value }) => isSmall(value)),
    methods: item.methods.map((method) => ({
      ...headOf(method),
      decorators: method.decorators,
      parameters: method.parameters,
      returns: method.returns,
      calls: method.calls.flatMap(checksIn),
    })),
    classes: item.classes.map((nested) => readClass(nested, hash)),
  };
}

/** Calls in a method that ask for permission, themselves or through the method that is overridden. */
function checksIn(call: Expression): readonly Expression[] {
  const name = calledName(call);
  if (name === "check_permissions" || name === "super") return [call];
  return childrenOf(call).flatMap(checksIn);
}

/** Functions register routes, or make operations of migrations. */
function readFunction(item: PythonFunction, hash: (span: Span) => void): PythonFunction {
  const calls = item.calls.filter(isRegistering);
  for (const call of calls) hash(call.span);
  return {
    ...headOf(item),
    parameters: item.parameters,
    returned: item.returned.filter((value) => value.k === "call" && isSmall(value)),
    calls,
    loops: calls.length > 0 ? item.loops : [],
    assignments: calls.length > 0 ? item.assignments.filter(({ value }) => isSmall(value)) : [],
  };
}
