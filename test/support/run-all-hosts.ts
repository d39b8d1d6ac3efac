import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildHostSuite, checkout } from "./host/build-host-suite.ts";
import { openHostServer } from "./host/host-server.ts";
import { isFailure, recordResult, type SuiteResult } from "./host/suite-result.ts";
import { runHostSuite } from "./run-host-suite.ts";
import { lockSuite } from "./suite-lock.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import type { ReleaseName } from "./vscode-server/release.ts";

// The suites of `test/host`, each in a window of its own, from the installed .vsix, in every VS Code there is here.
// `--counts FILE` leaves the sum there, `--only NAME` runs the windows whose names contain it.

const vsix = path.join(checkout, "aksara-studio.vsix");
const workspaces = path.join(checkout, "test/workspaces");

/** What is opened in the window of each folder of suites; absent: nothing. */
const opened: Readonly<Record<string, (folder: string) => Promise<string>>> = {
  plain: (folder) => copyInto(folder, path.join(import.meta.dirname, "probe-workspace")),
  shop: (folder) => copyInto(folder, path.join(workspaces, "shop-django")),
  several: severalFolders,
  "bad-input": (folder) => copyInto(folder, path.join(workspaces, "hostile")),
  restricted: (folder) => copyInto(folder, path.join(workspaces, "shop-django")),
};

interface Configuration {
  readonly name: string;
  readonly vscode: ReleaseName;
  readonly workspaceTrust: boolean;
  readonly windows: readonly string[];
}

const configurations: readonly Configuration[] = [
  {
    name: "latest",
    vscode: "latest",
    workspaceTrust: false,
    windows: ["plain", "shop", "no-folder", "several", "bad-input"],
  },
  { name: "latest-trust", vscode: "latest", workspaceTrust: true, windows: ["restricted"] },
  { name: "floor", vscode: "floor", workspaceTrust: false, windows: ["plain", "shop"] },
];

const { values } = parseArgs({ options: { counts: { type: "string" }, only: { type: "string" } } });
const wanted = (name: string): boolean => values.only === undefined || name.includes(values.only);
const started = Date.now();
const results: SuiteResult[] = [];
for (const configuration of configurations) results.push(...(await runConfiguration(configuration)));
if (wanted("desktop-shop")) {
  results.push(
    await runHostSuite({
      name: "desktop-shop",
      vscode: "desktop",
      suite: await buildSuite("shop"),
      vsix,
      workspace: path.join(workspaces, "shop-django"),
      workspaceTrust: false,
    }),
  );
}
await report();

async function runConfiguration(configuration: Configuration): Promise<readonly SuiteResult[]> {
  const names = configuration.windows.filter((window) => wanted(`${configuration.name}-${window}`));
  if (names.length === 0) return [];
  const suites = new Map(
    await Promise.all(names.map(async (name) => [name, await buildSuite(name)] as const)),
  );
  const lock = await lockSuite({ log: console.log });
  const temporary = await makeTemporaryFolder("host");
  try {
    const { vscode, workspaceTrust } = configuration;
    const server = await openHostServer(vscode, { workspaceTrust, vsix: [vsix] });
    const seen: SuiteResult[] = [];
    try {
      for (const [window, suite] of suites) {
        const name = `${configuration.name}-${window}`;
        console.log(`\n  ${name}`);
        const folder = path.join(temporary.folder, window);
        const result = await server.run({
          name,
          suite,
          workspace: await opened[window]?.(folder),
          limitMs: 120_000,
        });
        console.log(`  ${await recordResult(result)}`);
        seen.push(result);
      }
    } finally {
      await server.close();
    }
    return seen;
  } finally {
    await temporary.remove();
    lock.release();
  }
}

function buildSuite(window: string): Promise<string> {
  return buildHostSuite(`test/host/${window}/*.host.ts`, `out/test/host/${window}/index.js`);
}

async function copyInto(folder: string, source: string): Promise<string> {
  await cp(source, folder, { recursive: true });
  return folder;
}

/** A workspace file over three folders, two of which bear one name. */
async function severalFolders(folder: string): Promise<string> {
  await copyInto(path.join(folder, "one/backend"), path.join(workspaces, "shop-django"));
  await copyInto(path.join(folder, "two/backend"), path.join(workspaces, "shop-prisma"));
  await copyInto(path.join(folder, "sql"), path.join(workspaces, "shop-sql"));
  const file = path.join(folder, "shop.code-workspace");
  const folders = ["one/backend", "two/backend", "sql"].map((each) => ({ path: each }));
  await writeFile(file, JSON.stringify({ folders }));
  return file;
}

/** A broken run counts as one failed test more, or nobody would see it in the sum. */
async function report(): Promise<void> {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const failures: { readonly title: string; readonly why: string }[] = [];
  console.log("");
  for (const result of results) {
    if (result.notSeen !== undefined) {
      console.log(`${result.name.padEnd(24)} not available (${result.notSeen})`);
      continue;
    }
    const failed = result.failed + (result.broken === undefined ? 0 : 1);
    sum.passed += result.passed;
    sum.failed += failed;
    sum.skipped += result.skipped;
    for (const { title, state, error } of result.tests) {
      if (state === "failed") failures.push({ title: `${result.name}: ${title}`, why: error ?? "" });
    }
    if (result.broken !== undefined) failures.push({ title: result.name, why: result.broken });
    const cells = [result.passed, failed, result.skipped].map((count) => String(count).padStart(4));
    console.log(`${result.name.padEnd(24)} ${cells[0]} passed ${cells[1]} failed ${cells[2]} skipped`);
  }
  console.log(`${"all".padEnd(24)} in ${Math.round((Date.now() - started) / 1000)} s`);
  if (values.counts !== undefined) {
    await mkdir(path.dirname(values.counts), { recursive: true });
    await writeFile(values.counts, JSON.stringify({ ...sum, failures }));
  }
  // A download that hangs would keep the process alive.
  process.exit(results.some(isFailure) ? 1 : 0);
}
