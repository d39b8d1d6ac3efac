import * as vscode from "vscode";
import type { Finding, Severity } from "../../../protocol/finding.ts";
import { hashText } from "../../../workspace/hash.ts";
import type { Studio } from "../studio.ts";

const SEVERITY: Readonly<Record<vscode.DiagnosticSeverity, Severity>> = {
  [vscode.DiagnosticSeverity.Error]: "error",
  [vscode.DiagnosticSeverity.Warning]: "warning",
  [vscode.DiagnosticSeverity.Information]: "info",
  [vscode.DiagnosticSeverity.Hint]: "info",
};

/** Diagnostics of other extensions in workspace files as issues, in order of file and position. */
export function editorDiagnostics(studio: Studio): readonly Finding[] {
  return vscode.languages.getDiagnostics().flatMap(([uri, diagnostics]) => {
    const relative = studio.relativeUri(uri);
    if (relative === null) return [];
    return diagnostics
      .filter((diagnostic) => diagnostic.source !== "Aksara")
      .map((diagnostic): Finding => {
        const { start, end } = diagnostic.range;
        const rule = `editor/${diagnostic.source ?? "unknown"}${codeOf(diagnostic)}`;
        return {
          id: `${rule}:${relative}:${start.line + 1}:${hashText(diagnostic.message)}`,
          rule,
          severity: SEVERITY[diagnostic.severity],
          message: diagnostic.message,
          object_id: null,
          source: {
            uri: relative,
            range: {
              start: { line: start.line, character: start.character },
              end: { line: end.line, character: end.character },
            },
            hash: hashText(diagnostic.message),
          },
          tier: "T0",
          evidence: [],
          fix: null,
          not_checked: null,
        };
      });
  });
}

function codeOf(diagnostic: vscode.Diagnostic): string {
  const code = typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code;
  return code === undefined ? "" : `/${code}`;
}
