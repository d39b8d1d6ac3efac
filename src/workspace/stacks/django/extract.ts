import { type Argument, dottedName, type Expression } from "../../languages/expression.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import {
  argumentOf,
  calledName,
  childrenOf,
  listItems,
  stringValue,
} from "../../languages/python/expressions.ts";
import { localImports } from "../../languages/python/local-imports.ts";
import type { PythonClass, PythonFunction, PythonModule } from "../../languages/python/module.ts";
import { extractUses } from "../../languages/python/uses.ts";
import { SourceText } from "../../languages/source-text.ts";
import type { Span } from "../../source.ts";
import { conditionsAbove } from "./conditions.ts";
import { extractQueries } from "./extract-queries.ts";
import { type ClassFacts, type DjangoFacts, type FunctionFacts, spanKey } from "./facts.ts";

/** Functions whose body is read as a declaration. */
const DECLARING_FUNCTIONS: ReadonlySet<string> = new Set([
  "__init__",
  "db_type",
  "get_authenticators",
  "get_internal_type",
  "get_permissions",
  "get_queryset",
  "get_serializer_class",
  "get_throttles",
  "get_urls",
  "get_model",
]);

/** Bases of classes that hold neither models nor views. */
const ELSEWHERE =
  /(Form|FormSet|FilterSet|FilterForm|Table|TestCase|TestMixin|Tests?|Admin|Inline|Widget|Command)$/;
const VIEW_NAME = /View|API|Mixin$/;
const VIEW_ATTRIBUTE = /^(queryset|serializer_class|permission_classes|template_name|http_method_names)$/;

/** Methods that answer requests, whatever their class is called. */
const ANSWERING_FUNCTIONS: ReadonlySet<string> = new Set(
  "get post put patch delete dispatch list create retrieve update partial_update destroy".split(" "),
);

/** Calls whose own range becomes the source of a catalog object. */
const SOURCED_CALLS =
  /^(\w*path|url|include|register|[A-Za-z]*Index|[A-Za-z]*Constraint|RunSQL|RunPython|[A-Z]\w*)$/;

/** Lists longer than this are data, not declarations. */
const MAX_NODES = 4000;

/** Modules whose capitalised names are never a model of the workspace. */
const FOREIGN_MODULE =
  /^(django|rest_framework|typing|collections|datetime|decimal|enum|dataclasses|pathlib|unittest|pytest|uuid|abc|io|re|os|celery|factory|graphene|pydantic|requests|drf_spectacular|django_filters)(\.|$)/;

/** Facts of one Python file. */
export function extractDjangoFacts(file: ParsedFile): DjangoFacts | null {
  const module = file.python();
  return module && new FileReader(file.text, module).read();
}

class FileReader {
  readonly #source: SourceText;
  readonly #module: PythonModule;
  readonly #hashes: Record<string, string> = {};
  readonly #texts: Record<string, string> = {};

  constructor(text: string, module: PythonModule) {
    this.#source = new SourceText(text);
    this.#module = module;
  }

