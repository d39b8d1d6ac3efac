import type { SchemaReport } from "../../database/lab.ts";
import { addedAndEmpty, isDataError } from "./data-errors.ts";
import { type BuiltSchema, judgeRejection } from "./judge-rejection.ts";
import { type BackStop, emptied, type PlayFailure } from "./play-steps.ts";
import type { PlanPromise, PlanVerification, PlayedPlan } from "./rollout-plan.ts";
import { differenceOf, differenceText, differs, minorNotes } from "./schema-structure.ts";
import { refuted, unverified, type Verification, verified } from "./verification.ts";

/** What the end of a plan is, held against what was promised. */
interface End {
  /** Null when nothing is known to hold it against. */
  readonly verification: Verification | null;
  readonly notes: readonly string[];
}

/** Verdicts for a plan that was carried out, and for each of its steps. */
export function judgePlan(played: PlayedPlan, promise: PlanPromise, report: SchemaReport): PlanVerification {
  const built: BuiltSchema = {
    repairs: report.repairs.map(({ what }) => what),
    failures: report.failures.map(({ about, error }) => `${about}: ${error.message}`),
  };
  const end = judgeEnd(played, promise);
  const facts = {
    engine: report.engine,
    schema: report.source,
    rows: played.play.rows,
    reached: played.play.moments.length - 1,
    steps: played.steps.length,
    notes: [...end.notes, ...rowNotes(played)],
  };
  const last = played.steps.findLastIndex(({ forward, problem }) => forward.length > 0 || problem !== null);
  const steps = played.steps.map((_, index) =>
    withFacts(judgeStep(played, index, index === last ? end.verification : null, built), facts),
  );
  return { ...wholeOf(steps, played, promise.statements !== null), steps };
}

function withFacts({ verdict, proof }: Verification, plan: Readonly<Record<string, unknown>>): Verification {
  return { verdict, proof: { ...proof, details: { ...proof.details, plan } } };
}

function judgeStep(
  played: PlayedPlan,
  index: number,
  end: Verification | null,
  built: BuiltSchema,
): Verification {
  const { steps, play } = played;
  const step = steps[index];
  const { failure } = play;
  if (step === undefined) throw new Error(`There is no step ${index}.`);
  if (failure !== null && index === failure.step) return judgeFailure(played, failure, built);
  if (failure !== null && index > failure.step)
    return unverified(`Not reached: step ${failure.step + 1} failed.`);
  if (step.problem !== null && index === played.end) return step.problem;
  if (index >= played.end) return unverified(`Not reached: step ${played.end + 1} could not be carried out.`);
  if (isByHand(step)) return unverified("Nothing to run: it is done by hand.");
  if (end !== null && end.verdict === "refuted") return end;
  if (step.backProblem !== null) {
    const { verdict, proof } = step.backProblem;
    return { verdict, proof: { ...proof, summary: `It applies; of its rollback: ${proof.summary}` } };
  }
  const back = wayBack(played, index);
  if (back.kind !== "back") {
    const judged = judgeBack(back, step.forward.length);
    if (!step.backIsPart || judged.verdict !== "refuted") return judged;
    return unverified(`${judged.proof.summary} A part of the rollback is not known.`, judged.proof.details);
  }
  if (end !== null && end.verdict === "unverified") return end;
  const count = `${step.forward.length} ${step.forward.length === 1 ? "statement" : "statements"}`;
  const rows = play.rows > 0 ? `, with ${play.rows} rows in the tables` : ", in tables without rows";
  const taken = step.back.length > 0 ? ", and its rollback takes it back" : ", and changes no schema";
  const lost = back.lost.length > 0 ? ` Not the values of ${back.lost.join(", ")}: those are gone.` : "";
  const reaches = end === null ? "" : ` ${end.proof.summary}`;
  return verified(`It applies (${count}${rows})${taken}.${lost}${reaches}`, {
    statements: step.forward,
    rollback: step.back,
    lost: back.lost,
    ...end?.proof.details,
  });
}

function judgeFailure(
  { steps, play }: PlayedPlan,
  { step, statement, sql, error }: PlayFailure,
  built: BuiltSchema,
): Verification {
  const forward = steps[step]?.forward ?? [];
  const details = {
    failing: { sql, error },
    applied: forward.slice(0, statement),
    not_reached: forward.slice(statement + 1),
  };
  const place = `Statement ${statement + 1} of ${forward.length} is rejected`;
  const empty = addedAndEmpty(error, play.moments[0]?.structure ?? []);
  if (empty !== null) {
    const summary = `${place}: ${error.message}. Nothing gives the old rows a value in ${empty}.`;
    return refuted(summary, details);
  }
  if (isDataError(error) && play.rows > 0) {
    const summary = `${place}: ${error.message}${error.detail === null ? "" : ` (${error.detail})`}`;
    if (play.own.failure === null)
      return refuted(`${summary}, on rows on which the migration itself applies.`, details);
    return unverified(`${summary}, on rows to which the migration itself does not apply either.`, details);
  }
  // A copy is no transaction: what must not run in one has opened it itself.
  if (error.sqlState === NO_TRANSACTION) return refuted(`${place}: ${error.message}.`, details);
  const { verdict, proof } = judgeRejection(place, error, built);
  return { verdict, proof: { ...proof, details: { ...proof.details, ...details } } };
}

