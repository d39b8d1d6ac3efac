import { argumentAt, argumentOf, booleanValue, listItems } from "../../languages/python/expressions.ts";
import { columnSql, identifier } from "./column-sql.ts";
import { readIndex } from "./index-operation.ts";
import { COMPUTED, type ReadOperation, UNREAD } from "./operation.ts";
import type { AksaraRegistry, WrittenCall } from "./registry.ts";

/** `op.CreateTable(…)` with the indexes that it lists. */
export function createTable(registry: AksaraRegistry, call: WrittenCall): ReadOperation {
  const { project } = registry;
  const nameGiven = argumentAt(call.expression, 0, "name");
  const table = nameGiven && project.text({ ...call, expression: nameGiven });
  const list = argumentAt(call.expression, 1, "fields");
  const items = list && project.items({ ...call, expression: list });
  if (!table || !items) return { ...UNREAD, table, reversible: true };
  const columns: string[] = [];
  const parts: string[] = [];
  const constraints: string[] = [];
  let gap: string | null = null;
  for (const item of items) {
    const [name, field] = listItems(item.expression) ?? [];
    const column = name ? project.text({ ...item, expression: name }) : null;
    if (column === null || field?.k !== "call") {
      gap ??= COMPUTED;
      continue;
    }
    columns.push(column);
    const made = columnSql(registry, { ...item, expression: field }, column, table);
    if (typeof made === "string") gap ??= made;
    else {
      parts.push(`${identifier(column)} ${made.definition}`);
      if (made.constraint !== null) constraints.push(made.constraint);
    }
  }
  const given = argumentOf(call.expression, "indexes");
  const indexes = (given ? project.items({ ...call, expression: given }) : []) ?? null;
  const makes = (indexes ?? []).map((item) => readIndex(registry, item));
  if (indexes === null || makes.includes(null)) gap ??= "an index in it is computed";
  const exists = booleanValue(argumentOf(call.expression, "if_not_exists")) === false ? "" : "IF NOT EXISTS ";
  const made = makes.flatMap((index) => index ?? []);
  const create = `CREATE TABLE ${exists}${identifier(table)} (\n    ${[...parts, ...constraints].join(",\n    ")}\n)`;
  return {
    ...UNREAD,
    table,
    columns,
    sql: gap === null ? [create, ...made.map(({ sql }) => sql)] : null,
    reverseSql: [`DROP TABLE IF EXISTS ${identifier(table)}`],
    reversible: true,
    gap,
    makes: made,
  };
}

/** The table between two, as `op.CreateManyToManyTable(…)` makes it. */
export function joinTable(join: string, source: string, target: string): string {
  const key = (side: "source" | "target", table: string) =>
    `    CONSTRAINT fk_${join}_${side} FOREIGN KEY (${side}_id) REFERENCES ${identifier(table)}(id) ON DELETE CASCADE`;
  return [
    `CREATE TABLE IF NOT EXISTS ${identifier(join)} (`,
    '    "id" UUID PRIMARY KEY DEFAULT gen_random_uuid(),',
    '    "source_id" UUID NOT NULL,',
    '    "target_id" UUID NOT NULL,',
    '    "created_at" TIMESTAMPTZ NOT NULL DEFAULT NOW(),',
    `${key("source", source)},`,
    `${key("target", target)},`,
    "    UNIQUE (source_id, target_id)",
    ")",
  ].join("\n");
}
