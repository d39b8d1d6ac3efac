import { type Argument, dottedName, type Expression } from "../../languages/expression.ts";
import { type Ancestor, ClassGraph, type ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  type Call,
  calledName,
  isNone,
  listItems,
  numberValue,
  positionalArguments,
} from "../../languages/python/expressions.ts";
import { readFormatted } from "../../languages/python/formatted-string.ts";
import type {
  PythonAssignment,
  PythonClass,
  PythonFunction,
  PythonImport,
} from "../../languages/python/module.ts";
import {
  PythonNameResolver,
  type PythonNames,
  type ResolvedName,
} from "../../languages/python/name-resolution.ts";
import { Ledger, Memo } from "../../memo.ts";
import type { FactsByUri } from "../stack.ts";
import { substitute } from "./substitute.ts";

/** What the facts of every Python stack hold; lists that a stack does not need are empty. */
export interface OutlineFacts {
  readonly imports: readonly PythonImport[];
  readonly classes: readonly PythonClass[];
  readonly functions: readonly PythonFunction[];
  readonly assignments: readonly PythonAssignment[];
  /** Names bound at the top level by what is not kept. */
  readonly bound: readonly string[];
}

/** An expression with the file and class whose names it uses. */
export interface Written {
  readonly uri: string;
  /** Qualified name of the class it stands in; "" at the top level. */
  readonly scope: string;
  readonly expression: Expression;
}

export interface WrittenFunction {
  readonly uri: string;
  readonly item: PythonFunction;
}

const DEPTH = 8;

/** The facts of all files of a stack with what is needed to ask across them: names, classes, constants. */
export class PythonProject<F extends OutlineFacts = OutlineFacts> {
  readonly facts: FactsByUri<F>;
  readonly names: PythonNameResolver;
  readonly classes: ClassGraph<PythonClass>;
  readonly #assignments: Memo<PythonAssignment | null>;
  readonly #functions: Memo<PythonFunction | null>;

  constructor(facts: FactsByUri<F>, ledger: Ledger = new Ledger(false)) {
    this.facts = facts;
    const names = new Memo(ledger, (uri) => namesIn(facts.get(uri)));
    this.names = new PythonNameResolver(
      { keys: () => facts.keys(), has: (uri) => facts.has(uri), get: (uri) => names.get(uri) },
      ledger,
    );
    this.classes = new ClassGraph(
      facts.keys(),
      (uri) => facts.get(uri)?.classes ?? [],
      this.names,
      (uri, name) => this.assignment(uri, name)?.value ?? null,
      ledger,
    );
    const assignments = new Memo(ledger, (uri) => {
      const plain = (facts.get(uri)?.assignments ?? []).filter((item) => item.operator === "=");
      return new Map(plain.map((item) => [item.target, item]));
    });
    this.#assignments = new Memo(ledger, (uri, name) => assignments.get(uri).get(name) ?? null);
    const functions = new Memo(
      ledger,
      (uri) => new Map((facts.get(uri)?.functions ?? []).map((item) => [item.name, item])),
    );
    this.#functions = new Memo(ledger, (uri, name) => functions.get(uri).get(name) ?? null);
  }

  /** The last plain assignment of a name at the top level of a file. */
  assignment(uri: string, name: string): PythonAssignment | null {
    return this.#assignments.get(uri, name);
  }

  /** The last function of a name at the top level of a file. */
  functionAt(uri: string, name: string): PythonFunction | null {
    return this.#functions.get(uri, name);
  }

  /** The function of the workspace that a name stands for; null for anything else. */
  functionOf(uri: string, dotted: string): WrittenFunction | null {
    return this.functionFor(this.names.resolve(uri, dotted), dotted);
  }

  /** The function that a resolved name stands for, also through another name. */
  protected functionFor(found: ResolvedName | null, dotted: string): WrittenFunction | null {
    if (found?.kind !== "definition" || found.rest.length > 0) return null;
    const item = this.functionAt(found.uri, found.name);
    if (item) return { uri: found.uri, item };
    const alias = this.assignment(found.uri, found.name)?.value;
    const target = alias && dottedName(alias);
    return target && target !== dotted ? this.functionOf(found.uri, target) : null;
  }

  /** Full dotted name of something outside of the workspace; null for anything else. */
  externalName({ uri, scope, expression }: Written): string | null {
    const found = this.classes.find(uri, expression, scope);
    if (found?.kind === "external") return found.name;
    if (found) return null;
    const dotted = dottedName(expression.k === "subscript" ? expression.of : expression);
    const name = dotted === null ? null : this.names.resolve(uri, dotted);
    return name?.kind === "external" ? name.name : null;
  }

  /** The class and its ancestors that an expression names, nearest first; empty when it names no class. */
  ancestors({ uri, scope, expression }: Written): readonly Ancestor<PythonClass>[] {
    const found = this.classes.find(uri, expression, scope);
    if (!found) return [];
    return found.kind === "class" ? this.classes.linearize(found.ref) : [found];
  }

