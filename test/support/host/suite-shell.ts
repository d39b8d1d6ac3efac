import { copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeTemporaryFolder } from "../temporary-folder.ts";
import { resultFileVariable } from "./suite-events.ts";

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
  const { folder, remove } = await makeTemporaryFolder("suite-shell");
  const extensionPath = path.join(folder, "extension");
  const testsPath = path.join(extensionPath, "index.js");
  await mkdir(extensionPath);
  await copyFile(suite, path.join(extensionPath, "suite.js"));
  // On VS Code 1.106 the extension host hangs where the module that it loads itself as the suite imports `vscode`
  // statically (measured); one that is imported by it may.
  // The file for the results is named here and not by the server, which runs several suites, one in each window.
  const resultFile = path.join(folder, "events.jsonl");
  await writeFile(
    testsPath,
    `process.env.${resultFileVariable} = ${JSON.stringify(resultFile)};
export const run = async () => (await import("./suite.js")).run();
`,
  );
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
    resultFile,
    dispose: remove,
  };
}
