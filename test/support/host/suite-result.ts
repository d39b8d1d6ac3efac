import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { checkout } from "./build-host-suite.ts";
import type { SuiteEvent, TestResult } from "./suite-events.ts";

/** What one run of a suite in one VS Code showed. `notSeen` says why it did not run there; then nothing is counted. */
export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly tests: readonly TestResult[];
  readonly notSeen?: string;
  /** Why the run as a whole counts as failed although no test says so (no tests, or it broke off). */
  readonly broken?: string;
}

/** Reads the file that a suite writes, also while it is being written. */
export class SuiteReader {
  readonly #file: string;
  readonly #print: (line: string) => void;
  readonly #tests: TestResult[] = [];
  #read = 0;
  #ended = false;

  constructor(file: string, print: (line: string) => void) {
    this.#file = file;
    this.#print = print;
  }

  /** Whether the suite came to its end, whatever its tests said. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Takes in and prints what is new, in the manner of mocha's spec reporter. */
  poll(): void {
    if (!existsSync(this.#file)) return;
    const lines = readFileSync(this.#file, "utf8").split("\n").slice(0, -1);
    for (const line of lines.slice(this.#read)) this.#take(JSON.parse(line) as SuiteEvent);
    this.#read = lines.length;
  }

  /** The verdict. A suite that broke off or ran no test has failed, whatever VS Code's exit code was. */
  result(name: string): SuiteResult {
    const count = (state: TestResult["state"]): number =>
      this.#tests.filter((test) => test.state === state).length;
    const broken = !this.#ended
      ? "the suite broke off before its end"
      : this.#tests.length === 0
        ? "the suite ran no test"
        : undefined;
    return {
      name,
      passed: count("passed"),
      failed: count("failed"),
      skipped: count("skipped"),
      tests: this.#tests,
      ...(broken === undefined ? {} : { broken }),
    };
  }

  #take(event: SuiteEvent): void {
    if (event.event === "end") {
      this.#ended = true;
      return;
    }
    if (event.event === "note") {
      this.#print(`      ${event.text}`);
      return;
    }
    const indent = "  ".repeat(event.depth + 1);
    if (event.event === "suite") {
      this.#print(`${indent}${event.title}`);
      return;
    }
    const { test } = event;
    this.#tests.push(test);
    const mark = { passed: "✔", failed: "✘", skipped: "-" }[test.state];
    this.#print(`${indent}${mark} ${event.name} (${test.duration}ms)`);
    if (test.error !== undefined) this.#print(test.error.replace(/^/gm, `${indent}  `));
  }
}

/** Writes a result to `out/results/<name>.json` and returns the line that sums it up. */
export async function recordResult(result: SuiteResult): Promise<string> {
  const folder = path.join(checkout, "out/results");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${result.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  if (result.notSeen !== undefined) return `${result.name}: not seen (${result.notSeen})`;
  const counts = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
  return `${result.name}: ${counts}${result.broken === undefined ? "" : `; ${result.broken}`}`;
}

/** Whether a run is a failure: a failed test, a broken run, or under `CI=true` a skipped test. Not seen is neither. */
export function isFailure(result: SuiteResult): boolean {
  if (result.notSeen !== undefined) return false;
  return (
    result.failed > 0 || result.broken !== undefined || (process.env.CI === "true" && result.skipped > 0)
  );
}
