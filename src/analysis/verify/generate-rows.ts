import * as z from "zod/mini";
import { literal, quotedName } from "../../database/lab/table-statistics.ts";
import type { LabSession, LabTable, LabTrial } from "../../database/lab.ts";
import { AksaraError } from "../../errors.ts";

/** A table with what rows of it have to keep to. */
export interface FillableTable {
  readonly table: LabTable;
  readonly columns: readonly FillableColumn[];
}

const columnSchema = z.object({
  table: z.string(),
  name: z.string(),
  /** Base type, without length. */
  type: z.string(),
  length: z.nullable(z.number()),
  nullable: z.boolean(),
  labels: z.array(z.string()),
  /** Definitions of the checks that name it, its own and those of its domain. */
  checks: z.array(z.string()),
});
export type FillableColumn = z.infer<typeof columnSchema>;

const COLUMNS = `
SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS "table", a.attname AS name,
  format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL) AS type,
  CASE WHEN t.oid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
  NOT a.attnotnull AS nullable,
  (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
  (SELECT coalesce(json_agg(pg_get_constraintdef(k.oid)), '[]') FROM pg_constraint k
    WHERE k.contype = 'c' AND (k.conrelid = c.oid AND a.attnum = ANY (k.conkey) OR k.contypid = a.atttypid)) AS checks
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY c.oid, a.attnum`;

/** The tables of these names and those that they refer to; the referred ones first, as far as they are in no circle. */
export async function fillableTables(
  session: LabSession,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<readonly FillableTable[]> {
  const { tables } = await session.report(signal);
  const answer = await session.run(COLUMNS, { maxRows: 100_000, signal });
  if (answer.kind === "rejected")
    throw new AksaraError("RUNTIME_ERROR", `The lab does not list its columns: ${answer.error.message}.`);
  const columns = answer.rows.map((row) =>
    columnSchema.parse(Object.fromEntries(answer.columns.map((column, index) => [column, row[index]]))),
  );
  const ordered: LabTable[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const table = tables.find((candidate) => candidate.name === name);
    if (table === undefined || seen.has(name)) return;
    seen.add(name);
    for (const { target } of table.foreignKeys) visit(target);
    ordered.push(table);
  };
  for (const name of names) visit(name);
  return ordered.map((table) => ({
    table,
    columns: columns.filter((column) => column.table === table.name),
  }));
}

/** Statements that put one row each into tables; the same for the same seed. Values repeat, so that conditions meet. */
export function rowStatements(
  tables: readonly FillableTable[],
  constants: readonly string[],
  rows: number,
  seed: number,
): readonly string[] {
  const random = randomFrom(seed);
  const filled = new Map<string, Map<string, string>[]>();
  const statements: string[] = [];
  for (const { table, columns } of tables) {
    const made: Map<string, string>[] = [];
    filled.set(table.name, made);
    for (let number = 1; number <= rows; number++) {
      const row = new Map(
        columns.map((column) => [column.name, generatedValue(column, number, constants, random)]),
      );
      for (const key of table.foreignKeys) {
        const parents = filled.get(key.target) ?? [];
        // Some parents have many children, others none.
        const parent = parents[Math.floor(random() ** 3 * parents.length)];
        const mayBeNull = columns.some(({ name, nullable }) => nullable && key.columns.includes(name));
        for (const [index, column] of key.columns.entries()) {
          const value = parent?.get(key.targetColumns[index] ?? "");
          if (value !== undefined && !(mayBeNull && random() < NULLS)) row.set(column, value);
          else if (mayBeNull) row.set(column, "NULL");
        }
      }
      if (repeatsKey(table, row, made)) continue;
      made.push(row);
      const names = [...row.keys()].map((name) => `"${name.replaceAll('"', '""')}"`);
      statements.push(
        `INSERT INTO ${quotedName(table.name)} (${names.join(", ")}) OVERRIDING SYSTEM VALUE VALUES (${[...row.values()].join(", ")})`,
      );
    }
  }
  return statements;
}

/** Puts rows into tables, or changes them, without triggers and references; what a check refuses is left out. Resolves to
 * the statements that were taken. */
export async function insertRows(
  into: Pick<LabTrial, "apply">,
  statements: readonly string[],
): Promise<readonly string[]> {
  // Triggers of the schema would change what was made up.
  await into.apply("SET session_replication_role = replica");
  const inserted: string[] = [];
  for (const statement of statements) if ((await into.apply(statement)) === null) inserted.push(statement);
  await into.apply("RESET session_replication_role");
  return inserted;
}

/** The share of empty values, where a column allows them. */
const NULLS = 0.2;

function repeatsKey(
  { uniqueKeys }: LabTable,
  row: ReadonlyMap<string, string>,
  made: readonly ReadonlyMap<string, string>[],
): boolean {
  return uniqueKeys.some((key) =>
    made.some((other) =>
      key.every((column) => other.get(column) === row.get(column) && row.get(column) !== "NULL"),
    ),
  );
}

function generatedValue(
  column: FillableColumn,
  number: number,
  constants: readonly string[],
  random: () => number,
): string {
  const { nullable, labels, checks, type, length } = column;
  if (nullable && random() < NULLS) return "NULL";
  const pick = <Value>(values: readonly Value[], otherwise: Value): Value =>
    values[Math.floor(random() * values.length)] ?? otherwise;
  if (labels.length > 0) return literal(pick(labels, ""));
  const listed = checkedTexts(checks);
  if (listed.length > 0 && isText(type)) return literal(pick(listed, ""));
  return valueFor(type, length, number, constants, random, pick);
}

/** Texts that checks name: those that a column takes, and that queries ask for. */
export function checkedTexts(checks: readonly string[]): readonly string[] {
  return checks.flatMap((check) =>
    [...check.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) => text.replaceAll("''", "'")),
  );
}

