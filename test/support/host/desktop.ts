import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import {
  download,
  type ProgressReporter,
  resolveCliArgsFromVSCodeExecutablePath,
  runTests,
} from "@vscode/test-electron";
import { makeTemporaryFolder } from "../temporary-folder.ts";
import { cacheFolder } from "../vscode-server/install.ts";
import { quietSettings } from "../vscode-server/server.ts";
import { resultFileVariable } from "./suite-events.ts";
import type { SuiteShell } from "./suite-shell.ts";

/** How long a download may take to show its first sign of life, in milliseconds. */
const downloadLimitMs = 15_000;

/**
 * The executable of a desktop VS Code: `VSCODE_PATH`, else one that test-electron downloads.
 * @returns The path, or the reason why there is none here.
 */
export async function findDesktop(): Promise<{ readonly path: string } | { readonly missing: string }> {
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { missing: "no display" };
  }
  const chosen = process.env.VSCODE_PATH;
  if (chosen)
    return existsSync(chosen) ? { path: chosen } : { missing: `VSCODE_PATH names no file: ${chosen}` };
  let alive = false;
  const reporter: ProgressReporter = {
    report: ({ stage }) => {
      alive ||= ["downloading", "foundMatchingInstall", "newInstallComplete"].includes(stage);
    },
    // What went wrong reaches the caller as the reason.
    error: () => {},
  };
  const downloading = download({ cachePath: cacheFolder, reporter });
  const limit = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => {
      if (!alive) reject(new Error(`no answer from the update server within ${downloadLimitMs / 1000} s`));
    };
    setTimeout(giveUp, downloadLimitMs).unref();
  });
  try {
    return { path: await Promise.race([downloading, limit]) };
  } catch (error) {
    downloading.catch(() => {});
    return { missing: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  }
}

/** Runs a suite in a desktop VS Code with data folders of its own. The result stands in the shell's result file. */
export async function runInDesktop(
  executable: string,
  shell: SuiteShell,
  options: {
    readonly extensionDevelopmentPaths: readonly string[];
    readonly vsix?: string | undefined;
    readonly workspace?: string | undefined;
    readonly workspaceTrust: boolean;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { folder: data, remove } = await makeTemporaryFolder("vscode");
  const folders = [
    `--user-data-dir=${path.join(data, "user")}`,
    `--extensions-dir=${path.join(data, "extensions")}`,
  ];
  try {
    const settings = path.join(data, "user/User/settings.json");
    await mkdir(path.dirname(settings), { recursive: true });
    await writeFile(settings, JSON.stringify({ ...quietSettings, ...options.settings }));
    if (options.vsix !== undefined) await installInDesktop(executable, folders, options.vsix);
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: [...options.extensionDevelopmentPaths],
      extensionTestsPath: shell.testsPath,
      extensionTestsEnv: { ...options.env, [resultFileVariable]: shell.resultFile },
      launchArgs: [
        ...(options.workspace ? [options.workspace] : []),
        ...folders,
        ...["--skip-welcome", "--skip-release-notes", "--disable-telemetry"],
        ...(options.workspaceTrust ? [] : ["--disable-workspace-trust"]),
      ],
    });
  } catch {
    // A failed test ends VS Code with an error as well; the verdict is in the result file alone.
  } finally {
    await remove();
  }
}

async function installInDesktop(executable: string, folders: readonly string[], vsix: string): Promise<void> {
  const [command, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable, {
    reuseMachineInstall: true,
  });
  if (command === undefined) throw new Error(`No command line beside ${executable}`);
  const all = [...args, ...folders, "--install-extension", vsix];
  await promisify(execFile)(command, all, { shell: process.platform === "win32" });
}
