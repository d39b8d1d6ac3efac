import * as vscode from "vscode";
import { FLOW_KINDS } from "../../../protocol/action.ts";
import { targetsAtCursor } from "../commands/flow-target.ts";
import type { HostContext } from "../contribution.ts";
import { selectedSql } from "./selected-sql.ts";

/**
 * Keeps the context keys of the editor menu true: what is under the cursor, whether the selection is SQL. Uses the
 * catalog that is there and never starts to read one.
 */
export function registerCursorContext({ studio }: HostContext): vscode.Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  };
  const update = () => {
    const editor = vscode.window.activeTextEditor;
    const view = studio.latest;
    const kinds = new Set(editor && view ? targetsAtCursor(studio, view).map((target) => target.kind) : []);
    const sql = selectedSql(editor) !== null;
    for (const kind of FLOW_KINDS) set(`aksara.at.${kind}`, kinds.has(kind));
    set("aksara.atObject", kinds.size > 0);
    set("aksara.sqlSelected", sql);
    set("aksara.editorMenu", kinds.size > 0 || sql);
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorSelection(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    studio.onDidChangeCatalog(update),
  );
}
