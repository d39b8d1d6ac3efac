import type { Verification, Verifier } from "../../src/execution/verifier.ts";

const NOT_CHECKED: Verification = {
  verdict: "unverified",
  proof: { summary: "Not checked: no engine is connected that could try it.", details: {} },
};

/** Judges nothing and says so. */
export const noVerifier: Verifier = {
  verify: async () => NOT_CHECKED,
  verifyPlan: async (steps) => steps.map(() => NOT_CHECKED),
};
