import type { Expression } from "../../languages/expression.ts";
import type { CodeFact, EntryFact } from "./facts.ts";
import type { PlacedExpression, Program } from "./program.ts";

/**
 * An entry inside of `routes.forEach((route) => router.use(route.path, route.router))`, once for each item of the
 * list, with the item in the place of the parameter. Any other entry is given back as it is.
 */
export function unrolled(
  program: Program,
  uri: string,
  fact: CodeFact,
  entry: EntryFact,
): readonly EntryFact[] {
  const iteration = fact.iterations.find(({ scope }) => scope === entry.scope);
  if (!iteration) return [entry];
  const scope = fact.functions[entry.scope]?.scope ?? -1;
  const list = listOf(program, { uri, scope, value: iteration.list });
  // Items written in another file keep names that mean nothing here.
  if (list?.value.k !== "list" || list.uri !== uri) return [entry];
  return list.value.items.map((item) => {
    const put = (value: Expression) => replaced(value, iteration.parameter, item);
    return {
      ...entry,
      scope,
      on: put(entry.on),
      path: entry.path && put(entry.path),
      items: entry.items.map(put),
    };
  });
}

function listOf(program: Program, placed: PlacedExpression): PlacedExpression | null {
  if (placed.value.k === "list") return placed;
  if (placed.value.k !== "name") return null;
  return program.assigned(placed.uri, placed.scope, placed.value.value);
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
