import type { Catalog } from "../../workspace/catalog.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import { finding, type Rule } from "../rule.ts";

const CREATE_INDEX = /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)/i;

/** An index built in a migration without CONCURRENTLY blocks every write to the table until it is done. */
export const nonConcurrentIndex: Rule = {
  id: "migration/non-concurrent-index",
  title: "Index built without CONCURRENTLY",
  *check(catalog: Catalog) {
    for (const migration of catalog.migrations) {
      if (isInitial(migration, catalog)) continue;
      const created = new Set(
        migration.operations.flatMap((operation) => (operation.sql ?? []).flatMap(createdRelation)),
      );
      for (const [position, operation] of migration.operations.entries()) {
        const statement = operation.sql?.find((sql) => CREATE_INDEX.test(sql));
        const table = statement ? indexedTable(statement) : null;
        // What the same migration creates is empty, or nobody reads it yet.
        if (!statement || table === null || created.has(table)) continue;
        yield finding({
          rule: this.id,
          severity: "warning",
          message: `${migration.name} builds an index on ${table} without CONCURRENTLY: writes to the table wait until it is built.`,
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

/** Table of a CREATE INDEX, without quotes and schema. */
function indexedTable(statement: string): string | null {
  const match = /\bON\s+(?:ONLY\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*)/i.exec(statement);
  return match?.[1] === undefined ? null : bareName(match[1]);
}

function createdRelation(statement: string): readonly string[] {
  const match =
    /^\s*CREATE\s+(?:UNLOGGED\s+|TEMP(?:ORARY)?\s+)?(?:TABLE|MATERIALIZED\s+VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*)/i.exec(
      statement,
    );
  return match?.[1] === undefined ? [] : [bareName(match[1])];
}

function bareName(qualified: string): string {
  const parts = qualified.match(/"[^"]+"|[\w$]+/g) ?? [qualified];
  return (parts.at(-1) ?? qualified).replaceAll('"', "");
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
