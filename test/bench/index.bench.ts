import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bench, type BenchRow, median, milliseconds } from "./bench.ts";
import { writeTree } from "./generated-tree.ts";
import type { IndexFigures } from "./index-child.ts";

const FILES = 8_400;
const BYTES_PER_FILE = 4_400;
const MANY = 50_000;
const BYTES_OF_MANY = 1_200;
const RUNS = 3;

/**
 * A project of 8,400 files and 37 MB and one of 50,000 files, both written for the run; in their place a copy of a real
 * tree with AKSARA_BENCH_TREE=FOLDER. Beside it what ripgrep and ctags take for the same bytes.
 */
export const bench: Bench = {
  title: "Reading a workspace into the catalog",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "aksara-bench-"));
    try {
      return [...readTree(folder), ...readMany(folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function readTree(folder: string): readonly BenchRow[] {
  const tree = join(folder, "tree");
  const real = process.env.AKSARA_BENCH_TREE;
  if (real)
    cpSync(real, tree, { recursive: true, filter: (path) => !/\/(?:\.git|node_modules)$/.test(path) });
  else writeTree(tree, FILES, BYTES_PER_FILE);
  const colds = Array.from({ length: RUNS }, (_, run) => read(tree, join(folder, `state${run}`)));
  const warms = Array.from({ length: RUNS }, () => read(tree, join(folder, "state0")));
  const edited = read(tree, "-", 7).edits;
  const [first] = colds;
  const size = `${first?.files} files, ${first?.parsed} of them parsed, ${first?.objects} objects`;
  const all = [...colds, ...warms];
  return [
    timed(`cold: ${size}`, median(colds.map(({ ms }) => ms)), 2_000, peers(tree)),
    { what: "… processor time of that", value: milliseconds(median(colds.map(({ cpuMs }) => cpuMs))) },
    timed("warm, no file changed", median(warms.map(({ ms }) => ms)), 300),
    timed("one file changed: a comment", median(edited.comment), 10),
    timed("one file changed: all its lines move", median(edited.line), 10),
    timed("one file changed: a model more", median(edited.model), 10),
    sized("memory, cold", Math.max(...colds.map(({ growth }) => growth)), 250),
    timed("event loop of the host, p99", Math.max(...all.map(({ delayP99 }) => delayP99)), 20),
    { what: "… longest single wait", value: milliseconds(Math.max(...all.map(({ delayMax }) => delayMax))) },
  ];
}

function readMany(folder: string): readonly BenchRow[] {
  const points = [MANY / 4, MANY / 2, MANY].map((files) => {
    const tree = join(folder, `many${files}`);
    writeTree(tree, files, BYTES_OF_MANY);
    const figures = read(tree, "-");
    const besides = files === MANY ? peers(tree) : "";
    rmSync(tree, { recursive: true });
    return { files, figures, besides };
  });
  const last = points.at(-1);
  if (!last) return [];
  const exponent = slope(points.map(({ files, figures }) => [Math.log(files), Math.log(figures.ms)]));
  return [
    timed(`cold: ${last.figures.files} generated files`, last.figures.ms, 12_000, last.besides),
    sized("memory of that", last.figures.growth, 500),
    {
      what: "growth of time with files, exponent",
      value: exponent.toFixed(2),
      bar: "≤ 1.1",
      met: exponent <= 1.1,
    },
  ];
}

function read(tree: string, state: string, edits = 0): IndexFigures {
  const child = fileURLToPath(new URL("./index-child.ts", import.meta.url));
  return JSON.parse(
    execFileSync(process.execPath, [child, tree, state, String(edits)], { encoding: "utf8" }),
  );
}

function timed(what: string, value: number, bar: number, peer = ""): BenchRow {
  return { what, value: milliseconds(value), peer, bar: `≤ ${bar} ms`, met: value <= bar };
}

function sized(what: string, bytes: number, bar: number): BenchRow {
  const value = Math.round(bytes / 1e6);
  return { what, value: `${value} MB`, bar: `≤ ${bar} MB`, met: value <= bar };
}

/** What other tools take to look through the same tree; median of the runs. */
function peers(tree: string): string {
  const ripgrep = ["rg", "--no-config", "--count", "--no-messages", "class |def |function ", tree];
  const ctags = ["ctags", "--options=NONE", "-R", "-f", "/dev/null", "--quiet", tree];
  return [ripgrep, ctags].map((command) => timeOf(command)).join(", ");
}

function timeOf([program = "", ...args]: readonly string[]): string {
  const version = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (version.error) return `${program} is not here`;
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    spawnSync(program, args, { stdio: "ignore" });
    return performance.now() - start;
  });
  const number = /\d+(?:\.\d+)+/.exec(version.stdout)?.[0] ?? "";
  return `${program} ${number} ${milliseconds(median(times))}`;
}

/** Of the straight line that is nearest to points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const x = points.reduce((sum, [at]) => sum + at, 0) / points.length;
  const y = points.reduce((sum, [, at]) => sum + at, 0) / points.length;
  const over = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return over / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
