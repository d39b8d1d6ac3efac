import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** A bare extension that carries a suite, with a folder for the result file. */
export interface SuiteShell {
  readonly extensionPath: string;
  readonly testsPath: string;
  readonly resultFile: string;
  dispose(): Promise<void>;
}

/**
 * Makes the extension that a suite runs in. VS Code runs tests only with an extension under development and takes
 * a `.js` file for a module only inside an extension that says so; with a shell of its own the suite runs the same
 * way beside an extension from source and beside an installed .vsix, and in neither case finds the checkout's packages.
 */
export async function makeSuiteShell(suite: string): Promise<SuiteShell> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "suite-shell-"));
  const extensionPath = path.join(folder, "extension");
  const testsPath = path.join(extensionPath, "suite.js");
  await mkdir(extensionPath);
  await copyFile(suite, testsPath);
  const manifest = {
    name: "suite-shell",
    publisher: "tests",
    version: "1.0.0",
    type: "module",
    engines: { vscode: "*" },
  };
  await writeFile(path.join(extensionPath, "package.json"), JSON.stringify(manifest));
  return {
    extensionPath,
    testsPath,
    resultFile: path.join(folder, "events.jsonl"),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
