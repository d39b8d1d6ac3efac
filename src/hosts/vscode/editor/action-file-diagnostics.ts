import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import type { Studio } from "../studio.ts";

/** Says in the editor why a file of `.aksara/actions` defines no action. */
export function registerActionFileDiagnostics({ studio }: HostContext): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("aksara-actions");
  return vscode.Disposable.from(
    collection,
    studio.onDidChangeCatalog(() => void update(studio, collection)),
  );
}

async function update(studio: Studio, collection: vscode.DiagnosticCollection): Promise<void> {
  if (!studio.latest) return;
  try {
    const { problems } = await (await studio.workspace()).customActions();
    collection.clear();
    for (const problem of problems) {
      const uri = studio.fileUri(problem.uri);
      if (!uri) continue;
      const range = new vscode.Range(problem.line, 0, problem.line, 400);
      const diagnostic = new vscode.Diagnostic(range, problem.message, vscode.DiagnosticSeverity.Error);
      diagnostic.source = "Aksara";
      collection.set(uri, [...(collection.get(uri) ?? []), diagnostic]);
    }
  } catch (error) {
    studio.log.error(error instanceof Error ? error : String(error));
  }
}
