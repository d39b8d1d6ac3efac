import type { Expression } from "../../languages/expression.ts";
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
    const put = (value: Expression) => replaced(value, loop.name, item);
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
  readonly name: string;
  readonly scope: number;
  readonly list: PlacedExpression;
}

function loopOf(program: Program, uri: string, fact: CodeFact, entry: EntryFact): Loop | null {
  const callback = fact.iterations.find(({ scope }) => scope === entry.scope);
  if (callback) {
    const scope = fact.functions[entry.scope]?.scope ?? -1;
    return { name: callback.parameter, scope, list: { uri, scope, value: callback.list } };
  }
  const parts = [entry.on, entry.chained, entry.computed, ...entry.args].filter((part) => part !== null);
  for (const name of new Set(parts.flatMap((part) => leadingNames(part, 0)))) {
    const set = program.assigned(uri, entry.scope, name);
    if (set?.value.k !== "subscript" || set.value.index.length > 0) continue;
    return { name, scope: entry.scope, list: { ...set, value: set.value.of } };
  }
  return null;
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
      if (of.k === "dict") {
        const entry = of.entries.find(([key]) => key.k === "string" && key.value === value.name);
        if (entry) return entry[1];
      }
      return { ...value, of };
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
