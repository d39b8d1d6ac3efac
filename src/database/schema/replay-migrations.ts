import type { Migration } from "../../workspace/ir/migration.ts";
import type { Model } from "../../workspace/ir/model.ts";
import { ddlDialect } from "./ddl-dialect.ts";
import type { LabSchema, SchemaStatement } from "./lab-schema.ts";
import { changesNoSchema, inOrder } from "./migration-schema.ts";

/** What migrations alone make, and what of them could not be said as SQL. */
export interface ReplayedMigrations {
  readonly schema: LabSchema;
  /** Operations whose SQL is not known, for people. */
  readonly unknown: readonly string[];
}

/**
 * The schema that migrations give, without anything that only models describe. Where the SQL of an operation that adds
 * a column is not known, the model's column stands for it, and that is told.
 */
export function replayMigrations(
  migrations: readonly Migration[],
  models: readonly Model[],
  dialect: LabSchema["dialect"],
): ReplayedMigrations {
  const ddl = ddlDialect(dialect);
  const unknown: string[] = [];
  const statements: SchemaStatement[] = [];
  for (const migration of inOrder(migrations)) {
    for (const operation of migration.operations) {
      const about = `${migration.name}: ${operation.name}`;
      if (operation.sql !== null) {
        if (!changesNoSchema(operation)) statements.push(...operation.sql.map((sql) => ({ about, sql })));
        continue;
      }
      if (changesNoSchema(operation)) continue;
      const model = models.find(({ table }) => table !== null && table === operation.table);
      const fields =
        model?.fields.filter(({ column }) => column !== null && operation.columns.includes(column)) ?? [];
      if (/add_?(?:field|column)/i.test(operation.name) && operation.table !== null && fields.length > 0) {
        for (const field of fields)
          statements.push({
            about,
            sql: `ALTER TABLE ${ddl.quoteTable(operation.table)} ADD COLUMN ${ddl.quote(field.column ?? "")} ${ddl.columnType(field).sql}${field.nullable ? "" : " NOT NULL"}`,
          });
        continue;
      }
      unknown.push(`${migration.name}: ${operation.summary}`);
    }
  }
  const outside = stubs(statements);
  const count = `${migrations.length} ${migrations.length === 1 ? "migration" : "migrations"}`;
  return {
    schema: { dialect, source: count, statements: [...outside, ...statements], repairs: [], choices: {} },
    unknown,
  };
}

/** Tables that statements refer to and none of them makes (those of installed apps): a key is all that is needed. */
function stubs(statements: readonly SchemaStatement[]): readonly SchemaStatement[] {
  const text = statements.map(({ sql }) => sql).join(";\n");
  const made = new Set(
    [...text.matchAll(/CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w$."]+)/gi)].map(
      (match) => plain(match[1]),
    ),
  );
  const found = new Map<string, SchemaStatement>();
  for (const [, table = "", column = ""] of text.matchAll(
    /REFERENCES\s+([\w$."]+)\s*\(\s*("[^"]+"|\w+)\s*\)/gi,
  ))
    if (!made.has(plain(table)) && !/RENAME TO/i.test(text))
      found.set(plain(table), {
        about: `table ${plain(table)} of somebody else`,
        sql: `CREATE TABLE IF NOT EXISTS ${table} (${column} integer PRIMARY KEY)`,
      });
  return [...found.values()];
}

function plain(name = ""): string {
  return name.replaceAll('"', "").toLowerCase();
}
