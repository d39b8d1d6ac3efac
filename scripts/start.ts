/**
 * `npm start [-- folder]`: opens a workspace, else a copy of the sample, in VS Code with the extension of this
 * checkout. A desktop VS Code is taken where there is one (`VSCODE_PATH`, or `code` on PATH), else VS Code from npm,
 * at an address to open in a browser. `--server` prefers the latter, `--trust` starts in Restricted Mode,
 * `--check` only shows that it works: it opens a window unseen and activates the extension.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { resultFileVariable } from "../test/support/host/suite-events.ts";
import { runHostSuite } from "../test/support/run-host-suite.ts";
import { openSession } from "../test/support/session.ts";
import { makeTemporaryFolder } from "../test/support/temporary-folder.ts";
import { installServer } from "../test/support/vscode-server/install.ts";
import { startServer } from "../test/support/vscode-server/server.ts";
import { copyWorkspace } from "../test/support/workspace-copy.ts";

const checkout = path.resolve(import.meta.dirname, "..");
const sample = path.join(checkout, "test/workspaces/shop-django");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: "boolean", default: false },
    server: { type: "boolean", default: false },
    trust: { type: "boolean", default: false },
    extension: { type: "string", default: checkout },
  },
});
const extension = path.resolve(values.extension);
const named = positionals[0] === undefined ? undefined : path.resolve(positionals[0]);
if (named !== undefined && !existsSync(named)) throw new Error(`There is no folder ${named}`);

if (extension === checkout) await promisify(execFile)(process.execPath, ["esbuild.mjs"], { cwd: checkout });
if (values.check) await check(named ?? sample);
else await open();

async function open(): Promise<void> {
  // The sample is opened as a copy, so that trying things out leaves the checkout as it is.
  const folder = named ?? (await copyWorkspace(sample)).folder;
  const desktop = values.server || !hasDisplay() ? undefined : findDesktop();
  await (desktop === undefined ? openInBrowser(folder) : openOnDesktop(desktop, folder));
}

/** Ends when the person closes the window. */
async function openOnDesktop(program: string, folder: string): Promise<void> {
  const { folder: data } = await makeTemporaryFolder("vscode");
  const args = [
    `--extensionDevelopmentPath=${extension}`,
    `--user-data-dir=${path.join(data, "user")}`,
    `--extensions-dir=${path.join(data, "extensions")}`,
    ...(values.trust ? [] : ["--disable-workspace-trust"]),
    ...["--skip-welcome", "--new-window", "--wait", folder],
  ];
  console.log(`Opening ${folder} in ${program}; close its window to end.`);
  const child = spawn(program, args, { stdio: "inherit", shell: program.endsWith(".cmd") });
  const code = await ended(child);
  process.exit(code);
}

/** Runs until the person ends it; the exit handlers then take server and temporary folders along. */
async function openInBrowser(folder: string): Promise<void> {
  const installed = await installServer("latest", { log: console.log });
  const settings = { "security.workspace.trust.startupPrompt": "once" };
  const server = await startServer(installed, { workspaceTrust: values.trust, settings });
  const url = server.url({ folder, extensionDevelopmentPaths: [extension] });
  console.log(`VS Code ${installed.vscode} with the extension is at\n\n  ${url}\n\nCtrl+C ends it.`);
  if (hasDisplay()) showInBrowser(url);
}

/** Opens a window with a browser that nobody sees, and has the extension activated in its host. */
async function check(folder: string): Promise<void> {
  const session = await openSession({ extensionPath: extension, workspaceTrust: values.trust });
  try {
    const workbench = await session.open(folder);
    await workbench.close();
  } finally {
    await session.close();
  }
  const { folder: temporary, remove } = await makeTemporaryFolder("start-check");
  const suite = path.join(temporary, "suite.js");
  await writeFile(suite, activationSuite(await readId()));
  const result = await runHostSuite({
    name: "start",
    vscode: "latest",
    suite,
    extensionPath: extension,
    workspace: folder,
    workspaceTrust: values.trust,
    limitMs: 60_000,
  });
  await remove();
  const works = result.passed === 1 && result.failed === 0 && result.broken === undefined;
  console.log(works ? "OK" : "FAILED: the extension did not come up");
  process.exit(works ? 0 : 1);
}

async function readId(): Promise<string> {
  const text = await readFile(path.join(extension, "package.json"), "utf8");
  const { publisher, name } = JSON.parse(text) as { publisher: string; name: string };
  return `${publisher}.${name}`;
}

/** One test without mocha, since a checkout that only wants to start has nothing bundled. */
function activationSuite(id: string): string {
  return `import { appendFileSync } from "node:fs";
import * as vscode from "vscode";
const write = (event) => appendFileSync(process.env[${JSON.stringify(resultFileVariable)}], JSON.stringify(event) + "\\n");
export async function run() {
  const name = ${JSON.stringify(`${id} activates`)};
  const start = Date.now();
  let outcome = { state: "passed" };
  try {
    const extension = vscode.extensions.getExtension(${JSON.stringify(id)});
    if (extension === undefined) throw new Error("VS Code does not know the extension");
    await extension.activate();
  } catch (error) {
    outcome = { state: "failed", error: String(error?.stack ?? error) };
  }
  write({ event: "test", name, depth: 0, test: { title: name, duration: Date.now() - start, ...outcome } });
  write({ event: "end" });
}
`;
}

function findDesktop(): string | undefined {
  const chosen = process.env.VSCODE_PATH;
  if (chosen) return chosen;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

function hasDisplay(): boolean {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Without a program to open it the printed address is enough, so a failure here is no failure. */
function showInBrowser(url: string): void {
  const [command, args] =
    process.platform === "darwin"
      ? ["open", [url]]
      : process.platform === "win32"
        ? ["rundll32", ["url.dll,FileProtocolHandler", url]]
        : ["xdg-open", [url]];
  spawn(command, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
