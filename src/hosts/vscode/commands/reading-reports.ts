import * as vscode from "vscode";
import type { Studio } from "../studio.ts";
import { readingReport } from "./reading-report.ts";

const SCHEME = "aksara-report";

/**
 * Shows what was read as a document that cannot be changed and is not saved, so that nothing asks about it when it is
 * closed. As long as it is open it follows the catalog.
 */
export class ReadingReports implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable;

  constructor(studio: Studio) {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: async () => readingReport((await studio.view()).catalog),
      }),
      studio.onDidChangeCatalog(() => this.#changed.fire(reportUri())),
      this.#changed,
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async show(): Promise<void> {
    const document = await vscode.workspace.openTextDocument(reportUri());
    await vscode.window.showTextDocument(document, { preview: true });
  }
}

function reportUri(): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t("What Aksara Studio read")}.md` });
}