  read(): DjangoFacts {
    const module = this.#module;
    const imports = [...module.imports, ...localImports(module)];
    const assignments = module.assignments.filter((item) => isDeclaration(item.value));
    for (const { value } of assignments) if (value) this.#note(value);
    for (const call of module.calls) this.#note(call);
    return {
      imports,
      classes: module.classes.map((item) => this.#class(item)),
      functions: module.functions.map((item) => this.#function(item)),
      assignments,
      calls: module.calls.filter(isDeclaration),
      queries: extractQueries(module, this.#source),
      uses: extractUses(module, imports, FOREIGN_MODULE),
      hashes: this.#hashes,
      texts: this.#texts,
      settingsModule: settingsModuleOf(module),
      errors: module.errors,
    };
  }

  #class(item: PythonClass, outer: "kept" | "named" = "kept"): ClassFacts {
    const isKept = outer === "kept" && this.#mayDeclare(item);
    if (isKept) for (const { value } of item.assignments) if (value) this.#note(value);
    if (isKept) for (const expression of [...item.decorators, ...item.bases]) this.#hash(expression.span);
    if (item.name === "Migration") this.#noteOperations(item);
    const mayBeView =
      VIEW_NAME.test(item.name) ||
      item.bases.some((base) => VIEW_NAME.test(dottedName(base) ?? "")) ||
      item.assignments.some((each) => VIEW_ATTRIBUTE.test(each.target));
    const isNeeded = (method: PythonFunction) =>
      mayBeView ||
      method.decorators.length > 0 ||
      DECLARING_FUNCTIONS.has(method.name) ||
      ANSWERING_FUNCTIONS.has(method.name);
    const methods = isKept ? item.methods.filter(isNeeded) : [];
    return {
      name: item.name,
      nameSpan: item.nameSpan,
      span: item.span,
      hash: item.hash,
      decorators: isKept ? item.decorators : [],
      bases: item.bases,
      documentation: isKept ? item.documentation : null,
      assignments: isKept ? item.assignments.filter((assignment) => isDeclaration(assignment.value)) : [],
      methods: methods.map((method) => this.#function(method)),
      classes: item.classes.map((nested) => this.#class(nested, isKept ? "kept" : "named")),
    };
  }

  /** Forms, tables, filters, admins and tests are known by their bases; they count only if they declare columns. */
  #mayDeclare(item: PythonClass): boolean {
    const names = item.bases.map((base) => dottedName(base) ?? "");
    if (!names.some((name) => ELSEWHERE.test(name)) || names.some((name) => VIEW_NAME.test(name)))
      return true;
    const modelModules = new Set(
      this.#module.imports
        .filter((each) => /^django\.(db|contrib\.(postgres|gis))/.test(each.module))
        .map((each) => each.alias),
    );
    return item.assignments.some(({ value }) => {
      const callee = value?.k === "call" ? dottedName(value.callee) : null;
      return callee !== null && modelModules.has(callee.split(".", 1)[0] ?? "");
    });
  }

  #function(item: PythonFunction): FunctionFacts {
    const declares = DECLARING_FUNCTIONS.has(item.name);
    const when = (span: Span) => conditionsAbove(this.#source, item.span, span);
    for (const decorator of item.decorators) {
      this.#hash(decorator.span);
      this.#texts[spanKey(decorator.span)] = this.#source.slice(decorator.span);
    }
    return {
      name: item.name,
      nameSpan: item.nameSpan,
      span: item.span,
      hash: item.hash,
      decorators: item.decorators,
      serializers: serializersOf(item.calls),
      callsSuper: item.calls.some(callsSuper),
      returned: declares ? item.returned.map((value) => ({ value, when: when(value.span) })) : [],
      assignments: declares ? item.assignments.map((each) => ({ ...each, when: when(each.span) })) : [],
      calls: declares ? item.calls : [],
    };
  }

  /** Remembers hash and text of the calls inside a declaration that become objects of their own. */
  #note(expression: Expression, isRoute = false): void {
    let inRoute = isRoute;
    if (expression.k === "call") {
      const name = expression.callee.k === "member" ? expression.callee.name : dottedName(expression.callee);
      if (name && (isRoute || SOURCED_CALLS.test(name))) this.#hash(expression.span);
      // What a urlconf wraps around a view may be a guard.
      inRoute ||= name !== null && /^(path|re_path|url)$/.test(name);
      for (const argument of expression.args) this.#noteArgument(argument);
    }
    for (const child of childrenOf(expression)) this.#note(child, inRoute);
  }

  /** Operations of a migration are shown as written. */
  #noteOperations(item: PythonClass): void {
    const operations = item.assignments.find((each) => each.target === "operations")?.value;
    for (const operation of (operations && listItems(operations)) ?? []) {
      this.#hash(operation.span);
      this.#texts[spanKey(operation.span)] = this.#source.slice(operation.span);
    }
  }

  /** Predicates and SQL expressions are shown as written. */
  #noteArgument({ name, value }: Argument): void {
    const shown =
      (name !== null && /^(condition|check|expressions?|opclasses|default|db_default|choices)$/.test(name)) ||
      (name === null && (value.k === "call" || value.k === "binary"));
    if (shown && value.k !== "string" && value.k !== "number") {
      this.#texts[spanKey(value.span)] = this.#source.slice(value.span);
    }
  }

  #hash(span: Span): void {
    this.#hashes[spanKey(span)] ??= this.#source.hash(span);
  }
}

function isDeclaration(value: Expression | null): boolean {
  return value !== null && countNodes(value, MAX_NODES) < MAX_NODES;
}

function countNodes(expression: Expression, limit: number): number {
  let count = 1;
  for (const child of childrenOf(expression)) {
    if (count >= limit) break;
    count += countNodes(child, limit - count);
  }
  return count;
}

function serializersOf(calls: readonly Expression[]): FunctionFacts["serializers"] {
  const found = new Map<string, { name: string; input: boolean }>();
  const visit = (expression: Expression): void => {
    if (expression.k === "call") {
      const name = dottedName(expression.callee);
      if (name && /(^|\.)([A-Z]\w*Serializer\w*|get_serializer)$/.test(name)) {
        const input = argumentOf(expression, "data") !== null;
        found.set(`${name}:${input}`, { name, input });
      }
    }
    for (const child of childrenOf(expression)) visit(child);
  };
  for (const call of calls) visit(call);
  return [...found.values()];
}

function callsSuper(expression: Expression): boolean {
  return calledName(expression) === "super" || childrenOf(expression).some(callsSuper);
}

function settingsModuleOf(module: PythonModule): string | null {
  const calls = [...module.calls, ...module.functions.flatMap((item) => item.calls)];
  for (const call of calls) {
    if (call.k !== "call" || call.callee.k !== "member" || call.callee.name !== "setdefault") continue;
    const [key, value] = call.args;
    if (key && value && stringValue(key.value) === "DJANGO_SETTINGS_MODULE") return stringValue(value.value);
  }
  return null;
}
