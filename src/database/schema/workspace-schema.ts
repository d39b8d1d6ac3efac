import type { Catalog } from "../../workspace/catalog.ts";
import type { SqlDialect } from "../../workspace/ir/query.ts";
import type { LabSchema } from "./lab-schema.ts";
import { modelSchema } from "./model-schema.ts";

/** The schema that a query of the workspace is planned on, or why there is none. */
export type ChosenSchema =
  | { readonly kind: "schema"; readonly schema: LabSchema }
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
  const schema = modelSchema(catalog.models, wanted === "sqlite" ? "sqlite" : "postgresql", near);
  if (schema.statements.length === 0)
    return { kind: "none", reason: "no model or table of the workspace is known" };
  return { kind: "schema", schema };
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
