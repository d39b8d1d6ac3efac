import type { Verifier } from "../../src/execution/verifier.ts";

/** Judges nothing and says so. */
export const noVerifier: Verifier = {
  verify: async () => ({
    verdict: "unverified",
    proof: { summary: "Not checked: no engine is connected that could try it.", details: {} },
  }),
};
