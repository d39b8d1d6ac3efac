import type { Finding } from "../../protocol/finding.ts";
import { placeText } from "../pack/evidence.ts";
import { code, escapeMarkdown } from "../pack/markdown.ts";

/** "1 field", "3 fields". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Findings as a list: severity, message, place, fix. */
export function findingsMarkdown(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const fix = finding.fix ? `\n  Fix: ${code(finding.fix)}` : "";
      const unchecked = finding.not_checked ? `\n  Not checked: ${escapeMarkdown(finding.not_checked)}` : "";
      return `- **${finding.severity}** ${escapeMarkdown(finding.message)} (${code(finding.rule)}, ${code(placeText(finding.source))})${fix}${unchecked}`;
    })
    .join("\n");
}
