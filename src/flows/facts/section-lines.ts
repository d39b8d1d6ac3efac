import type { SourceRef } from "../../workspace/source.ts";
import type { EvidenceList } from "../pack/evidence.ts";
import { placeText } from "../pack/evidence.ts";

/** A list item that cites its place: `- text [E3]`. */
export function citedLine(evidence: EvidenceList, text: string, label: string, source: SourceRef): string {
  return `- ${text} [${evidence.cite(label, source)}]`;
}

/** A list item that cites its place and says where it is. */
export function placedLine(evidence: EvidenceList, text: string, label: string, source: SourceRef): string {
  return `- ${placeText(source)}: ${text} [${evidence.cite(label, source)}]`;
}

/** The lines, or what their absence means. */
export function linesOr(lines: readonly string[], none: string): string {
  return lines.length > 0 ? lines.join("\n") : none;
}
