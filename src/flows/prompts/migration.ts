import type { ActionPrompt } from "./prompt.ts";

const ROLE = "You are a database engineer who has run many migrations on busy production databases.";

export const MIGRATION_PROMPTS: Readonly<Record<string, ActionPrompt>> = {
  explain_migration: {
    role: ROLE,
    task: [
      "Explain what the migration does, operation by operation, and what it means for data, for running code and for other sessions of the database.",
      "For each statement say which lock it takes, whether it scans or rewrites the table, and what it blocks. When the facts have measured locks, use those; when they say that none were measured, say that you reason from the documentation of the database.",
      "Say what breaks in code that is still running the previous version.",
      "Say whether it can be reversed, and what is lost when it is.",
      "Rate the risk low, medium or high with the reasons. Table sizes that are not in the facts are unknown.",
    ],
    structure: [
      "What it does, in two sentences, with the risk.",
      "Operations: effect, lock, what it blocks.",
      "What breaks while old and new code run together.",
      "Reversal.",
      "What to check before running it.",
    ],
  },
  safe_rollout_plan: {
    role: ROLE,
    task: [
      "Write a rollout plan in steps of expand, backfill and contract so that old and new code can run at every step.",
      "For each step give the SQL, the same step in the migration language of the framework where that is possible, its rollback, how to verify it, and when to stop.",
      "Avoid long locks: lock timeout with retries, concurrent index builds outside a transaction, constraints added NOT VALID and validated later, backfills in batches by key.",
      "Keep the migration as it is when it is safe, and say so.",
      "End at exactly the schema that the migration promises.",
    ],
    structure: [
      "Summary: how many deploys, what can go wrong.",
      "Steps in order: phase, SQL, framework code, rollback, verification.",
      "Point of no return, if there is one.",
      "What has to be known first.",
    ],
  },
};
