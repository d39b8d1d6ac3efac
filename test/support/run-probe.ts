import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { buildHostSuite, checkout } from "./host/build-host-suite.ts";
import { isFailure } from "./host/suite-result.ts";
import { runHostSuite } from "./run-host-suite.ts";
import { type ReleaseName, releases } from "./vscode-server/release.ts";

// Shows that the harness itself works: every release, trust on and off, from source and from a package.

const probe = path.join(import.meta.dirname, "probe-extension");

/** Packages an extension folder as .vsix under `out/` and returns its path. */
export async function packageExtension(folder: string, name: string): Promise<string> {
  const file = path.join(checkout, "out/packages", `${name}.vsix`);
  await mkdir(path.dirname(file), { recursive: true });
  const vsce = path.join(checkout, "node_modules/@vscode/vsce/vsce");
  const args = [
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--skip-license",
    "--out",
    file,
  ];
  await promisify(execFile)(process.execPath, [vsce, ...args], { cwd: folder });
  return file;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { vscode: { type: "string" } } });
  const names = (Object.keys(releases) as ReleaseName[]).filter((name) => (values.vscode ?? name) === name);
  const suite = await buildHostSuite("test/support/probe.host.ts", "out/test/probe/index.js");
  const vsix = await packageExtension(probe, "probe");
  let failed = false;
  for (const vscode of names) {
    for (const workspaceTrust of [false, true]) {
      for (const packaged of [false, true]) {
        const result = await runHostSuite({
          name: [
            "probe",
            vscode,
            workspaceTrust ? "trust-on" : "trust-off",
            packaged ? "vsix" : "source",
          ].join("-"),
          vscode,
          suite,
          ...(packaged ? { vsix } : { extensionPath: probe }),
          workspace: path.join(import.meta.dirname, "probe-workspace"),
          workspaceTrust,
          settings: { "editor.tabSize": 7 },
          env: { PROBE_VSCODE: releases[vscode].vscode, PROBE_TRUSTED: String(!workspaceTrust) },
        });
        failed ||= isFailure(result);
      }
    }
  }
  process.exit(failed ? 1 : 0);
}

if (import.meta.main) await main();
