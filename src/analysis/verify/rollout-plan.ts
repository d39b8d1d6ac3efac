import type { Play, PlayedStep } from "./play-steps.ts";
import type { Verification } from "./verification.ts";

/** A way to the schema that a migration leads to. */
export interface RolloutPlan {
  readonly steps: readonly PlanStep[];
  readonly promise: PlanPromise;
}

/** As it is written: a snippet may hold several statements, or none. */
export interface PlanStep {
  readonly statements: readonly string[];
  readonly rollback: readonly string[];
  /** The rollback may lack a part that nobody could read. */
  readonly rollbackIsPart?: boolean;
}

/** What a plan has to end at. */
export interface PlanPromise {
  /** What the migration runs; null when there is none to hold the plan against. */
  readonly statements: readonly string[] | null;
  /** Operations of it whose SQL is not known, for people. */
  readonly unknown: readonly string[];
  /** Statements that lead from the session's schema to that before the migration. */
  readonly prelude: readonly string[];
}

export interface PlanVerification extends Verification {
  /** One for each step, in their order. */
  readonly steps: readonly Verification[];
}

/** A step as it was read. */
export interface ReadStep extends PlayedStep {
  /** Why it cannot be carried out; null when it can, or when there is nothing to run. */
  readonly problem: Verification | null;
  /** Why its rollback cannot; null when it can, or when none is given. */
  readonly backProblem: Verification | null;
  readonly backIsPart: boolean;
}

/** What came of carrying a plan out. */
export interface PlayedPlan {
  readonly steps: readonly ReadStep[];
  /** Steps before this one were to be carried out: it cannot be read, or there is no more. */
  readonly end: number;
  readonly play: Play;
  /** Plays of fewer steps, for the way back of those before one that cannot be taken back. */
  readonly again: readonly Play[];
}
