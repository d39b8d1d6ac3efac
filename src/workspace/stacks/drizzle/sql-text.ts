import type { Expression } from "../../languages/expression.ts";
import type { DrizzleSchema } from "./schema.ts";

/**
 * SQL of a ``sql`…` `` template: columns stand by their key (`column` gives their name in the database), values that
 * are written out by their text, anything else as `…`. Null for what is no such template.
 */
export function sqlText(
  schema: DrizzleSchema,
  uri: string,
  value: Expression,
  column: (value: Expression) => string | null = () => null,
): string | null {
  const set = value.k === "name" || value.k === "member" ? schema.values.valueOf(uri, value) : null;
  if (set && set.value.k !== "name" && set.value.k !== "member")
    return sqlText(schema, set.uri, set.value, column);
  if (value.k === "call" && value.callee.k === "member") {
    const { of, name } = value.callee;
    // ``sql`…`.as("x")``, `sql.raw("…")`.
    if (of.k === "tagged") return sqlText(schema, uri, of, column);
    return of.k === "name" && of.value === "sql" && name === "raw"
      ? schema.values.textOf(uri, value.args[0]?.value)
      : null;
  }
  if (value.k !== "tagged" || !isSql(value.tag)) return null;
  const texts = value.values.map(
    (part) => column(part) ?? schema.values.textOf(uri, part) ?? sqlText(schema, uri, part, column) ?? "…",
  );
  return value.strings
    .map((piece, index) => piece + (texts[index] ?? ""))
    .join("")
    .trim();
}

function isSql(tag: Expression): boolean {
  return tag.k === "name" ? tag.value === "sql" : tag.k === "member" && tag.name === "sql";
}
