import type { Catalog } from "../../workspace/catalog.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import { djangoTables, withOutside } from "./django-tables.ts";
import type { LabSchema } from "./lab-schema.ts";
import { bare, inOrder, isKnown, statementsOf, tablesMadeBy } from "./migration-schema.ts";
import { modelSchema } from "./model-schema.ts";

/** The schema that a migration meets. */
export interface SchemaBefore {
  readonly schema: LabSchema;
  /** What has to be run on it first: it takes the migration back, where the schema is one of after it. */
  readonly prelude: readonly string[];
}

/** What a migration runs, as far as it is known as SQL. */
export function statementsIn({ operations }: Migration): readonly string[] {
  return operations.flatMap(({ sql }) => sql ?? []);
}

/**
 * The schema before a migration: what those before it make, and models that no migration makes. Where one of them is not
 * known as SQL, the schema of today's models with the migration taken back, as far as it says how.
 */
export function schemaBefore(catalog: Catalog, migration: Migration): SchemaBefore {
  const dialect = "postgresql";
  const line = inOrder(catalog.migrations.filter(({ stack }) => stack === migration.stack));
  const earlier = line.slice(0, line.indexOf(migration));
  const later = statementsIn(migration);
  const outside = djangoTables(catalog.models, dialect);
  const operations = earlier.flatMap((before) =>
    before.operations.map((operation) => ({ before, operation })),
  );
  if (operations.some(({ operation }) => !isKnown(operation))) {
    const schema = withOutside(modelSchema(catalog.models, dialect, migration.uri, outside), outside);
    const prelude = migration.operations.toReversed().flatMap(({ reverseSql }) => reverseSql ?? []);
    return {
      schema: { ...schema, source: `${schema.source}, with the migration taken back`, later },
      prelude,
    };
  }
  const statements = operations.flatMap(({ before, operation }) => statementsOf(before, operation));
  // What a later migration makes is not there yet.
  const made = new Set(
    tablesMadeBy(
      line.flatMap((each) => each.operations.flatMap((operation) => statementsOf(each, operation))),
    ),
  );
  const others = catalog.models.filter(
    ({ table, abstract, proxyOf }) =>
      table !== null && !abstract && proxyOf === null && !made.has(bare(table)),
  );
  const rest = modelSchema(others, dialect, migration.uri, outside);
  const count = `${earlier.length} ${earlier.length === 1 ? "migration" : "migrations"} before it`;
  const schema: LabSchema = {
    dialect,
    source: others.length === 0 ? count : `${count}, and ${rest.source} that none of them creates`,
    statements: [...rest.statements, ...statements],
    repairs: rest.repairs,
    choices: rest.choices,
    later,
  };
  return { schema: withOutside(schema, outside), prelude: [] };
}
