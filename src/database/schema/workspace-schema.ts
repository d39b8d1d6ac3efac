import type { Catalog } from "../../workspace/catalog.ts";
import type { SqlDialect } from "../../workspace/ir/query.ts";
import type { SchemaReport } from "../lab.ts";
import { djangoTables, withOutside } from "./django-tables.ts";
import type { LabSchema } from "./lab-schema.ts";
import { migrationSchema } from "./migration-schema.ts";
import { modelSchema } from "./model-schema.ts";

/** The schema that a query of the workspace is planned on, or why there is none. */
export type ChosenSchema =
  | {
      readonly kind: "schema";
      readonly schema: LabSchema;
      /** What to take when `schema` cannot be built whole: migrations that do not replay. Null when there is no other. */
      readonly instead: LabSchema | null;
    }
  | { readonly kind: "none"; readonly reason: string };

/**
 * Which schema belongs to a query. `dialect`: what the query speaks, `unknown` takes that of the workspace. `near`: uri
 * of the query, "" for SQL given by hand.
 */
export function workspaceSchema(catalog: Catalog, dialect: SqlDialect, near: string): ChosenSchema {
  const wanted = dialect === "unknown" ? workspaceDialect(catalog) : dialect;
  if (wanted === "mysql") {
    return {
      kind: "none",
      reason: "MySQL cannot be embedded, and a plan of another database would say nothing about it",
    };
  }
  const engine = wanted === "sqlite" ? "sqlite" : "postgresql";
  const outside = djangoTables(catalog.models, engine);
  const models = modelSchema(catalog.models, engine, near, outside);
  const replayed = migrationSchema(catalog.migrations, catalog.models, engine, near, outside);
  const described = withOutside(models, outside);
  if (replayed !== null)
    return { kind: "schema", schema: withOutside(replayed, outside), instead: described };
  if (models.statements.length === 0) {
    return { kind: "none", reason: "no model or table of the workspace is known" };
  }
  return { kind: "schema", schema: described, instead: null };
}

/** The dialect that most queries and migrations of the workspace speak. */
export function workspaceDialect(catalog: Catalog): SqlDialect {
  const counts = new Map<SqlDialect, number>();
  for (const { dialect } of catalog.queries) {
    if (dialect !== "unknown") counts.set(dialect, (counts.get(dialect) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? "unknown";
}

/** Whether a schema was built so badly that another source is better: a table or a change of one is missing. */
export function isBroken({ failures }: SchemaReport): boolean {
  return failures.some(({ sql }) => /^\s*(?:CREATE|ALTER)\s+(?:UNLOGGED\s+)?TABLE\b/i.test(sql));
}

/** The other source, saying why the first was not taken. */
export function insteadOf({ source, failures }: SchemaReport, instead: LabSchema): LabSchema {
  const [first] = failures;
  const why = first === undefined ? "" : `: ${first.about} was rejected (${first.error.message})`;
  return { ...instead, repairs: [{ about: source, what: `not replayed${why}` }, ...instead.repairs] };
}
