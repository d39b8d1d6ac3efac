import type * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import type { ChatAttachment } from "../../../protocol/chat.ts";
import { labelOf } from "../views/describe-target.ts";

/** Words of an issue that a chip has room for. */
const LABEL_LENGTH = 60;

/** An object of the catalog, by what the agent's tools find it by. */
export function attachTarget(target: FlowTarget): ChatAttachment {
  const { kind } = target;
  const source = kind === "diagnostic" ? target.finding.source : target;
  const label = labelOf(target);
  const what = kind === "diagnostic" ? `issue ${target.finding.rule}: ${label}` : `${kind} ${label}`;
  return {
    kind,
    label: label.length <= LABEL_LENGTH ? label : `${label.slice(0, LABEL_LENGTH).trimEnd()}…`,
    line: oneLine(`${what} (${placeText(source)})`),
  };
}

/** What is selected in an editor, by its place: the agent reads it itself. Null where nothing is. */
export function attachSelection(
  editor: vscode.TextEditor | undefined,
  uri: string | null,
): ChatAttachment | null {
  if (!editor || uri === null || editor.selection.isEmpty) return null;
  const { start, end } = editor.selection;
  const place = start.line === end.line ? `${start.line + 1}` : `${start.line + 1}-${end.line + 1}`;
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  return { kind: "selection", label: `${name}:${place}`, line: `the selection in ${uri}:${place}` };
}

/** A message must not end in the middle of what it is about. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
