import type * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import type { ChatAttachment } from "../../../protocol/chat.ts";
import type { Catalog } from "../../../workspace/catalog.ts";
import { labelOf } from "../views/describe-target.ts";
import { mentionOf, mentionText } from "./mentions.ts";

/** Words of an issue that a chip has room for. */
const LABEL_LENGTH = 60;

/** An object of the catalog, by what the agent's tools find it by. */
export function attachTarget(target: FlowTarget, catalog: Catalog): ChatAttachment {
  const { kind } = target;
  const source = kind === "diagnostic" ? target.finding.source : target;
  const label = labelOf(target);
  const what = kind === "diagnostic" ? `issue ${target.finding.rule}: ${label}` : `${kind} ${label}`;
  return {
    kind,
    label: label.length <= LABEL_LENGTH ? label : `${label.slice(0, LABEL_LENGTH).trimEnd()}…`,
    line: oneLine(`${what} (${placeText(source)})`),
    mention: mentionOf(target, catalog),
  };
}

/** A file or a folder of the workspace: the agent reads it itself. */
export function attachFile(uri: string): ChatAttachment {
  const line = oneLine(`file ${uri}`);
  return {
    kind: "file",
    label: uri.slice(uri.lastIndexOf("/") + 1),
    line,
    mention: mentionText("file", uri),
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
  const line = `the selection in ${uri}:${place}`;
  return { kind: "selection", label: `${name}:${place}`, line, mention: null };
}

/** A message must not end in the middle of what it is about. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
