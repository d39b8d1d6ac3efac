import type { Migration, MigrationOperation } from "../../workspace/ir/migration.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { OutsideTable } from "./django-tables.ts";
import type { LabSchema, SchemaStatement } from "./lab-schema.ts";
import { modelSchema } from "./model-schema.ts";

/** Operations that run code of the project or change rows: the schema is the same without them. */
const NO_SCHEMA =
  /^(?:RunPython|SeparateDatabaseAndState|INSERT|UPDATE|DELETE|SELECT|COPY|op\.execute|op\.bulk_insert)\b/;
const CREATES = /^\s*CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w$."]+)/i;

/**
 * The schema that replaying the migrations gives, and what models describe besides it; null when the SQL of a migration
 * is not known, when migrations of several databases would be mixed, or when most models come from elsewhere.
 */
export function migrationSchema(
  migrations: readonly Migration[],
  models: readonly Model[],
  dialect: LabSchema["dialect"],
  near: string,
  outside: readonly OutsideTable[],
): LabSchema | null {
  if (migrations.length === 0 || new Set(migrations.map(({ stack }) => stack)).size > 1) return null;
  const operations = inOrder(migrations).flatMap((migration) =>
    migration.operations.map((operation) => ({ migration, operation })),
  );
  if (operations.some(({ operation }) => !isKnown(operation))) return null;
  const statements = operations.flatMap(({ migration, operation }) => statementsOf(migration, operation));
  const made = tablesMadeBy(statements);
  if (new Set(made).size < made.length) return null;
  const described = models.filter(
    ({ table, abstract, proxyOf }) => table !== null && !abstract && proxyOf === null,
  );
  const others = described.filter(({ table }) => !made.includes(bare(table ?? "")));
  if (others.length * 2 > described.length) return null;
  const rest = others.length === 0 ? null : modelSchema(others, dialect, near, outside);
  const choices = modelSchema(described, dialect, near).choices;
  const count = `${migrations.length} ${migrations.length === 1 ? "migration" : "migrations"}`;
  return {
    dialect,
    source: rest === null ? count : `${count}, and ${rest.source} that they do not create`,
    statements: [...statements, ...(rest?.statements ?? [])],
    repairs: rest?.repairs ?? [],
    choices,
  };
}

/** Whether it is known what an operation does to the schema. */
export function isKnown({ sql, name }: MigrationOperation): boolean {
  return sql !== null || NO_SCHEMA.test(name);
}

/** Tables that statements create, without schema and quotes. */
export function tablesMadeBy(statements: readonly SchemaStatement[]): readonly string[] {
  return statements.flatMap(({ sql }) => CREATES.exec(sql)?.[1] ?? []).map(bare);
}

/** What an operation does to the schema; nothing for one that runs code or changes rows. */
export function statementsOf(
  migration: Migration,
  { sql, name }: MigrationOperation,
): readonly SchemaStatement[] {
  if (sql === null || NO_SCHEMA.test(name)) return [];
  return sql.map((text) => ({ about: `${migration.name}: ${name}`, sql: text }));
}

/** A table's name without its schema and quotes. */
export function bare(table: string): string {
  return table.replaceAll('"', "").replace(/^.*\./, "").toLowerCase();
}

/** Whether an operation runs code of the project or changes rows alone. */
export function changesNoSchema({ name }: MigrationOperation): boolean {
  return NO_SCHEMA.test(name);
}

/** Each migration after those it depends on; otherwise as they were found. */
export function inOrder(migrations: readonly Migration[]): readonly Migration[] {
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const done = new Set<string>();
  const ordered: Migration[] = [];
  const visit = (migration: Migration): void => {
    if (done.has(migration.id)) return;
    done.add(migration.id);
    for (const id of migration.dependencies) {
      const before = byId.get(id);
      if (before !== undefined) visit(before);
    }
    ordered.push(migration);
  };
  for (const migration of migrations) visit(migration);
  return ordered;
}
