import type { LabColumn, LabTable } from "../../database/lab.ts";
import type { TableDifference } from "../../database/schema/schema-difference.ts";
import { AksaraError } from "../../errors.ts";
import { hashText } from "../../workspace/hash.ts";
import type { Index } from "../../workspace/ir/model.ts";
import { commonNotes, type MigrationRequest, nameOf, type WrittenMigration } from "./migration-writer.ts";
import { pythonString } from "./python-text.ts";
import { keyName } from "./sql-steps.ts";

interface Operations {
  readonly up: string[];
  readonly down: string[];
  readonly notes: string[];
}

/** A revision of Alembic on top of the newest one. */
export async function writeAlembicRevision(request: MigrationRequest): Promise<WrittenMigration> {
  const { up, down, notes } = operationsOf(request.difference.tables);
  const parents = new Set(request.migrations.flatMap(({ dependencies }) => dependencies));
  const heads = request.migrations.filter(({ id }) => !parents.has(id));
  const [head] = heads;
  const text = head ? await request.readText(head.uri) : "";
  const revisionOf = (source: string) => /^revision\b[^=\n]*=\s*["']([^"']+)["']/m.exec(source)?.[1] ?? null;
  const before = await Promise.all(heads.map(async ({ uri }) => revisionOf(await request.readText(uri))));
  const known = before.filter((revision) => revision !== null);
  const body = [...up, ...down].join("\n");
  const revision = (hashText(`${known.join()}\n${body}`) + hashText(body)).slice(0, 12);
  const name = nameOf(request);
  const parent =
    known.length === 0
      ? "None"
      : known.length === 1
        ? pythonString(known[0] ?? "")
        : `(${known.map((each) => pythonString(each)).join(", ")})`;
  const isTyped = /^def upgrade\(\)\s*->/m.test(text) || text === "";
  const needsDialect = /\bpostgresql\./.test(body);
  const folder = head?.uri.split("/").slice(0, -1).join("/") ?? "migrations/versions";
  const content = `"""${name.replaceAll("_", " ")}

Revision ID: ${revision}
Revises: ${known.join(", ")}
Create Date: ${request.today} 00:00:00
"""

import sqlalchemy as sa
from alembic import op
${needsDialect ? "from sqlalchemy.dialects import postgresql\n" : ""}
revision = ${pythonString(revision)}
down_revision = ${parent}
branch_labels = None
depends_on = None


def upgrade()${isTyped ? " -> None" : ""}:
${indented(up)}


def downgrade()${isTyped ? " -> None" : ""}:
${indented(down.toReversed())}
`;
  return {
    files: [
      {
        uri: `${folder}/${fileName(head?.uri ?? "", revisionOf(text), revision, name, request.today)}`,
        content,
      },
    ],
    reverse: null,
    notes: [...commonNotes(request), ...notes, ...(heads.length > 1 ? ["It joins several heads."] : [])],
  };
}

/** Named as the newest one is: the date, the revision and the words where they stand in its name. */
function fileName(
  head: string,
  headRevision: string | null,
  revision: string,
  name: string,
  today: string,
): string {
  const file = head.split("/").at(-1) ?? "";
  if (headRevision === null || !file.includes(headRevision)) return `${revision}_${name}.py`;
  const [prefix = "", rest = ""] = file.split(headRevision);
  const [year = "", month = "", day = ""] = today.split("-");
  const dated = /^\d{4}[_-]\d{2}[_-]\d{2}/.test(prefix)
    ? prefix.replace(
        /^\d{4}([_-])\d{2}([_-])\d{2}/,
        (_, a: string, b: string) => `${year}${a}${month}${b}${day}`,
      )
    : prefix;
  return `${dated}${revision}${rest.slice(0, 1) || "_"}${name}.py`;
}

function operationsOf(tables: readonly TableDifference[]): Operations {
  const all: Operations = { up: [], down: [], notes: [] };
  const keys: Operations = { up: [], down: [], notes: [] };
  // Tables first, those that others refer to among them; keys last, so that circles are no trouble.
  for (const each of tables.filter(({ before }) => before === null)) createTable(each, all, keys);
  for (const each of tables.filter(({ before }) => before !== null)) changeTable(each, all, keys);
  return {
    up: [...all.up, ...keys.up],
    down: [...all.down, ...keys.down],
    notes: all.notes,
  };
}

