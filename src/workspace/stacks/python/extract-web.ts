import { dottedName, type Expression } from "../../languages/expression.ts";
import { calledName, childrenOf } from "../../languages/python/expressions.ts";
import { localImports } from "../../languages/python/local-imports.ts";
import type {
  PythonAssignment,
  PythonClass,
  PythonFunction,
  PythonModule,
} from "../../languages/python/module.ts";
import { SourceText } from "../../languages/source-text.ts";
import { headOf, isSmall } from "./prune.ts";
import { refusalIn, SOUNDS_LIKE_GUARD } from "./refusal.ts";
import { type BodyFacts, spanKey, type WebFacts } from "./web-facts.ts";

/** What a web framework needs of a file beyond declarations. */
export interface WebReading {
  /** Calls that register something: `include_router`. */
  readonly entries: RegExp;
  /** Calls that make what things are registered on: `APIRouter`. */
  readonly makers: RegExp;
  /** Calls whose place is told: `Depends`. */
  readonly sourced: RegExp;
  /** Classes whose attributes and methods matter. */
  isKept(item: PythonClass): boolean;
}

/** What a path may be put together from. */
function isText(value: Expression): boolean {
  if (value.k === "string") return value.value.length < 200;
  if (value.k === "binary") return (value.op === "+" || value.op === "%") && isSmall(value);
  return value.k === "template" || (value.k === "call" && calledName(value) === "format" && isSmall(value));
}

const PASSED = /app|router|blueprint|^bp$|_bp$|api|server/i;

/** Facts of one file for a web framework; null when it says nothing. */
export function extractWeb(text: string, module: PythonModule, reading: WebReading): WebFacts | null {
  const reader = new WebReader(new SourceText(text), reading);
  const facts = reader.read(module);
  const isEmpty =
    facts.imports.length === 0 &&
    facts.classes.length === 0 &&
    facts.functions.length === 0 &&
    facts.assignments.length === 0;
  return isEmpty ? null : facts;
}

class WebReader {
  readonly #source: SourceText;
  readonly #reading: WebReading;
  readonly #hashes: Record<string, string> = {};
  readonly #bodies: Record<string, BodyFacts> = {};

  constructor(source: SourceText, reading: WebReading) {
    this.#source = source;
    this.#reading = reading;
  }

