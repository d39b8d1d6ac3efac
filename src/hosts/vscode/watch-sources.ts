import * as vscode from "vscode";

const SOURCES = "**/*.{py,ts,tsx,mts,cts,js,jsx,mjs,cjs,prisma,sql,toml,json,rb,php}";
/** Not sources, but what is read depends on them. A new folder may be told of without what is in it. */
const DECIDING_FILES = "**/{.aksara,.aksara/**,.gitignore,.aksaraignore,pyvenv.cfg}";

/**
 * Reports saved, created and deleted source files, gathered over a burst (a branch switch, a formatter) into one
 * call. Folders that no backend source lives in are left out.
 */
export function watchSources(report: (uris: readonly vscode.Uri[]) => void): vscode.Disposable {
  const pending = new Map<string, vscode.Uri>();
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    const uris = [...pending.values()];
    pending.clear();
    report(uris);
  };
  const add = (uri: vscode.Uri) => {
    if (/\/(?:node_modules|\.git|\.venv|venv|__pycache__|dist|out)\//.test(uri.path)) return;
    pending.set(uri.toString(), uri);
    timer ??= setTimeout(flush, 150);
  };
  // A deleted folder is one event with the folder's name: what was in it is not named.
  const deleted = vscode.workspace.createFileSystemWatcher("**", true, true, false);
  const watchers = [SOURCES, DECIDING_FILES].map((pattern) =>
    vscode.workspace.createFileSystemWatcher(pattern),
  );
  return vscode.Disposable.from(
    deleted,
    deleted.onDidDelete((uri) => (/\.[^/]+$/.test(uri.path) ? undefined : add(uri))),
    ...watchers.flatMap((watcher) => [
      watcher,
      watcher.onDidChange(add),
      watcher.onDidCreate(add),
      watcher.onDidDelete(add),
    ]),
    { dispose: () => (timer ? clearTimeout(timer) : undefined) },
  );
}
