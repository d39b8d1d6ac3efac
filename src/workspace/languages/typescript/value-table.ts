import type { Expression } from "../expression.ts";
import type { ProjectConfig } from "./module-location.ts";
import type { FunctionValue, ModuleValues } from "./module-values.ts";
import { NameResolver, type Origin } from "./name-resolution.ts";

/** An expression and the file its names are to be read in. */
export interface PlacedValue {
  readonly uri: string;
  readonly value: Expression;
}

interface FileValues {
  readonly values: ReadonlyMap<string, Expression>;
  readonly functions: ReadonlyMap<string, FunctionValue>;
  readonly bySpan: ReadonlyMap<string, FunctionValue>;
}

const DEPTH = 12;

/** What names, members and calls of a workspace stand for, over any number of files. */
export class ValueTable {
  readonly resolver: NameResolver;
  readonly #files = new Map<string, FileValues>();

  constructor(files: ReadonlyMap<string, ModuleValues>, configs: ReadonlyMap<string, ProjectConfig>) {
    this.resolver = new NameResolver(new Map([...files].map(([uri, { names }]) => [uri, names])), configs);
    for (const [uri, { values, functions }] of files) {
      const byPath = new Map<string, FunctionValue>();
      for (const entry of functions) {
        if (entry.path !== null && !byPath.has(entry.path)) byPath.set(entry.path, entry);
      }
      this.#files.set(uri, {
        values: new Map([...values].reverse()),
        functions: byPath,
        bySpan: new Map(functions.map((entry) => [entry.span.join(), entry])),
      });
    }
  }

  /** Where a name or a chain of members leads: to a declaration of the workspace or into a package. */
  originOf(uri: string, value: Expression, depth = 0): Origin | null {
    if (depth > DEPTH) return null;
    if (value.k === "name") return this.#followed(this.resolver.resolve(uri, value.value), depth);
    if (value.k === "call" && value.callee.k === "name" && value.callee.value === "require") {
      const module = value.args[0]?.value;
      return module?.k === "string" ? this.resolver.resolveModule(uri, module.value) : null;
    }
    if (value.k !== "member") return null;
    const of = this.originOf(uri, value.of, depth + 1);
    return of && this.#followed(this.resolver.member(of, value.name), depth);
  }

  /** The value behind names and members; the value itself where it is neither. Null: a package's, or unknown. */
  valueOf(uri: string, value: Expression, depth = 0): PlacedValue | null {
    if (value.k !== "name" && value.k !== "member") return { uri, value };
    if (depth > DEPTH) return null;
    const origin = this.originOf(uri, value);
    if (origin?.kind === "workspace") {
      const direct = this.#files.get(origin.uri)?.values.get(origin.name);
      if (direct) return this.valueOf(origin.uri, direct, depth + 1);
    }
    if (value.k === "name") return null;
    const owner = this.valueOf(uri, value.of, depth + 1);
    const property = owner && this.property(owner, value.name);
    return property && this.valueOf(property.uri, property.value, depth + 1);
  }

  /** The value of a property of an object that is written out, also of one that is spread into it. */
  property(owner: PlacedValue, name: string, depth = 0): PlacedValue | null {
    const { uri, value } = owner;
    if (value.k !== "dict" || depth > DEPTH) return null;
    for (const [key, entry] of [...value.entries].reverse()) {
      if (key.k === "string" && key.value === name) return { uri, value: entry };
      if (key.k !== "name" || key.value !== "...") continue;
      const spread = this.valueOf(uri, entry);
      const found = spread && this.property(spread, name, depth + 1);
      if (found) return found;
    }
    return null;
  }

  /** The text an expression stands for; null where it is not written out. */
  textOf(uri: string, value: Expression | null | undefined, depth = 0): string | null {
    if (!value || depth > DEPTH) return null;
    switch (value.k) {
      case "string":
        return value.value;
      case "number":
        return value.value;
      case "template": {
        const parts = value.parts?.map((part) => this.textOf(uri, part, depth + 1)) ?? [null];
        return parts.some((part) => part === null) ? null : parts.join("");
      }
      case "binary": {
        // `process.env.PREFIX ?? "api"`: what holds where nothing is configured.
        if (value.op === "??" || value.op === "||") return this.textOf(uri, value.right, depth + 1);
        if (value.op !== "+" || !value.left) return null;
        const left = this.textOf(uri, value.left, depth + 1);
        const right = this.textOf(uri, value.right, depth + 1);
        return left === null || right === null ? null : left + right;
      }
      case "name":
      case "member": {
        const found = this.valueOf(uri, value);
        return found ? this.textOf(found.uri, found.value, depth + 1) : null;
      }
      default:
        return null;
    }
  }

  /** The function that an expression is or names. */
  functionOf(uri: string, value: Expression): { readonly uri: string; readonly fact: FunctionValue } | null {
    if (value.k === "function") {
      const fact = this.#files.get(uri)?.bySpan.get(value.span.join());
      return fact ? { uri, fact } : null;
    }
    const origin = this.originOf(uri, value);
    if (origin?.kind !== "workspace") return null;
    const fact = this.#files.get(origin.uri)?.functions.get(origin.name);
    return fact ? { uri: origin.uri, fact } : null;
  }

  /** What `() => X` gives: the function's only result. */
  resultOf(uri: string, value: Expression): PlacedValue | null {
    const found = this.functionOf(uri, value);
    const [only] = found?.fact.returned ?? [];
    return found && only ? { uri: found.uri, value: only } : null;
  }

  /** `const a = b` leads on to what `b` is. */
  #followed(origin: Origin | null, depth: number): Origin | null {
    if (origin?.kind !== "workspace") return origin;
    const value = this.#files.get(origin.uri)?.values.get(origin.name);
    const leads = value?.k === "member" || (value?.k === "name" && value.value !== origin.name);
    return leads ? (this.originOf(origin.uri, value, depth + 1) ?? origin) : origin;
  }
}

/** Values of the string keys of an object; spreads and computed keys are left out. */
export function dictOf(value: Expression | null | undefined): ReadonlyMap<string, Expression> {
  if (value?.k !== "dict") return new Map();
  return new Map(
    value.entries.flatMap(([key, entry]) => (key.k === "string" ? [[key.value, entry] as const] : [])),
  );
}

/** Items of a list; a single value for a list of its own. */
export function itemsOf(value: Expression | null | undefined): readonly Expression[] {
  if (!value) return [];
  return value.k === "list" ? value.items : [value];
}

/** Puts values in the place of names: what a function gives back for given arguments. */
export function substituted(value: Expression, by: ReadonlyMap<string, Expression>): Expression {
  const inside = (part: Expression) => substituted(part, by);
  switch (value.k) {
    case "name":
      return by.get(value.value) ?? value;
    case "member":
      return { ...value, of: inside(value.of) };
    case "call":
      return {
        ...value,
        callee: inside(value.callee),
        args: value.args.map((argument) => ({ ...argument, value: inside(argument.value) })),
      };
    case "list":
      return { ...value, items: value.items.map(inside) };
    case "dict":
      return { ...value, entries: value.entries.map(([key, entry]) => [key, inside(entry)] as const) };
    case "template":
      return value.parts ? { ...value, parts: value.parts.map(inside) } : value;
    case "binary":
      return { ...value, left: value.left && inside(value.left), right: inside(value.right) };
    default:
      return value;
  }
}
