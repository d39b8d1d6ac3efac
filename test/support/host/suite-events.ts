/** One line of the file that a suite writes while it runs inside VS Code; the harness reads its verdict from it. */
export type SuiteEvent =
  | { readonly event: "suite"; readonly title: string; readonly depth: number }
  | { readonly event: "test"; readonly name: string; readonly test: TestResult; readonly depth: number }
  /** A line for whoever reads the run: a measured time, a version. */
  | { readonly event: "note"; readonly text: string }
  | { readonly event: "end" };

/** What became of one test. A failed hook counts as a failed test under the hook's title. */
export interface TestResult {
  /** Titles of the suites around it and its own, joined by spaces. */
  readonly title: string;
  readonly state: "passed" | "failed" | "skipped";
  /** Milliseconds. */
  readonly duration: number;
  /** Message and stack, only of a failed test. */
  readonly error?: string;
}

/** The environment variable that names the file; the harness sets it in the extension host. */
export const resultFileVariable = "AKSARA_SUITE_RESULT";
