import type * as vscode from "vscode";

const STARTS_LIKE_SQL =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*["'`]{0,3}\s*(?:select|with|insert|update|delete|merge|values|create|alter|drop|explain)\b/i;

/** The selection when it reads like SQL, without the quotes of a string literal around it; else null. */
export function selectedSql(editor: vscode.TextEditor | undefined): string | null {
  if (!editor || editor.selection.isEmpty) return null;
  const text = editor.document.getText(editor.selection);
  if (!STARTS_LIKE_SQL.test(text)) return null;
  return text
    .trim()
    .replace(/^(["'`]{1,3})([\s\S]*)\1$/, "$2")
    .trim();
}