function createTable(
  { table, model, addedIndexes }: TableDifference,
  all: Operations,
  keys: Operations,
): void {
  const lines = table.columns.map((column) => `    ${columnText(column, defaultOf(column, model))},`);
  if (table.primaryKey.length > 0)
    lines.push(
      `    sa.PrimaryKeyConstraint(${table.primaryKey.map((name) => pythonString(name)).join(", ")}),`,
    );
  all.up.push(
    `op.create_table(\n    ${tableArguments(table.name)[0]},\n${lines.join("\n")}${schemaLine(table.name)}\n)`,
  );
  all.down.push(`op.drop_table(${tableArguments(table.name).join(", ")})`);
  for (const { index, declared } of addedIndexes)
    all.up.push(...indexText(table.name, index, declared, all.notes));
  for (const key of table.foreignKeys) {
    keys.up.push(keyText(table.name, key, model));
    keys.down.push(dropKey(table.name, key));
  }
}

function changeTable(each: TableDifference, all: Operations, keys: Operations): void {
  const { table, model } = each;
  const [name = "", ...schema] = tableArguments(table.name);
  const where = schema.length === 0 ? "" : `, ${schema.join(", ")}`;
  for (const key of each.droppedKeys) {
    all.up.push(dropKey(table.name, key));
    all.down.push(keyText(table.name, key, model));
  }
  for (const index of each.droppedIndexes) {
    all.up.push(dropIndex(table.name, index.name));
    all.down.push(...indexText(table.name, index, null, all.notes));
  }
  for (const column of each.droppedColumns) {
    all.up.push(`op.drop_column(${name}, ${pythonString(column.name)}${where})`);
    all.down.push(`op.add_column(${name}, ${columnText(column, null)}${where})`);
  }
  for (const { column } of each.addedColumns) {
    all.up.push(`op.add_column(${name}, ${columnText(column, defaultOf(column, model))}${where})`);
    all.down.push(`op.drop_column(${name}, ${pythonString(column.name)}${where})`);
  }
  for (const { column, before } of each.changedColumns) {
    all.up.push(alterText(name, where, before, column));
    all.down.push(alterText(name, where, column, before));
  }
  for (const { index, declared } of each.addedIndexes) {
    const text = indexText(table.name, index, declared, all.notes);
    all.up.push(...text);
    if (text.length > 0) all.down.push(dropIndex(table.name, index.name));
  }
  for (const key of each.addedKeys) {
    keys.up.push(keyText(table.name, key, model));
    keys.down.push(dropKey(table.name, key));
  }
}

function alterText(table: string, where: string, from: LabColumn, to: LabColumn): string {
  const parts = [table, pythonString(to.name), `existing_type=${typeText(from)}`];
  if (from.type !== to.type)
    parts.push(`type_=${typeText(to)}`, `postgresql_using=${pythonString(`"${to.name}"::${to.type}`, "'")}`);
  parts.push(
    from.nullable === to.nullable
      ? `existing_nullable=${python(from.nullable)}`
      : `nullable=${python(to.nullable)}`,
  );
  return `op.alter_column(${parts.join(", ")}${where})`;
}

function columnText(column: LabColumn, value: string | null): string {
  const parts = [pythonString(column.name), typeText(column)];
  if (value !== null) parts.push(`server_default=sa.text(${pythonString(value)})`);
  parts.push(`nullable=${python(column.nullable)}`);
  return `sa.Column(${parts.join(", ")})`;
}

/** A default that the database itself has. */
function defaultOf({ name }: LabColumn, { fields }: TableDifference["model"]): string | null {
  const field = fields.find(({ column }) => column === name);
  const value = field?.default;
  if (value?.kind !== "database" || field?.generated || /nextval|autoincrement/i.test(value.text))
    return null;
  return value.text;
}

function indexText(
  table: string,
  { name, columns, unique, partial, method }: LabTable["indexes"][number],
  declared: Index | null,
  notes: string[],
): readonly string[] {
  const isSpecial = columns.includes(null) || partial;
  const isSql = declared?.columns.every(({ column, expression }) => column !== null || expression !== null);
  if (isSpecial && !isSql) {
    notes.push(
      `The index ${name} on ${table} has an expression or a condition that is not known: write it by hand.`,
    );
    return [];
  }
  const [bare = "", ...schema] = tableArguments(table);
  const parts = columns.map((column, at) =>
    column === null
      ? `sa.text(${pythonString(declared?.columns[at]?.expression ?? "")})`
      : pythonString(column),
  );
  const more = [
    ...(unique ? ["unique=True"] : []),
    ...schema,
    ...(method === "btree" ? [] : [`postgresql_using=${pythonString(method)}`]),
    ...(partial ? [`postgresql_where=sa.text(${pythonString(declared?.predicate ?? "")})`] : []),
  ];
  return [
    `op.create_index(${pythonString(name)}, ${bare}, [${parts.join(", ")}]${more.map((part) => `, ${part}`).join("")})`,
  ];
}

