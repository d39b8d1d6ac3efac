import * as vscode from "vscode";

/** The loaded translations as pages need them: English text → text in the person's language. Empty in English. */
export function pageStrings(): Record<string, string> {
  const bundle: Readonly<Record<string, unknown>> = vscode.l10n.bundle ?? {};
  const strings: Record<string, string> = {};
  for (const [english, entry] of Object.entries(bundle)) {
    if (typeof entry === "string") strings[english] = entry;
  }
  return strings;
}
