import * as vscode from "vscode";
import type { HunkState, ReviewFile, ReviewHunk } from "./edit-review.ts";

/** What can be said of one change by a command: which review, which file, which of its changes. */
export interface HunkTarget {
  readonly review: string;
  readonly uri: string;
  readonly index: number;
}

/** The lines of a change in the text after it; where lines only go, the one they stood before. */
export function rangeOf({ line, lines }: ReviewHunk): vscode.Range {
  return new vscode.Range(line, 0, Math.max(line, line + lines - 1), Number.MAX_SAFE_INTEGER);
}

/** What stands above each change, where the person lets comparisons have lenses. */
export function lensesOf(review: string, file: ReviewFile): vscode.CodeLens[] {
  return file.hunks.flatMap((hunk, index) => {
    const target: HunkTarget = { review, uri: file.uri, index };
    const range = rangeOf(hunk);
    const lens = (title: string, command: string) =>
      new vscode.CodeLens(range, { title, command, arguments: [target] });
    return [
      lens(`$(check) ${vscode.l10n.t("Accept")}`, "aksara.acceptChange"),
      lens(`$(close) ${vscode.l10n.t("Reject")}`, "aksara.rejectChange"),
    ];
  });
}

/** Shows beside each change what was said of it; the hover has the ways to answer. */
export class ReviewMarks implements vscode.Disposable {
  readonly #types: Readonly<Record<HunkState, vscode.TextEditorDecorationType>> = {
    open: markOf("charts.blue"),
    accepted: markOf("charts.green"),
    rejected: markOf("charts.red"),
  };

  dispose(): void {
    for (const type of Object.values(this.#types)) type.dispose();
  }

  show(editor: vscode.TextEditor, review: string, file: ReviewFile): void {
    for (const state of Object.keys(this.#types) as HunkState[])
      editor.setDecorations(
        this.#types[state],
        file.hunks.flatMap((hunk, index) =>
          hunk.state === state ? [decorationOf(editor, review, file, index, hunk)] : [],
        ),
      );
  }
}

function markOf(color: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerLane: vscode.OverviewRulerLane.Full,
    overviewRulerColor: new vscode.ThemeColor(color),
    after: { margin: "0 0 0 2em", color: new vscode.ThemeColor("descriptionForeground") },
  });
}

function decorationOf(
  editor: vscode.TextEditor,
  review: string,
  file: ReviewFile,
  index: number,
  hunk: ReviewHunk,
): vscode.DecorationOptions {
  const line = Math.min(hunk.line, editor.document.lineCount - 1);
  const target = encodeURIComponent(JSON.stringify([{ review, uri: file.uri, index } satisfies HunkTarget]));
  const link = (title: string, command: string) => `[${title}](command:${command}?${target})`;
  const words = vscode.l10n.t("Change {0} of {1}", index + 1, file.hunks.length);
  const hover = new vscode.MarkdownString(
    `${words} · ${link(vscode.l10n.t("Accept"), "aksara.acceptChange")} · ${link(vscode.l10n.t("Reject"), "aksara.rejectChange")}`,
  );
  hover.isTrusted = { enabledCommands: ["aksara.acceptChange", "aksara.rejectChange"] };
  return {
    range: editor.document.lineAt(line).range,
    hoverMessage: hover,
    renderOptions: { after: { contentText: `${words}: ${stateWords(hunk.state)}` } },
  };
}

function stateWords(state: HunkState): string {
  switch (state) {
    case "open":
      return vscode.l10n.t("undecided");
    case "accepted":
      return vscode.l10n.t("accepted");
    case "rejected":
      return vscode.l10n.t("rejected");
  }
}
