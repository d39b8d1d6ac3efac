import type { Proof, Suggestion, Verdict } from "../../protocol/execution.ts";

/** What is tried of a suggestion. */
export type Tried = Pick<Suggestion, "kind" | "language" | "statements">;

/** What became of trying a suggestion. */
export interface Verification {
  readonly verdict: Verdict;
  readonly proof: Proof;
}

/** It was tried and does what it says. */
export function verified(summary: string, details: Proof["details"]): Verification {
  return { verdict: "verified", proof: { summary, details } };
}

/** It was tried and does not do what it says, or nothing at all. */
export function refuted(summary: string, details: Proof["details"] = {}): Verification {
  return { verdict: "refuted", proof: { summary, details } };
}

/** It could not be tried, or trying it shows neither. */
export function unverified(summary: string, details: Proof["details"] = {}): Verification {
  return { verdict: "unverified", proof: { summary, details } };
}