  /** A class attribute, own or inherited. */
  attribute(
    ref: ClassRef<PythonClass>,
    name: string,
  ): (Written & { readonly item: PythonAssignment }) | null {
    for (const step of this.classes.linearize(ref)) {
      if (step.kind !== "class") continue;
      const item = step.ref.declaration.assignments.findLast((each) => each.target === name);
      if (item?.value) return { uri: step.ref.uri, scope: step.ref.qualname, expression: item.value, item };
    }
    return null;
  }

  /** Follows names to the constant they stand for: module constants, class attributes, attributes of settings objects. */
  constant(written: Written, depth = 0): Written {
    const dotted = dottedName(written.expression);
    if (dotted === null || depth > DEPTH || /^(True|False|None)$/.test(dotted)) return written;
    const target = this.#lookUp(written, dotted, depth);
    return target ? this.constant(target, depth + 1) : written;
  }

  /** A text as far as the source says it: literals, constants, f-strings and sums of these; null for anything else. */
  text(written: Written, depth = 0): string | null {
    if (depth > DEPTH) return null;
    const found = this.constant(written);
    const { expression } = found;
    switch (expression.k) {
      case "string":
        return expression.value;
      case "number":
        // A number is no text, but stands in one: `f"/api/{VERSION}"`.
        return depth > 0 ? expression.value : null;
      case "template": {
        const parts = readFormatted(expression.value).map((part) => {
          if (typeof part === "string") return part;
          const inner = parseName(part.code);
          return inner && this.text({ ...found, expression: inner }, depth + 1);
        });
        return parts.every((part) => part !== null) ? parts.join("") : null;
      }
      case "binary": {
        if (expression.op === "%" && expression.left)
          return this.#formatted(
            { ...found, expression: expression.left },
            /%[sd]/g,
            argumentsOf(expression.right),
            depth,
          );
        if (expression.op !== "+" || !expression.left) return null;
        const left = this.text({ ...found, expression: expression.left }, depth + 1);
        const right = this.text({ ...found, expression: expression.right }, depth + 1);
        return left === null || right === null ? null : left + right;
      }
      case "call": {
        const { callee } = expression;
        const [first] = positionalArguments(expression);
        if (calledName(expression) === "str" && first !== undefined)
          return this.text({ ...found, expression: first }, depth + 1);
        if (callee.k === "member" && callee.name === "format")
          return this.#formatted({ ...found, expression: callee.of }, /\{(\w*)\}/g, expression.args, depth);
        return this.#madeText({ ...found, expression }, depth);
      }
      default:
        return null;
    }
  }

  /** `"/{}/{name}".format(…)` and `"/%s" % …`. */
  #formatted(written: Written, holes: RegExp, args: readonly Argument[], depth: number): string | null {
    const pattern = this.text(written, depth + 1);
    if (pattern === null) return null;
    let next = 0;
    let complete = true;
    const text = pattern.replace(holes, (_, key: string | number) => {
      const isNamed = typeof key === "string" && /^[A-Za-z_]/.test(key);
      const position = typeof key === "string" && /^\d+$/.test(key) ? Number(key) : next++;
      const argument = isNamed
        ? args.find(({ name }) => name === key)
        : args.filter(({ name }) => name === null)[position];
      const value = argument && this.text({ ...written, expression: argument.value }, depth + 1);
      if (value === undefined || value === null) complete = false;
      return value ?? "";
    });
    return complete ? text : null;
  }

  /** What a function of the workspace makes of texts; where it may return several, the last in its source. */
  #madeText(written: Written & { readonly expression: Call }, depth: number): string | null {
    const { expression, uri } = written;
    const name = dottedName(expression.callee);
    const maker = name === null ? null : this.functionOf(uri, name);
    if (!maker || maker.item.parameters.length > 6) return null;
    const given = new Map<string, Expression>();
    maker.item.parameters.forEach((parameter, position) => {
      const value = argumentAt(expression, position, parameter.name);
      const text = value && this.text({ ...written, expression: value }, depth + 1);
      if (text !== null) given.set(parameter.name, { k: "string", value: text, span: expression.span });
      else if (parameter.default) given.set(parameter.name, parameter.default);
    });
    for (const returned of maker.item.returned.toReversed()) {
      const inner = substitute(returned, given);
      const text = this.text({ uri: maker.uri, scope: "", expression: inner }, depth + 1);
      if (text !== null) return text;
    }
    return null;
  }

  /** Name of the function of the workspace that makes a text and has several ways to; null for anything else. */
  chooserOf({ uri, expression }: Written): string | null {
    const name = expression.k === "call" ? dottedName(expression.callee) : null;
    const maker = name === null ? null : this.functionOf(uri, name);
    return maker && maker.item.returned.length > 1 ? name : null;
  }

  number(written: Written): number | null {
    return numberValue(this.constant(written).expression);
  }

  /** Items of a list or tuple, also one given by name or put together with `+`; null when they are not known. */
  items(written: Written, depth = 0): readonly Written[] | null {
    const found = this.constant(written);
    const { expression } = found;
    if (expression.k === "binary" && expression.op === "+" && expression.left && depth < DEPTH) {
      const left = this.items({ ...found, expression: expression.left }, depth + 1);
      const right = this.items({ ...found, expression: expression.right }, depth + 1);
      return left && right ? [...left, ...right] : null;
    }
    if (isNone(expression)) return [];
    const parts = listItems(expression)?.map((item): readonly Written[] | null => {
      const isStarred = item.k === "binary" && item.op === "*" && !item.left;
      if (!isStarred) return [{ ...found, expression: item }];
      return depth < DEPTH ? this.items({ ...found, expression: item.right }, depth + 1) : null;
    });
    return parts?.every((part) => part !== null) ? parts.flat() : null;
  }

  #lookUp({ uri, scope }: Written, dotted: string, depth: number): Written | null {
    for (let outer = scope; outer !== ""; outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")))) {
      const own = dotted.includes(".") ? null : this.classes.get(uri, outer);
      const found = own && this.attribute(own, dotted);
      if (found) return found;
    }
    const dot = dotted.lastIndexOf(".");
    if (dot > 0) {
      const name = dotted.slice(dot + 1);
      const head = dotted.slice(0, dot);
      const owner = this.classes.findName(uri, head, scope);
      if (owner?.kind === "class") return this.attribute(owner.ref, name);
      if (name === "value") {
        const member = this.#lookUp({ uri, scope, expression: NAMELESS }, head, depth);
        if (member) return member;
      }
      const settings = this.#instanceOf(uri, head, depth);
      const found = settings && this.attribute(settings, name);
      if (found) return { ...found, expression: defaultIn(found.expression) };
    }
    const resolved = this.names.resolve(uri, dotted);
    if (resolved?.kind !== "definition" || resolved.rest.length > 0) return null;
    const value = this.assignment(resolved.uri, resolved.name)?.value;
    return value ? { uri: resolved.uri, scope: "", expression: value } : null;
  }

  /** The class of `settings = Settings()`, also through a function that returns it. */
  #instanceOf(uri: string, dotted: string, depth: number): ClassRef<PythonClass> | null {
    const resolved = this.names.resolve(uri, dotted);
    if (resolved?.kind !== "definition" || resolved.rest.length > 0 || depth > DEPTH) return null;
    const value = this.assignment(resolved.uri, resolved.name)?.value;
    return value ? this.#madeBy(resolved.uri, value, depth) : null;
  }

  #madeBy(uri: string, value: Expression, depth: number): ClassRef<PythonClass> | null {
    if (value.k !== "call") return null;
    const found = this.classes.find(uri, value.callee);
    if (found?.kind === "class") return found.ref;
    const name = dottedName(value.callee);
    const maker = name === null ? null : this.functionOf(uri, name);
    if (!maker || depth > DEPTH) return null;
    const declared = maker.item.returns && this.classes.find(maker.uri, maker.item.returns);
    if (declared?.kind === "class") return declared.ref;
    const [returned] = maker.item.returned;
    return returned ? this.#madeBy(maker.uri, returned, depth + 1) : null;
  }
}

