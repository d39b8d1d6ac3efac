import type { Constraint, Field, Index, Model, Relation } from "../../workspace/ir/model.ts";

/** One line per field, as prompts carry it. */
export function fieldLine(field: Field): string {
  const type = field.type.native ?? field.type.logical;
  const traits = [
    `${field.type.declared}${type.toLowerCase() === field.type.declared.toLowerCase() ? "" : ` (${type})`}`,
    field.column === null ? "no column" : field.column === field.name ? null : `column ${field.column}`,
    field.primaryKey ? "primary key" : null,
    field.nullable ? "nullable" : "not null",
    field.unique && !field.primaryKey ? "unique" : null,
    field.indexed ? "indexed" : null,
    field.generated ? "filled by the database" : null,
    field.default ? defaultText(field) : null,
    field.type.values.length > 0 ? `one of ${field.type.values.map(valueText).join(", ")}` : null,
    field.inheritedFrom ? `inherited from ${field.inheritedFrom}` : null,
    field.documentation ? `documented: ${field.documentation}` : null,
  ];
  return `${field.name}: ${traits.filter((trait) => trait !== null).join("; ")}`;
}

/** Values as written; those that would be hard to tell apart in a list are quoted. */
function valueText(value: string): string {
  return /^[^\s,"]+$/.test(value) ? value : JSON.stringify(value);
}

function defaultText(field: Field): string {
  if (!field.default) return "";
  const { kind, text } = field.default;
  if (kind === "literal") return `default ${text}`;
  return kind === "application"
    ? `default ${text} (set by the application)`
    : `default ${text} (set by the database)`;
}

export function relationLine(relation: Relation): string {
  const arrow = relation.direction === "forward" ? "→" : "←";
  const traits = [
    relation.kind,
    relation.through ? `through ${relation.through}` : null,
    relation.columns.length > 0 ? `by ${relation.columns.join(", ")}` : null,
    relation.onDelete ? `on delete ${relation.onDelete}` : null,
    relation.onUpdate ? `on update ${relation.onUpdate}` : null,
    relation.inverse ? `inverse ${relation.inverse}` : null,
    relation.enforced ? null : "not enforced by the database",
    relation.targetId ? null : "target not found in the workspace",
  ];
  return `${relation.name} ${arrow} ${relation.target}: ${traits.filter((trait) => trait !== null).join("; ")}`;
}

export function indexLine(index: Index): string {
  const columns = index.columns.map(
    (column) =>
      `${column.column ?? column.expression ?? "?"}${column.opclass ? ` ${column.opclass}` : ""}${column.order === "desc" ? " DESC" : ""}${column.nulls ? ` NULLS ${column.nulls.toUpperCase()}` : ""}`,
  );
  const traits = [
    index.unique ? "unique" : null,
    index.method === "btree" ? null : index.method,
    index.include.length > 0 ? `includes ${index.include.join(", ")}` : null,
    index.predicate ? `only where ${index.predicate}` : null,
    index.origin === "declared" ? null : `implied by ${index.origin}`,
  ].filter((trait) => trait !== null);
  return `${index.name ?? "(unnamed)"} on (${columns.join(", ")})${traits.length > 0 ? `: ${traits.join("; ")}` : ""}`;
}

export function constraintLine(constraint: Constraint): string {
  const traits = [
    constraint.columns.length > 0 ? `(${constraint.columns.join(", ")})` : null,
    constraint.expression,
    constraint.deferrable ? "deferrable" : null,
  ].filter((trait) => trait !== null);
  return `${constraint.kind} ${constraint.name ?? "(unnamed)"} ${traits.join(" ")}`.trimEnd();
}

/** What a model is, in one line: table, kind, bases. */
export function modelTraits(model: Model): readonly string[] {
  return [
    storageLine(model),
    model.proxyOf ? `proxy of: ${model.proxyOf}` : null,
    model.managed ? null : "not managed: migrations do not create this table",
    model.bases.length > 0 ? `bases: ${model.bases.join(", ")}` : null,
    model.ordering.length > 0 ? `default order: ${model.ordering.join(", ")}` : null,
    `stack: ${model.stack}`,
    `found as: ${model.reason} (${model.confidence})`,
    model.documentation ? `documentation: ${model.documentation}` : null,
  ].filter((trait) => trait !== null);
}

function storageLine(model: Model): string {
  if (model.table === null) return "table: none (abstract)";
  return model.documents
    ? `collection: ${model.table}: documents of MongoDB and no table. SQL and DDL do not apply: constraints are validators of the schema or unique indexes, indexes are those of the schema or of createIndex`
    : `table: ${model.table}`;
}
