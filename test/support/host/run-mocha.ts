import { appendFileSync } from "node:fs";
import Mocha from "mocha";
import { resultFileVariable, type SuiteEvent, type TestResult } from "./suite-events.ts";

/** One test file of the bundle: its path in the checkout and the import that declares its tests. */
export interface TestFile {
  readonly file: string;
  readonly load: () => Promise<unknown>;
}

/**
 * Runs test files in the extension host with mocha's bdd interface and writes each result at once, so that what ran
 * before a crash is known.
 * @throws Error when a test failed or there was none, which VS Code turns into its exit code.
 */
export async function runMocha(files: readonly TestFile[]): Promise<void> {
  const resultFile = process.env[resultFileVariable];
  if (resultFile === undefined) throw new Error(`${resultFileVariable} names no file for the results`);
  const write = (event: SuiteEvent): void => appendFileSync(resultFile, `${JSON.stringify(event)}\n`);

  const mocha = new Mocha({ ui: "bdd", timeout: 20_000, forbidOnly: process.env.CI === "true" });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  let failed = await loadAll(files, write);
  let tests = failed;
  mocha.reporter(reporting(write));
  failed += await new Promise<number>((resolve) => {
    mocha.run(resolve).on("test end", () => {
      tests += 1;
    });
  });
  write({ event: "end" });
  if (tests === 0) throw new Error("The suite has no tests");
  if (failed > 0) throw new Error(`${failed} of ${tests} tests failed`);
}

/** A file that does not even load is one failed test; the others still run. */
async function loadAll(files: readonly TestFile[], write: (event: SuiteEvent) => void): Promise<number> {
  let failed = 0;
  for (const { file, load } of files) {
    try {
      await load();
    } catch (error) {
      failed += 1;
      const test: TestResult = { title: `${file} loads`, state: "failed", duration: 0, error: textOf(error) };
      write({ event: "test", name: test.title, test, depth: 0 });
    }
  }
  return failed;
}

function reporting(write: (event: SuiteEvent) => void): Mocha.ReporterConstructor {
  return class extends Mocha.reporters.Base {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
      super(runner, options);
      let depth = -1;
      const report = (runnable: Mocha.Runnable, state: TestResult["state"], error?: unknown): void => {
        const test: TestResult = {
          title: runnable.fullTitle(),
          state,
          duration: runnable.duration ?? 0,
          ...(error === undefined ? {} : { error: textOf(error) }),
        };
        write({ event: "test", name: runnable.title, test, depth: Math.max(depth, 0) });
      };
      runner.on("suite", (suite) => {
        depth += 1;
        if (!suite.root) write({ event: "suite", title: suite.title, depth: depth - 1 });
      });
      runner.on("suite end", () => {
        depth -= 1;
      });
      runner.on("pass", (test) => report(test, "passed"));
      runner.on("pending", (test) => report(test, "skipped"));
      runner.on("fail", (test, error) => report(test, "failed", error));
    }
  };
}

/** Message, stack, and for an assertion what was there and what was expected. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? "";
  return stack.includes(error.message) ? stack : `${error.message}\n${stack}`;
}
