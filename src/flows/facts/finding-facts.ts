import type { Finding } from "../../protocol/finding.ts";
import type { EvidenceList } from "../pack/evidence.ts";
import type { Section } from "../pack/section.ts";
import { citedLine, linesOr } from "./section-lines.ts";

export function findingsAbout(
  findings: readonly Finding[],
  objectIds: readonly string[],
): readonly Finding[] {
  return findings.filter((finding) => finding.object_id !== null && objectIds.includes(finding.object_id));
}

/** What our own rules found about the target, before any model is asked. */
export function findingsSection(findings: readonly Finding[], evidence: EvidenceList): Section {
  const lines = findings.map((finding) =>
    citedLine(evidence, findingLine(finding), `finding ${finding.rule}`, finding.source),
  );
  return {
    key: "findings",
    title: "findings of deterministic rules",
    text: linesOr(lines, "none of the rules that were run found anything here"),
    dropRank: null,
  };
}

export function findingLine(finding: Finding): string {
  const fix = finding.fix ? `; fix: ${finding.fix.replace(/\s+/g, " ")}` : "";
  const unchecked = finding.not_checked ? `; not checked: ${finding.not_checked}` : "";
  return `${finding.severity} ${finding.rule} (${finding.tier}): ${finding.message}${fix}${unchecked}`;
}
