import type { Expression } from "../expression.ts";

/** An expression as text, without what stands inside of objects and functions. */
export function rendered(value: Expression): string {
  switch (value.k) {
    case "call":
      return `${rendered(value.callee)}(${value.args.map((argument) => rendered(argument.value)).join(", ")})`;
    case "member":
      return `${rendered(value.of)}.${value.name}`;
    case "name":
    case "number":
      return value.value;
    case "string":
      return JSON.stringify(value.value);
    case "list":
      return `[${value.items.map(rendered).join(", ")}]`;
    case "dict":
      return value.entries.length === 0 ? "{}" : "{…}";
    default:
      return "…";
  }
}
