import type { Finding } from "../../protocol/finding.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { Model } from "../../workspace/ir/model.ts";
import { code, codeBlock, escapeMarkdown } from "../pack/markdown.ts";
import { lockMarkdown } from "./lock-lines.ts";
import type { LocksAnswer } from "./lock-meter.ts";
import { findingsMarkdown, plural } from "./summary-parts.ts";

/** The facts about a migration as a page for a person. */
export function migrationSummary(
  migration: Migration,
  models: readonly Model[],
  findings: readonly Finding[],
  locks: LocksAnswer,
): string {
  const label = migration.app ? `${migration.app}.${migration.name}` : migration.name;
  const parts = [
    `## ${escapeMarkdown(label)}`,
    [
      plural(migration.operations.length, "operation"),
      migration.transactional ? "one transaction" : "not in one transaction",
      migration.reversible === null
        ? "reversibility not known"
        : migration.reversible
          ? "reversible"
          : "not reversible",
      models.length > 0
        ? `touches ${models.map((model) => code(model.qualifiedName)).join(", ")}`
        : "touches no known model",
    ].join(" · "),
  ];
  if (findings.length > 0) parts.push("### Findings", findingsMarkdown(findings));
  parts.push("### Operations");
  for (const [index, operation] of migration.operations.entries()) {
    parts.push(
      `${index + 1}. ${code(operation.summary)}${operation.reversible === false ? " — **not reversible**" : ""}`,
    );
    parts.push(
      operation.sql === null
        ? "SQL not known from the source."
        : operation.sql.length > 0
          ? codeBlock(operation.sql.join("\n"), "sql")
          : "No SQL: it changes only the framework's own state.",
    );
  }
  parts.push("### Locks", lockMarkdown(locks));
  if (migration.dependencies.length > 0) {
    parts.push("### Runs after", migration.dependencies.map((id) => `- ${code(id)}`).join("\n"));
  }
  if (migration.gaps.length > 0) {
    parts.push(
      "### Not understood",
      migration.gaps.map((gap) => `- ${escapeMarkdown(`${gap.what}: ${gap.why}`)}`).join("\n"),
    );
  }
  return parts.join("\n\n");
}