const NAMELESS: Expression = { k: "name", value: "", span: [0, 0, 0, 0] };

/** `Field("/api", …)` and `Field(default="/api")` of a settings class stand for their default. */
function defaultIn(expression: Expression): Expression {
  if (expression.k !== "call" || !/^(Field|env|config)$/.test(calledName(expression) ?? ""))
    return expression;
  return argumentOf(expression, "default") ?? positionalArguments(expression)[0] ?? expression;
}

/** What stands right of `%`: one value, or those of a tuple. */
function argumentsOf(expression: Expression): readonly Argument[] {
  return (listItems(expression) ?? [expression]).map((value) => ({ name: null, value }));
}

/** The name in a hole of an f-string as an expression; null when it holds more than a name. */
function parseName(code: string): Expression | null {
  const text = code.trim();
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(text)) return null;
  const [first = "", ...rest] = text.split(".");
  const { span } = NAMELESS;
  return rest.reduce<Expression>((of, name) => ({ k: "member", of, name, span }), {
    k: "name",
    value: first,
    span,
  });
}

function namesIn(file: OutlineFacts | undefined): PythonNames {
  const defines = new Set<string>(file?.bound);
  for (const item of file?.classes ?? []) defines.add(item.name);
  for (const item of file?.functions ?? []) defines.add(item.name);
  for (const item of file?.assignments ?? []) if (item.operator === "=") defines.add(item.target);
  return { imports: file?.imports ?? [], defines };
}

/** Tests define models and routes of their own, which are no part of the backend. */
export function isTestFile(uri: string): boolean {
  return /(^|\/)(integration[_-])?(tests?|testing)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(uri);
}
