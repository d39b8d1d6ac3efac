import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import type { Studio } from "../studio.ts";

/** Says in the editor what is wrong with `.aksara/aihub.json`, beyond what its JSON schema sees. */
export function registerHubFileDiagnostics({ studio }: HostContext): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("aksara-hub");
  const open = (document: vscode.TextDocument): void => {
    if (studio.relativeUri(document.uri)?.endsWith(".aksara/aihub.json")) void update(studio, collection);
  };
  return vscode.Disposable.from(
    collection,
    studio.onDidChangeAccess(() => void update(studio, collection)),
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidSaveTextDocument(open),
  );
}

async function update(studio: Studio, collection: vscode.DiagnosticCollection): Promise<void> {
  try {
    const { problems } = await (await studio.workspace()).hub();
    collection.clear();
    for (const problem of problems) {
      const uri = studio.fileUri(problem.uri);
      if (!uri) continue;
      const diagnostic = new vscode.Diagnostic(
        new vscode.Range(problem.line, 0, problem.line, 400),
        problem.message,
        problem.severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
      );
      diagnostic.source = "Aksara";
      collection.set(uri, [...(collection.get(uri) ?? []), diagnostic]);
    }
  } catch (error) {
    studio.log.error(error instanceof Error ? error : String(error));
  }
}
