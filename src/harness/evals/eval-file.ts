import { fileJsonSchema } from "../spec/file-schema.ts";
import { readWritten } from "../spec/written-document.ts";
import { checkEvalRequest, type EvalRequest, EvalRequestSchema, problemText } from "./eval-request.ts";

/** Something in the file that a person should mend. */
export interface EvalFileProblem {
  readonly uri: string;
  /** Zero-based. */
  readonly line: number;
  readonly message: string;
}

/** Where a case stands, and what it expects. */
export interface CaseLines {
  readonly at: number;
  readonly expect: readonly number[];
}

/** A file of `.aksara/evals`. */
export interface EvalFile {
  readonly uri: string;
  /** Null when there is a problem: nothing is guessed from a file that is not right. */
  readonly request: EvalRequest | null;
  /** Zero-based lines of the cases, in their order. */
  readonly lines: readonly CaseLines[];
  readonly problems: readonly EvalFileProblem[];
}

/** Reads the text of an eval file, JSON or YAML. Never throws for what the file says. */
export async function parseEvalFile(uri: string, text: string): Promise<EvalFile> {
  const document = await readWritten(text);
  const refused = (problems: readonly Omit<EvalFileProblem, "uri">[]): EvalFile => ({
    uri,
    request: null,
    lines: [],
    problems: problems.map((problem) => ({ uri, ...problem })),
  });
  if (document.errors.length > 0) return refused(document.errors);
  const checked = checkEvalRequest(document.value);
  if ("problems" in checked)
    return refused(
      checked.problems.map((problem) => ({
        line: document.lineOf(problem.path),
        message: problemText(problem),
      })),
    );
  const { request } = checked;
  const lines = request.cases.map(({ expect }, at) => ({
    at: document.lineOf(["cases", at]),
    expect: expect.map((_, index) => document.lineOf(["cases", at, "expect", index])),
  }));
  return { uri, request, lines, problems: [] };
}

/** The JSON Schema that the editor checks such a file with. */
export function evalFileJsonSchema(): Record<string, unknown> {
  return fileJsonSchema(EvalRequestSchema, "Aksara eval");
}