function dropIndex(table: string, name: string): string {
  const [bare, ...schema] = tableArguments(table);
  return `op.drop_index(${[pythonString(name), `table_name=${bare}`, ...schema].join(", ")})`;
}

function keyText(
  table: string,
  { columns, target, targetColumns }: LabTable["foreignKeys"][number],
  { relations }: TableDifference["model"],
): string {
  const onDelete = relations.find(
    (relation) => relation.direction === "forward" && String(relation.columns) === String(columns),
  )?.onDelete;
  const words =
    onDelete && onDelete !== "no-action" && onDelete !== "application"
      ? onDelete.replace("-", " ").toUpperCase()
      : null;
  const list = (names: readonly string[]) => `[${names.map((name) => pythonString(name)).join(", ")}]`;
  const [own = "", ownSchema] = tableArguments(table);
  const [other = "", otherSchema] = tableArguments(target);
  const parts = [pythonString(keyName(table, columns)), own, other, list(columns), list(targetColumns)];
  if (words !== null) parts.push(`ondelete=${pythonString(words)}`);
  if (ownSchema !== undefined) parts.push(ownSchema.replace("schema=", "source_schema="));
  if (otherSchema !== undefined) parts.push(otherSchema.replace("schema=", "referent_schema="));
  return `op.create_foreign_key(${parts.join(", ")})`;
}

function dropKey(table: string, { columns }: LabTable["foreignKeys"][number]): string {
  const [bare, ...schema] = tableArguments(table);
  return `op.drop_constraint(${[pythonString(keyName(table, columns)), bare, 'type_="foreignkey"', ...schema].join(", ")})`;
}

/** `"log", schema="audit"`. */
function tableArguments(table: string): readonly string[] {
  const dot = table.indexOf(".");
  if (dot === -1) return [pythonString(table)];
  return [pythonString(table.slice(dot + 1)), `schema=${pythonString(table.slice(0, dot))}`];
}

function schemaLine(table: string): string {
  const [, schema] = tableArguments(table);
  return schema === undefined ? "" : `\n    ${schema},`;
}

const TYPES: Readonly<Record<string, string>> = {
  smallint: "sa.SmallInteger()",
  integer: "sa.Integer()",
  bigint: "sa.BigInteger()",
  real: "sa.REAL()",
  "double precision": "sa.Float()",
  boolean: "sa.Boolean()",
  text: "sa.Text()",
  "character varying": "sa.String()",
  numeric: "sa.Numeric()",
  date: "sa.Date()",
  "time without time zone": "sa.Time()",
  "timestamp without time zone": "sa.DateTime()",
  "timestamp with time zone": "sa.DateTime(timezone=True)",
  interval: "sa.Interval()",
  uuid: "postgresql.UUID()",
  json: "postgresql.JSON()",
  jsonb: "postgresql.JSONB()",
  bytea: "sa.LargeBinary()",
  inet: "postgresql.INET()",
  cidr: "postgresql.CIDR()",
  tsvector: "postgresql.TSVECTOR()",
};

function typeText({ name, type, labels }: LabColumn): string {
  if (type.endsWith("[]"))
    return `postgresql.ARRAY(${typeText({ type: type.slice(0, -2), labels, name, nullable: true })})`;
  if (labels.length > 0)
    return `sa.Enum(${[...labels.map((label) => pythonString(label)), `name=${pythonString(type.replaceAll('"', ""))}`].join(", ")})`;
  const known = TYPES[type];
  if (known !== undefined) return known;
  const [, base = "", first, second] = /^([a-z ]+)\((\d+)(?:,(\d+))?\)$/.exec(type) ?? [];
  if (base === "character varying") return `sa.String(length=${first})`;
  if (base === "character") return `sa.CHAR(length=${first})`;
  if (base === "numeric") return `sa.Numeric(precision=${first}, scale=${second ?? 0})`;
  throw new AksaraError(
    "TOOL_FAILED",
    `${name || "A column"} has the type ${type}, which this cannot write for Alembic.`,
    {
      hint: "Write that one by hand, or let Alembic's autogenerate do it.",
    },
  );
}

function python(value: boolean): string {
  return value ? "True" : "False";
}

function indented(operations: readonly string[]): string {
  const lines = operations.length === 0 ? ["pass"] : operations;
  return lines.map((operation) => operation.replace(/^/gm, "    ")).join("\n");
}
