import type { Finding } from "../../protocol/finding.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { Field, Model } from "../../workspace/ir/model.ts";
import type { ModelUse } from "../../workspace/ir/reference.ts";
import { code, escapeMarkdown, table } from "../pack/markdown.ts";
import { constraintLine, indexLine, relationLine } from "./model-lines.ts";
import { findingsMarkdown, plural } from "./summary-parts.ts";

interface ModelContext {
  readonly migrations: readonly Migration[];
  readonly uses: readonly ModelUse[];
  readonly findings: readonly Finding[];
  readonly personal: readonly string[];
}

/** The facts about a model as a page for a person. */
export function modelSummary(model: Model, context: ModelContext): string {
  const files = new Set(context.uses.map((use) => use.uri)).size;
  const facts = [
    model.table ? `${model.documents ? "collection" : "table"} ${code(model.table)}` : "abstract, no table",
    plural(model.fields.length, "field"),
    plural(model.relations.length, "relation"),
    plural(model.indexes.length, "index", "indexes"),
    plural(model.constraints.length, "constraint"),
    context.uses.length > 0
      ? `used ${plural(context.uses.length, "time")} in ${plural(files, "file")}`
      : "no use found",
  ];
  const parts = [`## ${escapeMarkdown(model.qualifiedName)}`, facts.join(" · ")];
  if (model.documentation) parts.push(`> ${escapeMarkdown(model.documentation)}`);
  if (context.findings.length > 0) parts.push("### Findings", findingsMarkdown(context.findings));
  parts.push("### Fields", table(["Field", "Type", "Null", "Default", "Notes"], model.fields.map(fieldRow)));
  if (model.relations.length > 0) parts.push("### Relations", bullets(model.relations.map(relationLine)));
  if (model.indexes.length > 0) parts.push("### Indexes", bullets(model.indexes.map(indexLine)));
  if (model.constraints.length > 0)
    parts.push("### Constraints", bullets(model.constraints.map(constraintLine)));
  if (context.migrations.length > 0) {
    parts.push("### Migrations", bullets(context.migrations.map((migration) => migration.name)));
  }
  if (context.personal.length > 0) {
    parts.push(
      "### May hold personal data",
      `${context.personal.map(code).join(", ")} — judged by name and type only.`,
    );
  }
  if (model.gaps.length > 0) {
    parts.push(
      "### Not understood",
      model.gaps.map((gap) => `- ${escapeMarkdown(`${gap.what}: ${gap.why}`)}`).join("\n"),
    );
  }
  return parts.join("\n\n");
}

function fieldRow(field: Field): readonly string[] {
  const notes = [
    field.primaryKey ? "primary key" : null,
    field.unique && !field.primaryKey ? "unique" : null,
    field.indexed ? "indexed" : null,
    field.inheritedFrom ? `from ${escapeMarkdown(field.inheritedFrom)}` : null,
    field.type.values.length > 0 ? plural(field.type.values.length, "allowed value") : null,
  ].filter((note) => note !== null);
  return [
    code(field.name),
    escapeMarkdown(field.type.native ?? field.type.declared),
    field.nullable ? "yes" : "no",
    field.default ? code(field.default.text) : "",
    notes.join(", "),
  ];
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${code(line)}`).join("\n");
}
