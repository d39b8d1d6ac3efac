import { planText } from "../../database/plan/plan-text.ts";
import type { Finding } from "../../protocol/finding.ts";
import { code, codeBlock, escapeMarkdown } from "../pack/markdown.ts";
import { adviceMarkdown } from "./index-advice.ts";
import { indexLine } from "./model-lines.ts";
import type { AdviceAnswer, PlanAnswer } from "./query-planner.ts";
import type { QueryTables, QueryTarget } from "./query-target.ts";
import { findingsMarkdown, plural } from "./summary-parts.ts";

/** The facts about a query as a page for a person. */
export function querySummary(
  target: QueryTarget,
  tables: QueryTables,
  findings: readonly Finding[],
  answer: PlanAnswer,
  advice: AdviceAnswer | null,
): string {
  const isMongo = tables.models.some(({ documents }) => documents);
  const parts = [
    `## ${escapeMarkdown(target.query?.name ?? "Query")}`,
    [
      isMongo ? "MongoDB" : target.dialect === "unknown" ? "dialect not known" : target.dialect,
      plural(tables.models.length, isMongo ? "collection" : "known table"),
      tables.unknown.length > 0 ? plural(tables.unknown.length, "unknown table") : null,
    ]
      .filter((part) => part !== null)
      .join(" · "),
    codeBlock(target.sql ?? target.query?.text ?? "", target.sql ? "sql" : ""),
  ];
  if (target.query?.approximate && !isMongo)
    parts.push(`The SQL is not exact: ${escapeMarkdown(target.query.approximate)}.`);
  if (findings.length > 0) parts.push("### Findings", findingsMarkdown(findings));
  if (advice !== null) parts.push("### Indexes that were tried", adviceMarkdown(advice));
  parts.push("### Plan", planMarkdown(answer));
  for (const model of tables.models) {
    parts.push(
      `### ${escapeMarkdown(model.table ?? model.qualifiedName)}`,
      `${plural(model.fields.length, isMongo ? "path" : "column")}, from ${code(model.qualifiedName)}.`,
      model.indexes.length > 0
        ? model.indexes.map((index) => `- ${code(indexLine(index))}`).join("\n")
        : "No index declared.",
    );
  }
  if (tables.unknown.length > 0) {
    parts.push("### Not in the catalog", tables.unknown.map((name) => `- ${code(name)}`).join("\n"));
  }
  return parts.join("\n\n");
}

function planMarkdown(answer: PlanAnswer): string {
  if (answer.kind === "planned") return codeBlock(planText(answer.plan), "");
  const { status, refusal } = answer;
  const sentence = `${status.charAt(0).toUpperCase()}${status.slice(1)}`;
  const expected = refusal?.expected ?? [];
  const near = expected.length === 0 ? "" : ` Expected, or nearest: ${expected.map(code).join(", ")}.`;
  return `${escapeMarkdown(sentence)}${/[.!?]$/.test(sentence) ? "" : "."}${near}`;
}
