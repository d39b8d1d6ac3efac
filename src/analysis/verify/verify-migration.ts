import { changesNoSchema } from "../../database/schema/migration-schema.ts";
import { statementsIn } from "../../database/schema/schema-before.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { PlanPromise, PlanVerification, RolloutPlan } from "./rollout-plan.ts";
import type { VerificationLab } from "./verification-lab.ts";
import { verifyPlan } from "./verify-plan.ts";

/** What a plan for a migration has to end at. `prelude`: see `schemaBefore`. */
export function promiseOf(migration: Migration, prelude: readonly string[]): PlanPromise {
  return {
    statements: statementsIn(migration),
    unknown: migration.operations
      .filter(({ sql }) => sql === null)
      .map(({ summary }) => `${summary} is not known as SQL`),
    prelude,
  };
}

/**
 * Carries a migration out on a copy of the schema before it whose tables hold a few rows, and takes it back. Throws as
 * `verifyPlan` does.
 */
export async function verifyMigration(
  lab: VerificationLab,
  migration: Migration,
  prelude: readonly string[],
  signal?: AbortSignal,
): Promise<PlanVerification> {
  const verification = await verifyPlan(lab, asPlan(migration, prelude), signal);
  const { verdict, proof, steps } = verification;
  const { applied } = steps[0]?.proof.details ?? {};
  if (!Array.isArray(applied)) return verification;
  const stays = migration.transactional
    ? "It runs in one transaction: nothing of it stays."
    : `It runs in no transaction: what was applied before (${applied.length}) stays.`;
  return { verdict, steps, proof: { ...proof, summary: `${proof.summary} ${stays}` } };
}

/** Its operations are one step: what one of them makes another may take back. */
function asPlan(migration: Migration, prelude: readonly string[]): RolloutPlan {
  const { operations } = migration;
  const rollback = operations.toReversed().flatMap(({ reverseSql }) => reverseSql ?? []);
  const step = {
    statements: statementsIn(migration),
    rollback,
    rollbackIsPart: operations.some((one) => one.reverseSql === null && !changesNoSchema(one)),
  };
  return { steps: [step], promise: { statements: null, unknown: [], prelude } };
}