const NO_TRANSACTION = "25001";

type WayBack = { readonly kind: "back"; readonly lost: readonly string[] } | BackStop | { kind: "not-tried" };

/** What came of taking a step back, in whichever play that was seen. */
function wayBack({ play, again }: PlayedPlan, index: number): WayBack {
  for (const { back, stop } of [play, ...again]) {
    const taken = back.find(({ step }) => step === index);
    if (taken !== undefined) return { kind: "back", lost: taken.lost };
    if (stop?.step === index) return stop;
  }
  return { kind: "not-tried" };
}

function judgeBack(back: Exclude<WayBack, { kind: "back" }>, statements: number): Verification {
  const applies = `It applies (${statements} ${statements === 1 ? "statement" : "statements"})`;
  switch (back.kind) {
    case "not-tried":
      return unverified(`${applies}; its rollback was not tried.`);
    case "no-way-back":
      return unverified(`${applies}; nothing is given that takes it back.`);
    case "rejected": {
      const { sql, error } = back;
      return refuted(`${applies}, but its rollback is rejected: ${error.message}.`, {
        failing: { sql, error },
      });
    }
    case "not-restored": {
      const { difference } = back;
      return refuted(`${applies}, but its rollback leaves another schema: ${differenceText(difference)}.`, {
        difference,
      });
    }
  }
}

function judgeEnd({ play, end, steps }: PlayedPlan, promise: PlanPromise): End {
  const { own } = play;
  const reached = play.moments.at(-1);
  if (play.failure !== null || end < steps.length || reached === undefined || promise.statements === null)
    return { verification: null, notes: [] };
  const promised = own.moment;
  if (promised === null) {
    const why = own.failure?.error.message ?? "";
    const summary = `It applies; whether the plan ends where it should is not known, since the migration itself is rejected in the lab: ${why}.`;
    return { verification: unverified(summary), notes: [] };
  }
  const difference = differenceOf(promised.structure, reached.structure);
  const notes = minorNotes(difference);
  if (promise.unknown.length > 0 && differs(difference)) {
    const summary = `It applies; whether the plan ends where it should is not known: ${promise.unknown.join("; ")}.`;
    return { verification: unverified(summary, { difference }), notes };
  }
  if (differs(difference)) {
    const summary = `After it the schema is not what the migration promises: ${differenceText(difference)}.`;
    return { verification: refuted(summary, { difference }), notes };
  }
  const unfilled =
    own.failure === null && promise.unknown.length === 0 ? emptied(promised.contents, reached.contents) : [];
  if (unfilled.length > 0) {
    const summary = `After it values are missing that the migration keeps or fills: ${unfilled.join(", ")}.`;
    return { verification: refuted(summary, { unfilled }), notes };
  }
  const summary = "The plan ends at the schema that the migration promises.";
  return { verification: verified(summary, {}), notes };
}

function rowNotes({ play }: PlayedPlan): readonly string[] {
  const { failure } = play.own;
  if (play.rows > 0 && failure !== null && play.failure === null)
    return [
      `The migration itself does not apply to the rows that the plan was tried on: ${failure.error.message}.`,
    ];
  return play.rows === 0 ? ["Tried in tables without rows: what rows would break was not seen."] : [];
}

function wholeOf(
  verdicts: readonly Verification[],
  { play, steps }: PlayedPlan,
  isPromised: boolean,
): Verification {
  const details = { reached: play.moments.length - 1, steps: steps.length };
  const tried = verdicts
    .map((step, index) => ({ ...step, number: index + 1 }))
    .filter((_, index) => !isByHand(steps[index]));
  const [first] = tried;
  if (first === undefined) return unverified("It has nothing to run.", details);
  const bad = tried.find(({ verdict }) => verdict === "refuted");
  if (bad !== undefined) return refuted(`Step ${bad.number}: ${bad.proof.summary}`, details);
  const open = tried.find(({ verdict }) => verdict === "unverified");
  if (open !== undefined) return unverified(`Step ${open.number}: ${open.proof.summary}`, details);
  const count = `${tried.length} ${tried.length === 1 ? "step that runs SQL applies" : "steps that run SQL apply"}`;
  return verified(`${count}, with a way back${isPromised ? "; the end is what was promised" : ""}.`, details);
}

function isByHand(step: PlayedPlan["steps"][number] | undefined): boolean {
  return step === undefined || (step.forward.length === 0 && step.problem === null);
}
