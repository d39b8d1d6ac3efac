/**
 * Runs every check of the project and prints what failed once more, and `N passed, N failed`, at the end.
 * `--only lint,unit,…` runs some of them.
 * A skipped test counts as a failure where CI=true: what a test needs, this script brings.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures?: readonly Failure[];
}

/** A failed test, and the error with its stack. */
interface Failure {
  readonly title: string;
  readonly why: string;
}

interface Step {
  readonly name: string;
  /** Runs beside the step before it: both wait more than they compute. */
  readonly beside?: boolean;
  run(): Promise<Counts>;
}

interface Row {
  readonly name: string;
  readonly counts: Counts;
  readonly seconds: number;
}

/** What the commands of a step print, where another step runs beside it; else they print themselves. */
const kept = new AsyncLocalStorage<Buffer[]>();

const root = fileURLToPath(new URL("..", import.meta.url));
const results = join(root, "out/results");
/** Hundreds of short processes read the same modules; kept compiled, they take half the processor's time. */
const compiled = join(root, "out/compile-cache");

const STEPS: readonly Step[] = [
  { name: "lint", run: () => check("biome", ["check", "."]) },
  { name: "house", run: () => check("node", ["scripts/check-house.ts"]) },
  { name: "manifest", run: () => check("node", ["scripts/generate-manifest.ts", "--check"]) },
  { name: "texts", run: () => check("node", ["scripts/extract-texts.ts", "--check"]) },
  {
    name: "types",
    run: async () =>
      sum([
        await check("tsc", ["-p", "."]),
        await check("tsc", ["-p", "webview"]),
        await check("tsc", ["-p", "test"]),
      ]),
  },
  { name: "build", run: () => check("node", ["esbuild.mjs", "--production"]) },
  { name: "unit", run: () => mocha("unit", ["test/unit/**/*.test.ts", "--parallel", "--jobs", "2"]) },
  { name: "pages", beside: true, run: () => mocha("pages", ["test/ui/webview/**/*.test.ts"]) },
  { name: "package", run: () => check("node", ["scripts/package.ts"]) },
  { name: "dist", run: () => check("node", ["scripts/check-dist.ts"]) },
  { name: "host", run: () => suites("test/support/run-all-hosts.ts", "host") },
  { name: "ui", run: () => mocha("ui", ["test/ui/workbench/**/*.test.ts"]) },
];

/** A tool that answers by its exit code counts as one test. */
async function check(command: string, args: readonly string[]): Promise<Counts> {
  const code = await spawned(command, args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function mocha(name: string, args: readonly string[]): Promise<Counts> {
  const file = join(results, `${name}.counts.json`);
  const reporter = join(root, "test/support/counting-reporter.cjs");
  const code = await spawned("mocha", [
    ...args,
    "--reporter",
    reporter,
    "--reporter-option",
    `counts=${file}`,
  ]);
  return await countsIn(file, code);
}

async function suites(script: string, name: string): Promise<Counts> {
  const file = join(results, `${name}.counts.json`);
  const code = await spawned("node", [script, "--counts", file]);
  return await countsIn(file, code);
}

/** A run that ended badly without a failed test, or left no counts, has failed all the same. */
async function countsIn(file: string, code: number): Promise<Counts> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return { passed: 0, failed: 1, skipped: 0 };
  const counts = JSON.parse(text) as Counts;
  const lost = counts.failed === 0 && (code !== 0 || counts.passed === 0);
  return lost ? { ...counts, failed: 1 } : counts;
}

function spawned(command: string, args: readonly string[]): Promise<number> {
  const bin = join(root, "node_modules/.bin");
  const path = `${bin}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
  const executable = command === "node" ? process.execPath : join(bin, command);
  return new Promise((resolve, reject) => {
    const output = kept.getStore();
    const child = spawn(executable, args, {
      cwd: root,
      stdio: output ? ["ignore", "pipe", "pipe"] : "inherit",
      env: { ...process.env, PATH: path, NODE_COMPILE_CACHE: compiled },
    });
    child.stdout?.on("data", (chunk: Buffer) => output?.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output?.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function sum(all: readonly Counts[]): Counts {
  return all.reduce((total, each) => ({
    passed: total.passed + each.passed,
    failed: total.failed + each.failed,
    skipped: total.skipped + each.skipped,
  }));
}

function together(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (step.beside && last) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

async function timed(step: Step): Promise<Row> {
  const start = Date.now();
  const counts = await step.run();
  return { name: step.name, counts, seconds: (Date.now() - start) / 1000 };
}

/** Keeps what a step prints until it has ended, so that the lines of two steps do not mix. */
async function printedWhole(step: Step): Promise<Row> {
  const output: Buffer[] = [];
  const row = await kept.run(output, () => timed(step));
  console.log(heading(step));
  process.stdout.write(Buffer.concat(output));
  return row;
}

function heading({ name }: Step): string {
  return `\n── ${name} ${"─".repeat(60 - name.length)}`;
}

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.split(",");
await rm(results, { recursive: true, force: true });
await mkdir(results, { recursive: true });
const rows: Row[] = [];
for (const steps of together(STEPS.filter(({ name }) => wanted?.includes(name) ?? true))) {
  const [first] = steps;
  if (steps.length === 1 && first) {
    console.log(heading(first));
    rows.push(await timed(first));
    continue;
  }
  console.log(`\n${steps.map(({ name }) => name).join(", ")} run beside each other …`);
  rows.push(...(await Promise.all(steps.map(printedWhole))));
}

console.log("");
for (const { name, counts, seconds } of rows) {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  console.log(
    `${name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed${skipped} in ${seconds.toFixed(1)} s`,
  );
}
// Whoever reads only the end of a long log sees what failed, and why.
for (const { name, counts } of rows) {
  for (const { title, why } of counts.failures ?? []) {
    console.log(`\n✘ ${name}: ${title}\n${why.split("\n").slice(0, 12).join("\n").replace(/^/gm, "    ")}`);
  }
}
const total = sum([{ passed: 0, failed: 0, skipped: 0 }, ...rows.map((row) => row.counts)]);
const strict = process.env.CI === "true";
const failed = total.failed + (strict ? total.skipped : 0);
console.log("");
console.log(
  `${total.passed} passed, ${failed} failed${!strict && total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
process.exitCode = failed > 0 ? 1 : 0;