  read(module: PythonModule): WebFacts {
    const assignments = module.assignments.filter((item) => this.#isDeclaration(item));
    for (const { value } of assignments) {
      this.#note(value);
      if (value?.k === "call" && (value.callee.k === "call" || this.#isEntry(value))) this.#hash(value);
    }
    const calls = module.calls.filter((call) => this.#isEntry(call));
    for (const call of calls) this.#noteEntry(call);
    return {
      imports: [...module.imports, ...localImports(module)],
      classes: module.classes.map((item) => this.#class(item, "")),
      functions: module.functions.map((item) => this.#function(item, "", true)),
      assignments,
      bound: module.assignments.map((item) => item.target),
      calls,
      loops: calls.length > 0 ? module.loops.filter(({ list }) => isSmall(list)) : [],
      bodies: this.#bodies,
      hashes: this.#hashes,
      errors: module.errors,
    };
  }

  #class(item: PythonClass, outer: string): PythonClass {
    const qualname = outer === "" ? item.name : `${outer}.${item.name}`;
    const isKept = this.#reading.isKept(item);
    if (isKept) for (const { value } of item.assignments) this.#note(value);
    for (const decorator of item.decorators) this.#noteEntry(decorator);
    return {
      ...item,
      documentation: null,
      assignments: isKept ? item.assignments.filter(({ value }) => isSmall(value)) : [],
      methods: item.methods
        .filter(
          ({ name, decorators, calls }) =>
            isKept ||
            calls.some((call) => this.#isEntry(call)) ||
            name === "__call__" ||
            name === "add_url_rule" ||
            name === "__init__" ||
            name === "dispatch" ||
            decorators.length > 0,
        )
        .map((method) =>
          this.#function(
            method,
            qualname,
            isKept || method.decorators.length > 0 || /^__(init|call)__$/.test(method.name),
          ),
        ),
      classes: item.classes.map((nested) => this.#class(nested, qualname)),
    };
  }

  #function(item: PythonFunction, outer: string, withHead: boolean): PythonFunction {
    const qualname = outer === "" ? item.name : `${outer}.${item.name}`;
    this.#body(item, qualname);
    const calls = item.calls.filter((call) => this.#isEntry(call));
    for (const call of calls) this.#noteEntry(call);
    for (const decorator of item.decorators) this.#noteEntry(decorator);
    for (const { annotation, default: value } of item.parameters) {
      this.#note(annotation);
      this.#note(value);
      // An alias in an annotation may be a guard of the route.
      if (annotation && item.decorators.length > 0) this.#hash(annotation);
    }
    // `api = make_blueprint()` matters where `api` is registered.
    const passed = new Set(
      calls.flatMap((call) =>
        call.k === "call" ? call.args.flatMap(({ value }) => dottedName(value)?.split(".")[0] ?? []) : [],
      ),
    );
    const assignments = item.assignments.filter(
      (each) =>
        this.#isLocal(each) || (each.value?.k === "call" && passed.has(each.target) && isSmall(each.value)),
    );
    for (const { value } of assignments) this.#note(value);
    return {
      ...headOf(item),
      decorators: item.decorators,
      parameters: withHead ? item.parameters : [],
      returns: withHead ? item.returns : null,
      calls,
      assignments,
      loops: calls.length > 0 ? item.loops.filter(({ list }) => isSmall(list)) : [],
      imports: calls.length > 0 || item.functions.length > 0 ? item.imports : [],
      returned: item.returned.filter(
        (value) =>
          dottedName(value) !== null ||
          isText(value) ||
          this.#isMade(value) ||
          (calledName(value) !== null && isSmall(value) && calls.length > 0),
      ),
      functions: item.functions.map((nested) => this.#function(nested, qualname, true)),
    };
  }

  #body(item: PythonFunction, qualname: string): void {
    const refuses = refusalIn(this.#source.slice(item.span));
    const calls = new Set<string>();
    const visit = (expression: Expression): void => {
      if (expression.k === "call") {
        const name = dottedName(expression.callee);
        if (name && SOUNDS_LIKE_GUARD.test(name)) calls.add(name);
      }
      for (const child of childrenOf(expression)) visit(child);
    };
    for (const call of item.calls) visit(call);
    if (refuses !== null || calls.size > 0)
      this.#bodies[qualname] = { refuses, calls: [...calls].slice(0, 20) };
  }

  /** Registering calls, and calls of functions that an app or a router is handed to. */
  #isEntry(call: Expression): boolean {
    if (call.k !== "call") return false;
    if (this.#reading.entries.test(calledName(call) ?? "")) return isSmall(call);
    // `router.get("/books")(list_books)`.
    if (call.callee.k === "call") return call.callee.callee.k === "member" && isSmall(call);
    return (
      dottedName(call.callee) !== null &&
      call.args.some(({ value }) => PASSED.test(dottedName(value) ?? "")) &&
      isSmall(call)
    );
  }

  #isMade(value: Expression): boolean {
    return this.#reading.makers.test(calledName(value) ?? "");
  }

  #isDeclaration({ value }: PythonAssignment): boolean {
    if (!value) return false;
    if (value.k === "string") return value.value.length < 200;
    if (/^(template|number|name|member|call|subscript)$/.test(value.k)) return isSmall(value);
    if (value.k === "list" || value.k === "dict") return isSmall(value);
    return value.k === "binary" && isSmall(value);
  }

  #isLocal({ value }: PythonAssignment): boolean {
    if (!value) return false;
    if (value.k === "string") return value.value.length < 120;
    return value.k === "template" || this.#isMade(value) || dottedName(value) !== null;
  }

  #noteEntry(expression: Expression): void {
    this.#hash(expression);
    this.#note(expression);
  }

  #note(expression: Expression | null): void {
    if (!expression) return;
    const name = calledName(expression);
    if (name !== null && (this.#reading.sourced.test(name) || this.#isMade(expression)))
      this.#hash(expression);
    for (const child of childrenOf(expression)) this.#note(child);
  }

  #hash({ span }: Expression): void {
    this.#hashes[spanKey(span)] ??= this.#source.hash(span);
  }
}
