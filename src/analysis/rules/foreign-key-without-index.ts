import type { Catalog } from "../../workspace/catalog.ts";
import type { Index, Model, Relation } from "../../workspace/ir/model.ts";
import { finding, type Rule } from "../rule.ts";

/**
 * A foreign key whose columns lead no index: deleting or updating the parent scans the child, and so does every
 * join from the parent.
 */
export const foreignKeyWithoutIndex: Rule = {
  id: "schema/foreign-key-without-index",
  title: "Foreign key without an index",
  *check(catalog: Catalog) {
    for (const model of catalog.models) {
      if (model.abstract || model.table === null || model.proxyOf !== null || model.confidence === "partial")
        continue;
      // Documents have no foreign keys, and no SQL makes an index for them.
      if (model.documents) continue;
      for (const relation of model.relations) {
        if (
          relation.direction !== "forward" ||
          relation.columns.length === 0 ||
          relation.kind === "many-to-many"
        )
          continue;
        if (isIndexed(model, relation)) continue;
        const columns = relation.columns.join(", ");
        yield finding({
          rule: this.id,
          severity: "warning",
          message: `${model.qualifiedName}.${relation.name} refers to ${relation.target}, but no index of ${model.table} begins with (${columns}).`,
          object: model,
          detail: relation.columns.join("+"),
          source: relation.source,
          evidence: [
            `foreign key on (${columns})${relation.enforced ? "" : ", not enforced by the database"}`,
            `indexes of ${model.table}: ${model.indexes.map(indexText).join("; ") || "none"}`,
          ],
          fix: `CREATE INDEX CONCURRENTLY ON ${model.table} (${columns});`,
          notChecked: "the size of the table and how often the parent is deleted or joined",
        });
      }
    }
  },
};

/** A partial index does not count: it cannot answer for all rows. */
function isIndexed(model: Model, relation: Relation): boolean {
  const wanted = new Set(relation.columns);
  const keys = [
    ...model.indexes
      .filter((index) => index.predicate === null && (index.method === "btree" || index.method === "hash"))
      .map((index) => index.columns.map((column) => column.column)),
    ...model.constraints
      .filter(
        (constraint) =>
          (constraint.kind === "unique" || constraint.kind === "primary-key") &&
          constraint.expression === null,
      )
      .map((constraint) => constraint.columns),
    model.fields.filter((field) => field.primaryKey).map((field) => field.column),
    ...model.fields.filter((field) => field.indexed || field.unique).map((field) => [field.column]),
  ];
  return keys.some((columns) => {
    const leading = columns.slice(0, wanted.size);
    return leading.length === wanted.size && leading.every((column) => column !== null && wanted.has(column));
  });
}

function indexText(index: Index): string {
  const columns = index.columns.map((column) => column.column ?? column.expression ?? "?").join(", ");
  return `(${columns})${index.predicate ? " partial" : ""}`;
}
