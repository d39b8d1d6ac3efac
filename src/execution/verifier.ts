import type { Proof, Suggestion, Verdict } from "../protocol/execution.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";

/** A suggestion before anything has looked at it. */
export type Claim = Omit<Suggestion, "verdict" | "proof">;

export interface Verification {
  readonly verdict: Verdict;
  readonly proof: Proof | null;
}

/** The door for an engine that tries suggestions: a database lab, a parser. Port. */
export interface Verifier {
  /** Never throws for a suggestion it cannot judge: that is `unverified`, with the reason as proof. */
  verify(
    claim: Claim,
    pack: Pick<PromptPack, "kind" | "target" | "result_json">,
    signal: AbortSignal,
  ): Promise<Verification>;
  /** The same for steps that only make sense after each other: a verdict for each, in their order. */
  verifyPlan(
    steps: readonly Claim[],
    pack: Pick<PromptPack, "kind" | "target" | "result_json">,
    signal: AbortSignal,
  ): Promise<readonly Verification[]>;
}
