import type { Expression } from "../../languages/expression.ts";
import { patternNames } from "./entries.ts";
import type { CodeFact, EntryFact } from "./facts.ts";
import type { PlacedExpression, Program } from "./program.ts";

/** Entries in the place of one that is run for each item of a list; null where the items are not written out here. */
export type Unrolled = readonly EntryFact[] | null;

/**
 * An entry inside of `routes.forEach((route) => router.use(route.path, route.router))`, or of a `for … of`, once for
 * each item of the list, with the item in the place of the name. Any other entry is given back as it is.
 */
export function unrolled(program: Program, uri: string, fact: CodeFact, entry: EntryFact): Unrolled {
  const loop = loopOf(program, uri, fact, entry);
  if (!loop) return [entry];
  const list = loop.list.value.k === "list" ? loop.list : program.settled(loop.list);
  // Items written in another file keep names that mean nothing here.
  if (list?.value.k !== "list" || list.uri !== uri) return null;
  return list.value.items.map((item) => {
    const put = (value: Expression) =>
      loop.names.reduce((whole, { name, of }) => replaced(whole, name, of(item)), value);
    return {
      ...entry,
      scope: loop.scope,
      on: put(entry.on),
      chained: entry.chained && put(entry.chained),
      computed: entry.computed && put(entry.computed),
      args: entry.args.map(put),
    };
  });
}

interface Loop {
  /** Names that stand for the item or a part of it. */
  readonly names: readonly { readonly name: string; readonly of: (item: Expression) => Expression }[];
  readonly scope: number;
  readonly list: PlacedExpression;
}

function loopOf(program: Program, uri: string, fact: CodeFact, entry: EntryFact): Loop | null {
  const callback = fact.iterations.find(({ scope }) => scope === entry.scope);
  if (callback) {
    const scope = fact.functions[entry.scope]?.scope ?? -1;
    const names = patternNames(callback.parameter);
    const isWhole = names[0] === callback.parameter;
    return {
      names: names.map((name) => ({ name, of: (item) => (isWhole ? item : partOf(item, name)) })),
      scope,
      list: { uri, scope, value: callback.list },
    };
  }
  const parts = [entry.on, entry.chained, entry.computed, ...entry.args].filter((part) => part !== null);
  const names: Loop["names"][number][] = [];
  let list: PlacedExpression | null = null;
  for (const name of new Set(parts.flatMap((part) => leadingNames(part)))) {
    const set = program.assigned(uri, entry.scope, name, entry.span);
    const each = set?.value.k === "member" ? set.value.of : set?.value;
    if (!set || each?.k !== "subscript" || each.index.length > 0) continue;
    const part = set.value.k === "member" ? set.value.name : null;
    names.push({ name, of: (item) => (part === null ? item : partOf(item, part)) });
    list ??= { ...set, value: each.of };
  }
  return list && { names, scope: entry.scope, list };
}

/** A property of an item: what stands there where the item is written out. */
function partOf(item: Expression, name: string): Expression {
  const entry =
    item.k === "dict" ? item.entries.find(([key]) => key.k === "string" && key.value === name) : undefined;
  return entry?.[1] ?? { k: "member", of: item, name, span: item.span };
}

/** Names that a value is made of, without what stands in functions. */
export function leadingNames(value: Expression, depth = 0): readonly string[] {
  if (depth > 4) return [];
  switch (value.k) {
    case "name":
      return [value.value];
    case "member":
    case "subscript":
      return leadingNames(value.of, depth + 1);
    case "call":
      return [value.callee, ...value.args.map((argument) => argument.value)].flatMap((part) =>
        leadingNames(part, depth + 1),
      );
    case "template":
      return (value.parts ?? []).flatMap((part) => leadingNames(part, depth + 1));
    case "binary":
      return [value.left, value.right].flatMap((part) => (part ? leadingNames(part, depth + 1) : []));
    case "dict":
      return value.entries.flatMap(([, entry]) => leadingNames(entry, depth + 1));
    default:
      return [];
  }
}

function replaced(value: Expression, name: string, by: Expression): Expression {
  switch (value.k) {
    case "name":
      return value.value === name ? by : value;
    case "member": {
      const of = replaced(value.of, name, by);
      return of.k === "dict" ? partOf(of, value.name) : { ...value, of };
    }
    case "subscript": {
      const of = replaced(value.of, name, by);
      const index = value.index[0];
      const item = of.k === "list" && index?.k === "number" ? of.items[Number(index.value)] : undefined;
      return item ?? { ...value, of };
    }
    case "call":
      return {
        ...value,
        callee: replaced(value.callee, name, by),
        args: value.args.map((argument) => ({ ...argument, value: replaced(argument.value, name, by) })),
      };
    case "template":
      return value.parts ? { ...value, parts: value.parts.map((part) => replaced(part, name, by)) } : value;
    case "binary":
      return {
        ...value,
        left: value.left && replaced(value.left, name, by),
        right: replaced(value.right, name, by),
      };
    default:
      return value;
  }
}
