import { workspaceDialect } from "../../database/schema/workspace-schema.ts";
import { AksaraError } from "../../errors.ts";
import { slug } from "../migrations/migration-writer.ts";
import { scriptMigration } from "../migrations/write-sql.ts";
import {
  type FieldSpec,
  type Generated,
  type GeneratorContext,
  type ModelSpec,
  plural,
  referenced,
  type StackGenerator,
  snake,
} from "./generator.ts";

/** Tables of projects that keep their schema in SQL: a model is a migration. */
export const sqlGenerator: StackGenerator = { title: "SQL", model, viewset: null, test: null };

async function model(spec: ModelSpec, context: GeneratorContext): Promise<Generated> {
  const { catalog } = context;
  const dialect = workspaceDialect(catalog);
  const isPostgres = dialect !== "sqlite" && dialect !== "mysql";
  if (dialect === "mysql")
    throw new AksaraError(
      "TOOL_FAILED",
      "Tables of MySQL are not written: no engine is here to try them in.",
      {
        hint: "PostgreSQL and SQLite are.",
      },
    );
  const tables = catalog.models.filter(({ stack }) => stack === "sql");
  const inPlural = tables.filter(({ table }) => table?.endsWith("s")).length * 2 >= tables.length;
  const table = inPlural ? plural(snake(spec.name)) : snake(spec.name);
  if (tables.some((each) => each.table === table))
    throw new AksaraError("TOOL_INPUT_INVALID", `There is a table ${table} already.`);
  const indexes: string[] = [];
  const lines = [
    isPostgres ? "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY" : "id integer PRIMARY KEY",
  ];
  for (const field of spec.fields) {
    const { name, sql } = columnOf(field, isPostgres, context);
    lines.push(sql);
    if ((field.indexed || field.references !== undefined) && !field.unique)
      indexes.push(`CREATE INDEX ${table}_${name}_idx ON ${table} (${name})`);
  }
  const now = isPostgres ? "timestamptz NOT NULL DEFAULT now()" : "text NOT NULL DEFAULT current_timestamp";
  if (spec.timestamps) lines.push(`created_at ${now}`, `updated_at ${now}`);
  const create = `CREATE TABLE ${table} (\n    ${lines.join(",\n    ")}\n)`;
  const migrations = catalog.migrations.filter(
    ({ stack, uri }) => stack === "sql" && uri.startsWith(spec.path),
  );
  const written = await scriptMigration(
    { up: [create, ...indexes], down: [`DROP TABLE ${table}`] },
    slug(`create ${table}`),
    {
      migrations,
      today: new Date().toISOString().slice(0, 10),
      readText: async (uri) => (await context.readText(uri)) ?? "",
    },
  );
  return {
    files: written.files,
    notes: [
      ...written.notes,
      ...(written.reverse === null ? [] : [`The way back: ${written.reverse.trim()}`]),
    ],
  };
}

const TYPES: Readonly<Record<FieldSpec["type"], readonly [postgres: string, sqlite: string]>> = {
  string: ["varchar", "text"],
  text: ["text", "text"],
  integer: ["integer", "integer"],
  bigint: ["bigint", "integer"],
  decimal: ["numeric(12, 2)", "numeric"],
  float: ["double precision", "real"],
  boolean: ["boolean", "integer"],
  date: ["date", "text"],
  datetime: ["timestamptz", "text"],
  uuid: ["uuid", "text"],
  json: ["jsonb", "text"],
};

function columnOf(
  field: FieldSpec,
  isPostgres: boolean,
  { catalog }: GeneratorContext,
): { name: string; sql: string } {
  const target = referenced(field, catalog);
  const key = target?.fields.find(({ primaryKey }) => primaryKey);
  const name = target ? `${snake(field.name)}_id` : snake(field.name);
  const plain = TYPES[field.type][isPostgres ? 0 : 1];
  const type = target
    ? (key?.type.native ?? "bigint").replace(/^(?:big)?serial$/i, (word) =>
        /^big/i.test(word) ? "bigint" : "integer",
      )
    : plain === "varchar"
      ? `varchar(${field.length ?? 200})`
      : plain;
  const value = field.default;
  const text =
    typeof value === "string"
      ? `'${value.replaceAll("'", "''")}'`
      : isPostgres
        ? String(value)
        : String(Number(value));
  const actions = { cascade: "CASCADE", restrict: "RESTRICT", "set-null": "SET NULL" } as const;
  const parts = [
    name,
    type,
    ...(field.nullable ? [] : ["NOT NULL"]),
    ...(field.unique ? ["UNIQUE"] : []),
    ...(value === undefined ? [] : [`DEFAULT ${text}`]),
    ...(target
      ? [`REFERENCES ${target.table} (${key?.column ?? "id"}) ON DELETE ${actions[field.on_delete]}`]
      : []),
  ];
  return { name, sql: parts.join(" ") };
}
