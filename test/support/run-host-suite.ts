import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildHostSuite, checkout } from "./host/build-host-suite.ts";
import { findDesktop, runInDesktop } from "./host/desktop.ts";
import { openHostServer } from "./host/host-server.ts";
import { isFailure, recordResult, SuiteReader, type SuiteResult } from "./host/suite-result.ts";
import { makeSuiteShell, type SuiteShell } from "./host/suite-shell.ts";
import { lockSuite } from "./suite-lock.ts";
import type { ReleaseName } from "./vscode-server/release.ts";
import { copyWorkspace } from "./workspace-copy.ts";

/** Where and with what a suite runs. Paths are absolute. */
export interface HostSuiteOptions {
  /** Names the result file in `out/results/`. */
  readonly name: string;
  readonly vscode: ReleaseName | "desktop";
  /** A bundle made by `buildHostSuite`. */
  readonly suite: string;
  /** The extension, from source: its folder. */
  readonly extensionPath?: string | undefined;
  /** The extension, packaged: installed instead of run from source. */
  readonly vsix?: string | undefined;
  /** Opened as a copy, so that tests may write in it. Without it the window is empty. */
  readonly workspace?: string | undefined;
  /** true: Workspace Trust is on and the folder opens in Restricted Mode; false: everything is trusted. */
  readonly workspaceTrust: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds for the whole run, default 10 minutes. */
  readonly limitMs?: number;
  readonly print?: (line: string) => void;
}

/** Runs a suite inside a real VS Code, prints its tests as they end and records the result. */
export async function runHostSuite(options: HostSuiteOptions): Promise<SuiteResult> {
  const print = options.print ?? console.log;
  const lock = await lockSuite({ log: print });
  try {
    const result = await (options.vscode === "desktop"
      ? onDesktop(options, print)
      : onServer(options, print));
    print(await recordResult(result));
    return result;
  } finally {
    lock.release();
  }
}

async function onServer(options: HostSuiteOptions, print: (line: string) => void): Promise<SuiteResult> {
  const workspace = options.workspace === undefined ? undefined : await copyWorkspace(options.workspace);
  try {
    const host = await openHostServer(
      options.vscode as ReleaseName,
      {
        workspaceTrust: options.workspaceTrust,
        ...(options.settings === undefined ? {} : { settings: options.settings }),
        vsix: options.vsix === undefined ? [] : [options.vsix],
        ...(options.env === undefined ? {} : { env: options.env }),
      },
      print,
    );
    try {
      const { name, suite, limitMs } = options;
      const extensionPath = options.vsix === undefined ? options.extensionPath : undefined;
      return await host.run({ name, suite, limitMs, extensionPath, workspace: workspace?.folder });
    } finally {
      await host.close();
    }
  } finally {
    await workspace?.remove();
  }
}

async function onDesktop(options: HostSuiteOptions, print: (line: string) => void): Promise<SuiteResult> {
  const found = await findDesktop();
  if ("missing" in found) {
    print(`desktop: not available (${found.missing})`);
    return { name: options.name, passed: 0, failed: 0, skipped: 0, tests: [], notSeen: found.missing };
  }
  const shell = await makeSuiteShell(options.suite);
  const workspace = options.workspace === undefined ? undefined : await copyWorkspace(options.workspace);
  const reader = new SuiteReader(shell.resultFile, print);
  const following = setInterval(() => reader.poll(), 200);
  try {
    await runInDesktop(found.path, shell, {
      extensionDevelopmentPaths: developed(shell, options),
      vsix: options.vsix,
      workspace: workspace?.folder,
      workspaceTrust: options.workspaceTrust,
      settings: options.settings ?? {},
      env: options.env ?? {},
    });
    reader.poll();
    return reader.result(options.name);
  } finally {
    clearInterval(following);
    await workspace?.remove();
    await shell.dispose();
  }
}

function developed(shell: SuiteShell, options: HostSuiteOptions): string[] {
  const source = options.vsix === undefined ? options.extensionPath : undefined;
  return [shell.extensionPath, ...(source === undefined ? [] : [source])];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      vscode: { type: "string", default: "latest" },
      vsix: { type: "string" },
      trust: { type: "string", default: "off" },
      workspace: { type: "string" },
      extension: { type: "string", default: "." },
      tests: { type: "string" },
      suite: { type: "string", default: "out/test/host/index.js" },
      name: { type: "string" },
    },
  });
  const { vscode, trust } = values;
  if (vscode !== "latest" && vscode !== "floor" && vscode !== "desktop") {
    throw new Error("--vscode is latest, floor or desktop");
  }
  if (trust !== "on" && trust !== "off") throw new Error("--trust is on or off");
  const absolute = (file: string): string => path.resolve(checkout, file);
  const suite =
    values.tests === undefined ? absolute(values.suite) : await buildHostSuite(values.tests, values.suite);
  if (!existsSync(suite)) throw new Error(`No suite at ${suite}; build it with --tests <glob>`);
  const parts = ["host", vscode, ...(trust === "on" ? ["trust"] : []), ...(values.vsix ? ["vsix"] : [])];
  const result = await runHostSuite({
    name: values.name ?? parts.join("-"),
    vscode,
    suite,
    extensionPath: absolute(values.extension),
    vsix: values.vsix === undefined ? undefined : absolute(values.vsix),
    workspace: values.workspace === undefined ? undefined : absolute(values.workspace),
    workspaceTrust: trust === "on",
  });
  // A download that hangs would keep the process alive.
  process.exit(isFailure(result) ? 1 : 0);
}

if (import.meta.main) await main();
