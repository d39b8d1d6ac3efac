import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import { reportFailure } from "../report-failure.ts";
import type { Studio } from "../studio.ts";
import type { EvalTests } from "./eval-tests.ts";

const FILES = ".aksara/evals/*.{json,yaml,yml}";

/**
 * Evals in the Testing view, and the commands about them. The view is told of them once a folder has some; what reads and
 * runs them is loaded when somebody looks.
 */
export function registerEvalView({ studio, panel }: HostContext): vscode.Disposable {
  let tests: Promise<EvalTests> | null = null;
  const load = (): Promise<EvalTests> => {
    tests ??= loadTests(studio);
    return tests;
  };
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${FILES}`);
  const changed = () => void reportFailure(studio, async () => (await load()).refresh());
  void hasEvals().then((found) => (found ? changed() : undefined));
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
    // Not every change outside the editor is told: what a person looks at is read again.
    vscode.workspace.onDidOpenTextDocument(({ uri }) => (isEval(uri, studio) ? changed() : undefined)),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => (isEval(uri, studio) ? changed() : undefined)),
    vscode.commands.registerCommand("aksara.runEval", () =>
      reportFailure(studio, async () => (await load()).runAll()),
    ),
    vscode.commands.registerCommand("aksara.saveRunAsEval", (argument?: unknown) =>
      reportFailure(studio, async () => {
        const { saveRunAsEval } = await import("./save-run.ts");
        return await saveRunAsEval(studio, panel, argument);
      }),
    ),
    vscode.commands.registerCommand("aksara.saveChatAsEval", () =>
      reportFailure(studio, async () => {
        const { saveChatAsEval } = await import("./save-run.ts");
        return await saveChatAsEval(studio);
      }),
    ),
  );
}

function isEval(uri: vscode.Uri, studio: Studio): boolean {
  return /(?:^|\/)\.aksara\/evals\/[^/]+\.(?:json|ya?ml)$/.test(studio.relativeUri(uri) ?? "");
}

async function loadTests(studio: Studio): Promise<EvalTests> {
  const { EvalTests } = await import("./eval-tests.ts");
  const tests = new EvalTests(studio);
  studio.extension.subscriptions.push(tests);
  return tests;
}

/** Whether a folder has evals; what is in them is of no interest yet. */
async function hasEvals(): Promise<boolean> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const folder = vscode.Uri.joinPath(uri, ".aksara/evals");
    const entries = await vscode.workspace.fs.readDirectory(folder).then(
      (found) => found,
      // There is none, which is the usual case.
      () => [],
    );
    if (entries.length > 0) return true;
  }
  return false;
}
