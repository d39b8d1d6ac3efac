import type { Catalog } from "../../workspace/catalog.ts";
import type { Migration, MigrationOperation } from "../../workspace/ir/migration.ts";
import { finding, type Rule } from "../rule.ts";

const CREATE_INDEX = /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)/i;

/** An index built in a migration without CONCURRENTLY blocks every write to the table until it is done. */
export const nonConcurrentIndex: Rule = {
  id: "migration/non-concurrent-index",
  title: "Index built without CONCURRENTLY",
  *check(catalog: Catalog) {
    for (const migration of catalog.migrations) {
      const created = new Set(migration.operations.filter(createsTable).map((operation) => operation.table));
      for (const [position, operation] of migration.operations.entries()) {
        const statement = operation.sql?.find((sql) => CREATE_INDEX.test(sql));
        // An index on a table of the same migration is built on an empty table.
        if (
          !statement ||
          createsTable(operation) ||
          (operation.table !== null && created.has(operation.table))
        )
          continue;
        if (isInitial(migration, catalog)) continue;
        yield finding({
          rule: this.id,
          severity: "warning",
          message: `${migration.name} builds an index on ${operation.table ?? "a table"} without CONCURRENTLY: writes to the table wait until it is built.`,
          object: migration,
          detail: String(position + 1),
          source: operation.source,
          evidence: [statement.trim()],
          fix: safeForm(migration, statement),
          notChecked: "the size of the table",
        });
      }
    }
  },
};

function createsTable(operation: MigrationOperation): boolean {
  return (
    operation.sql?.some((sql) => /^\s*CREATE\s+(?:UNLOGGED\s+|TEMP(?:ORARY)?\s+)?TABLE\b/i.test(sql)) ?? false
  );
}

/** The first migration of its line: nothing can be in its tables yet. */
function isInitial(migration: Migration, catalog: Catalog): boolean {
  return !migration.dependencies.some((id) => {
    const before = catalog.byId(id);
    return before?.kind === "migration" && before.app === migration.app;
  });
}

function safeForm(migration: Migration, statement: string): string {
  if (migration.stack === "django") {
    return "Use AddIndexConcurrently from django.contrib.postgres.operations and set atomic = False on the migration.";
  }
  return statement.trim().replace(/^(\s*CREATE\s+(?:UNIQUE\s+)?INDEX)\s+/i, "$1 CONCURRENTLY ");
}
