import type * as z from "zod";
import { AksaraError } from "../../errors.ts";

/** Something in a spec that is wrong, and where. */
export interface SpecProblem {
  readonly path: readonly PropertyKey[];
  /** What was expected there. */
  readonly message: string;
}

/** A path as it is written in code: `agents[1].routes[0]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) =>
      typeof part === "number" ? `[${part}]` : at === 0 ? String(part) : `.${String(part)}`,
    )
    .join("");
}

/** All that is wrong, as one error that names each place. */
export function specError(problems: readonly SpecProblem[], what = "The runtime spec"): AksaraError {
  const lines = problems.map(({ path, message }) => `${pathText(path) || what}: ${message}`);
  return new AksaraError("SPEC_INVALID", lines.join("\n"), {
    hint:
      problems.length === 1
        ? "Correct it, then try again."
        : `Correct all ${problems.length} places, then try again.`,
  });
}

/** What a schema found, in the branch of a union that came nearest. */
export function problemsOf(error: z.ZodError): readonly SpecProblem[] {
  return error.issues.flatMap((issue) => fromIssue(issue, []));
}

function fromIssue(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): readonly SpecProblem[] {
  const path = [...before, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const depth = (issues: readonly z.core.$ZodIssue[]) =>
      Math.max(0, ...issues.map((each) => each.path.length));
    const deepest = Math.max(...issue.errors.map(depth));
    const nearest = issue.errors.find((issues) => depth(issues) === deepest && deepest > 0);
    if (nearest) return nearest.flatMap((each) => fromIssue(each, path));
  }
  const message =
    issue.message === "Invalid input" ? "This is not one of the forms it may have." : issue.message;
  return [{ path, message }];
}
