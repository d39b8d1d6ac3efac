import { plural } from "../../../flows/facts/summary-parts.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import type { Catalog } from "../../../workspace/catalog.ts";

/** What was read, found, skipped and not understood, as markdown. */
export function readingReport(catalog: Catalog): string {
  const { report } = catalog;
  const byReason = Map.groupBy(report.skipped, (entry) => entry.reason);
  const lines = [
    "# What Aksara Studio read",
    "",
    `${plural(report.filesSeen, "file")} seen, ${report.filesParsed} parsed.`,
    "",
    "## Found",
    "",
    ...(report.stacks.length > 0
      ? report.stacks.map((stack) => `- ${stack.title}: ${plural(stack.objects, "object")}`)
      : ["- No supported framework was recognised."]),
    "",
    "## Skipped",
    "",
    ...(report.skipped.length === 0 ? ["- Nothing."] : []),
  ];
  for (const [reason, entries] of byReason) {
    lines.push(
      `### ${reason} (${entries.length})`,
      "",
      ...entries.slice(0, 50).map((entry) => `- ${entry.uri}`),
    );
    if (entries.length > 50) lines.push(`- … ${entries.length - 50} more`);
    lines.push("");
  }
  lines.push("## Seen and not understood", "");
  const gaps = [...catalog.gaps, ...[...catalog.objects()].flatMap((object) => object.gaps)];
  if (gaps.length === 0) lines.push("- Nothing.");
  for (const gap of gaps) {
    lines.push(`- ${gap.what}: ${gap.why}${gap.source ? ` (${placeText(gap.source)})` : ""}`);
  }
  return `${lines.join("\n")}\n`;
}
