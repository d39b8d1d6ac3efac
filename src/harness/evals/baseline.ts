import { AksaraError } from "../../errors.ts";
import { pathText } from "../spec/spec-error.ts";
import {
  type EvalArtifact,
  EvalArtifactSchema,
  type EvalCaseResult,
  type EvalComparison,
} from "./artifact.ts";
import { wilsonInterval } from "./statistics.ts";

/** An artifact that was kept. @throws EVAL_REQUEST_INVALID for what is none; `name` is said then */
export function readArtifact(text: string, name: string): EvalArtifact {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AksaraError("EVAL_REQUEST_INVALID", `The baseline ${name} is no JSON: ${reason}`, {
      cause: error,
    });
  }
  const parsed = EvalArtifactSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AksaraError(
    "EVAL_REQUEST_INVALID",
    `The baseline ${name} is no artifact of an eval: ${pathText(issue?.path ?? [])}: ${issue?.message}`,
    { hint: "Write one with aksara eval FILE --write-baseline." },
  );
}

/** What has become worse or better since a baseline. `isWhole`: all cases were run, so one that is not here is gone. */
export function compare(
  now: readonly EvalCaseResult[],
  { cases: before }: Pick<EvalArtifact, "cases">,
  isWhole: boolean,
): EvalComparison {
  const known = new Map(before.map((each) => [each.id, each]));
  const ids = new Set(now.map(({ id }) => id));
  const both = now.flatMap((each) => {
    const earlier = known.get(each.id);
    return earlier ? [{ each, earlier }] : [];
  });
  return {
    regressions: both
      .filter(({ each, earlier }) => isBelow(each, earlier.passRate))
      .map(({ each, earlier }) => ({
        id: each.id,
        before: earlier.passRate,
        now: each.passRate,
        why: each.attempts.find(({ pass }) => !pass)?.why ?? "",
      })),
    improvements: both
      .filter(({ each, earlier }) => isBelow(earlier, each.passRate))
      .map(({ each }) => each.id),
    missing: isWhole ? before.filter(({ id }) => !ids.has(id)).map(({ id }) => id) : [],
    added: now.filter(({ id }) => !known.has(id)).map(({ id }) => id),
  };
}

/** Whether the runs of a case can hardly be those of one that passes at a rate. */
function isBelow({ attempts }: EvalCaseResult, rate: number): boolean {
  const passed = attempts.filter(({ pass }) => pass).length;
  return wilsonInterval(passed, attempts.length).high < rate;
}
