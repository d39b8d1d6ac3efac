/**
 * Shows that the tests of defences can fail. A comment directly above an `it` names the one-line change that has to
 * turn it red:
 *
 *     // prove: <file> :: <fragment of a line of that file> => <what to put in its place>
 *
 * Each change is made in a copy of the tree, that one test is run, and it must fail there after it passed unchanged.
 * Prints a table; exits 1 when a test stays green, does not run, or a fragment is not found exactly once.
 */
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export interface Proof {
  /** Test file, relative to the root. */
  readonly test: string;
  readonly line: number;
  readonly title: string;
  /** What the comment says after `prove:`. */
  readonly change: string;
}

export interface Change {
  readonly file: string;
  readonly fragment: string;
  readonly replacement: string;
}

type Verdict = "red" | "green" | "not found" | "not unique" | "does not run" | "red without it" | "no test";

const root = fileURLToPath(new URL("..", import.meta.url));
/** What a test may need besides the sources; what is not there is not needed. */
const COPIED = ["src", "test", "webview", "scripts", "package.json", "tsconfig.json", ".mocharc.json"];
const LINKED = ["node_modules", "dist"];

/** The proofs that a test file asks for. A comment without a test below it has the title "". */
export function proofsIn(test: string, text: string): readonly Proof[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const change = /^\s*\/\/ prove: (.*)$/.exec(line)?.[1];
    if (change === undefined) return [];
    const below = lines.slice(index + 1).filter((other) => !/^\s*\/\/ prove: /.test(other));
    const title = /^\s*it(?:\.only)?\(\s*"((?:[^"\\]|\\.)*)"/.exec(below.slice(0, 2).join("\n"))?.[1] ?? "";
    return [{ test, line: index + 1, title: title.replace(/\\(.)/g, "$1"), change }];
  });
}

/**
 * The change that a comment describes. Sources hold `=>` too: the split is the last one whose left side stands in the
 * file, exactly once.
 */
export function changeOf(comment: string, read: (file: string) => string | null): Change | Verdict {
  const at = comment.indexOf(" :: ");
  const file = comment.slice(0, at);
  const text = at < 0 ? null : read(file);
  if (text === null) return "not found";
  const rest = `${comment.slice(at + 4)} `;
  let result: Change | Verdict = "not found";
  for (let arrow = rest.indexOf(" => "); arrow >= 0; arrow = rest.indexOf(" => ", arrow + 1)) {
    const fragment = rest.slice(0, arrow);
    const found = text.split(fragment).length - 1;
    if (found === 1) result = { file, fragment, replacement: rest.slice(arrow + 4).trimEnd() };
    else if (found > 1) result = "not unique";
  }
  return result;
}

interface Outcome {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** Runs one test file, or one test of it; null when it could not even be loaded. */
async function runTests(folder: string, test: string, title?: string): Promise<Outcome | null> {
  const only = title === undefined ? [] : ["--fgrep", title];
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const child = spawn(process.execPath, [mocha, "--reporter", "json", ...only, test], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  // a test may print before the report does
  const start = output.search(/^\{\s*"stats"/m);
  if (start < 0) return null;
  const report = JSON.parse(output.slice(start)) as Record<
    "passes" | "failures",
    readonly { title: string }[]
  >;
  return {
    passed: report.passes.map((each) => each.title),
    failed: report.failures.map((each) => each.title),
  };
}

async function prove(folder: string, proof: Proof, unchanged: Outcome | null): Promise<Verdict> {
  if (proof.title === "") return "no test";
  if (!unchanged?.passed.includes(proof.title)) return "red without it";
  const change = changeOf(proof.change, (file) => {
    const path = join(folder, file);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  });
  if (typeof change === "string") return change;
  const path = join(folder, change.file);
  const original = readFileSync(path, "utf8");
  try {
    writeFileSync(
      path,
      original.replace(change.fragment, () => change.replacement),
    );
    const outcome = await runTests(folder, proof.test, proof.title);
    if (outcome?.failed.includes(proof.title)) return "red";
    return outcome?.passed.includes(proof.title) ? "green" : "does not run";
  } finally {
    writeFileSync(path, original);
  }
}

function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "prove-"));
  for (const name of COPIED) {
    if (!existsSync(join(root, name))) continue;
    const filter = (source: string) => !source.endsWith(`${sep}node_modules`);
    cpSync(join(root, name), join(folder, name), { recursive: true, filter });
  }
  for (const name of LINKED) {
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(folder, name), "junction");
  }
  return folder;
}

function testFiles(): readonly string[] {
  return readdirSync(join(root, "test/unit"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Proves everything that the tests ask for, or what has `only` in its file or title. The number that failed. */
async function proveAll(only: string): Promise<number> {
  const proofs = testFiles()
    .flatMap((file) => proofsIn(file, readFileSync(join(root, file), "utf8")))
    .filter(({ test, title }) => `${test} ${title}`.includes(only));
  const folder = copyTree();
  const counts = { red: 0, other: 0 };
  try {
    const unchanged = new Map<string, Outcome | null>();
    for (const proof of proofs) {
      const { test } = proof;
      if (!unchanged.has(test)) unchanged.set(test, await runTests(folder, test));
      const verdict = await prove(folder, proof, unchanged.get(test) ?? null);
      counts[verdict === "red" ? "red" : "other"]++;
      console.log(`${verdict.padEnd(14)}  ${test}:${proof.line}  ${proof.title}`);
      if (verdict !== "red") console.log(`${"".padEnd(16)}${proof.change}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${counts.red} of ${proofs.length} changes turn their test red.`);
  return proofs.length === 0 ? 1 : counts.other;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
  process.exitCode = (await proveAll(values.only)) > 0 ? 1 : 0;
}
