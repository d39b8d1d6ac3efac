import { judgedQuery } from "../../analysis/verify/judged-query.ts";
import { untriedReason } from "../../analysis/verify/untried-reason.ts";
import { unverified, type Verification } from "../../analysis/verify/verification.ts";
import { isAksaraError } from "../../errors.ts";
import type { Verifier } from "../../execution/verifier.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { readWorkspaceStatistics } from "./statistics-file.ts";
import type { WorkspaceLab } from "./workspace-lab.ts";

const UNTRUSTED = unverified("Not checked: the workspace is not trusted, so its schema is not built.");

/** The answer is there, and paid for: an engine that fails costs its verdict and no more. Throws when cancelled. */
function failed(error: unknown, signal: AbortSignal): Verification {
  if (signal.aborted) throw error;
  const message = isAksaraError(error) ? error.message : String(error);
  return unverified(`Not checked: the database lab failed. ${message}`);
}

export interface LabVerifierOptions {
  readonly lab: WorkspaceLab;
  readonly roots: readonly WorkspaceRoot[];
  readonly trusted: () => boolean;
  readonly catalog: (signal: AbortSignal) => Promise<Catalog>;
}

/** Tries suggestions in the lab of a workspace. Nothing starts before the first that can be tried. */
export function labVerifier({ lab, roots, trusted, catalog }: LabVerifierOptions): Verifier {
  return {
    async verify(claim, pack, signal) {
      if (!trusted()) return UNTRUSTED;
      const query = judgedQuery(pack);
      const reason = untriedReason(claim, query);
      if (reason !== null) return unverified(reason);
      try {
        const { statistics, problem } = await readWorkspaceStatistics(roots);
        const near = pack.target?.uri ?? "";
        const subject = { catalog: await catalog(signal), statistics, query, near };
        const { verdict, proof } = await lab.verify(claim, subject, signal);
        if (problem === null) return { verdict, proof };
        return { verdict, proof: { ...proof, details: { ...proof.details, statistics_problem: problem } } };
      } catch (error) {
        return failed(error, signal);
      }
    },
    async verifyPlan(steps, pack, signal) {
      const each = (verification: Verification): readonly Verification[] => steps.map(() => verification);
      if (!trusted()) return each(UNTRUSTED);
      const id = pack.kind === "migration" ? pack.target?.id : undefined;
      if (id === undefined) return each(unverified("Not checked: the plan is about no migration."));
      if (steps.some(({ language }) => language !== "sql"))
        return each(unverified("Not checked: it is no SQL."));
      try {
        return (await lab.verifyPlan(steps, id, await catalog(signal), signal)).steps;
      } catch (error) {
        return each(failed(error, signal));
      }
    },
  };
}
