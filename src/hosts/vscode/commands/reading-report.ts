import * as vscode from "vscode";
import { placeText } from "../../../flows/pack/evidence.ts";
import type { Catalog } from "../../../workspace/catalog.ts";

/** As many files as a person reads under one reason. */
const MOST_ENTRIES = 50;

/**
 * What was read, found, skipped and not understood, as markdown. Headings are in the person's language; reasons and
 * gaps stand here as the catalog has them.
 */
export function readingReport(catalog: Catalog): string {
  const { report } = catalog;
  const nothing = `- ${vscode.l10n.t("Nothing.")}`;
  const gaps = [...catalog.gaps, ...[...catalog.objects()].flatMap((object) => object.gaps)];
  const lines = [
    `# ${vscode.l10n.t("What Aksara Studio read")}`,
    "",
    vscode.l10n.t("Files seen: {0}. Files parsed: {1}.", report.filesSeen, report.filesParsed),
    "",
    `## ${vscode.l10n.t("Found")}`,
    "",
    ...(report.stacks.length > 0
      ? report.stacks.map(({ title, objects }) => `- ${title}: ${objectCount(objects)}`)
      : [`- ${vscode.l10n.t("No supported framework was recognised.")}`]),
    "",
    `## ${vscode.l10n.t("Skipped")}`,
    "",
    ...(report.skipped.length === 0 ? [nothing, ""] : skippedLines(catalog)),
    `## ${vscode.l10n.t("Seen and not understood")}`,
    "",
    ...(gaps.length === 0 ? [nothing] : []),
    ...gaps.map(({ what, why, source }) => `- ${what}: ${why}${source ? ` (${placeText(source)})` : ""}`),
  ];
  return `${lines.join("\n")}\n`;
}

function objectCount(count: number): string {
  return count === 1 ? vscode.l10n.t("1 object") : vscode.l10n.t("{0} objects", count);
}

function skippedLines({ report }: Catalog): readonly string[] {
  const byReason = Map.groupBy(report.skipped, (entry) => entry.reason);
  return [...byReason].flatMap(([reason, entries]) => [
    `### ${reason} (${entries.length})`,
    "",
    ...entries.slice(0, MOST_ENTRIES).map((entry) => `- ${entry.uri}`),
    ...(entries.length > MOST_ENTRIES
      ? [`- ${vscode.l10n.t("… and {0} more", entries.length - MOST_ENTRIES)}`]
      : []),
    "",
  ]);
}
