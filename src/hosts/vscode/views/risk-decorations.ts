import * as vscode from "vscode";
import type { Risk } from "../../../protocol/action.ts";
import { riskWords } from "../words.ts";

/** Scheme of the addresses that rows bear for VS Code's decorations. They name a risk, and lead nowhere. */
const SCHEME = "aksara-risk";

const MARKS: Readonly<Record<Exclude<Risk, "low">, string>> = { medium: "!", high: "!!" };

/** Address that puts a risk's mark at the end of a row; undefined where there is nothing to mark. */
export function riskUri(level: Risk): vscode.Uri | undefined {
  return level === "low" ? undefined : vscode.Uri.from({ scheme: SCHEME, path: `/${level}` });
}

/** Colour of the icon of what bears a risk, which high-contrast themes have too; undefined for the icon's own. */
export function riskColor(level: Risk): vscode.ThemeColor | undefined {
  if (level === "low") return undefined;
  return new vscode.ThemeColor(`problems${level === "high" ? "Error" : "Warning"}Icon.foreground`);
}

/** The marks at the end of the rows, as VS Code's own trees mark files. */
export function registerRiskDecorations(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: ({ scheme, path }) => {
      const level = path.slice(1);
      if (scheme !== SCHEME || (level !== "medium" && level !== "high")) return undefined;
      return new vscode.FileDecoration(
        MARKS[level],
        riskWords(level),
        // Colours text as well, so it is one that can be read on the background of a list.
        new vscode.ThemeColor(level === "high" ? "list.errorForeground" : "list.warningForeground"),
      );
    },
  });
}
