import {
  argumentOf,
  type Call,
  calledName,
  positionalArguments,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { Written } from "../python/project.ts";
import { type ColumnSpec, readColumn } from "./column-spec.ts";
import type { ModelInfo, ModelRegistry } from "./registry.ts";

/** Reads `Table("name", metadata, Column(…), …)`; null when its name is computed or it has no columns. */
export function readTable(
  registry: ModelRegistry,
  call: Written & { readonly expression: Call },
  source: SourceRef,
): Pick<ModelInfo, "table" | "schema" | "columns" | "extras"> | null {
  const { project } = registry;
  const [first, ...others] = positionalArguments(call.expression);
  // `db.Table` of Flask-SQLAlchemy knows its metadata itself.
  const [second] = others;
  const isPart = second !== undefined && /^(Column|\w*Constraint|Index)$/.test(calledName(second) ?? "");
  const rest = isPart ? others : others.slice(1);
  const table = first ? project.text({ ...call, expression: first }) : null;
  if (table === null) return null;
  const columns: ColumnSpec[] = [];
  const extras: Written[] = [];
  for (const item of rest) {
    const at = project.constant({ ...call, expression: item });
    if (at.expression.k !== "call") continue;
    if (calledName(at.expression) !== "Column") {
      extras.push(at);
      continue;
    }
    const name = positionalArguments(at.expression)[0] ?? argumentOf(at.expression, "name");
    const text = name && project.text({ ...at, expression: name });
    if (!text) continue;
    columns.push(
      readColumn(project, text, [{ ...at, expression: at.expression }], registry.sourceOr(at, source)),
    );
  }
  const schema = argumentOf(call.expression, "schema");
  if (columns.length === 0) return null;
  return { table, schema: schema && project.text({ ...call, expression: schema }), columns, extras };
}