function isText(type: string): boolean {
  return /^(?:text|citext|character|character varying|name)$/.test(type);
}

/** Every value that stands in the query is among those of its type. */
export function valueFor(
  type: string,
  length: number | null,
  number: number,
  constants: readonly string[],
  random: () => number,
  pick: <Value>(values: readonly Value[], otherwise: Value) => Value,
): string {
  if (type.endsWith("[]")) return "'{}'";
  if (isText(type)) {
    const words = ["", "a", "A", "ab", "b b", `t${number}`, `t${number + 1}`, ...constants];
    return literal(pick(words, "a").slice(0, length ?? undefined));
  }
  const numbers = constants.filter((constant) => /^-?\d+(?:\.\d+)?$/.test(constant) && constant.length < 9);
  switch (type) {
    case "smallint":
    case "integer":
    case "bigint":
      return pick(
        ["1", "2", "3", String(number), String(number), ...numbers.map((text) => text.split(".")[0] ?? text)],
        "1",
      );
    case "numeric":
    case "real":
    case "double precision":
    case "money":
      return pick(["0", "1", "1.5", "10", String(number), ...numbers], "1");
    case "boolean":
      return random() < 0.5 ? "true" : "false";
    case "uuid":
      return `'00000000-0000-4000-8000-${String(1 + Math.floor(random() * (number + 2))).padStart(12, "0")}'::uuid`;
    case "date":
      return `current_date - ${pick([0, 1, number, 30, 400], 1)}`;
    case "timestamp without time zone":
    case "timestamp with time zone":
      return `now() - interval '${pick([number, 60 + number, 3_000 + number, 90_000 + number, 900_000 + number], number)} minutes'`;
    case "time without time zone":
    case "time with time zone":
      return `'${pick(["08:00", "12:30"], "12:30")}'`;
    case "interval":
      return `interval '${number} minutes'`;
    case "json":
    case "jsonb":
      return pick(["'{}'", `'{"a": 1}'`, `'{"a": "b"}'`], "'{}'");
    case "inet":
    case "cidr":
      return "'10.0.0.1'";
    case "bytea":
      return "'\\x00'";
    default:
      return "NULL";
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32, in the public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
