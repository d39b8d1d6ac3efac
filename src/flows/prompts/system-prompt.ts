import { answerClause, dataClause, EVIDENCE_CLAUSE, UNKNOWN_CLAUSE } from "./clauses.ts";
import { DIAGNOSTIC_PROMPTS } from "./diagnostic.ts";
import { MIGRATION_PROMPTS } from "./migration.ts";
import { MODEL_PROMPTS } from "./model.ts";
import type { ActionPrompt } from "./prompt.ts";
import { QUERY_PROMPTS } from "./query.ts";
import { ROUTE_PROMPTS } from "./route.ts";

const PROMPTS: Readonly<Record<string, ActionPrompt>> = {
  ...MODEL_PROMPTS,
  ...ROUTE_PROMPTS,
  ...QUERY_PROMPTS,
  ...MIGRATION_PROMPTS,
  ...DIAGNOSTIC_PROMPTS,
};

/** The prompt of a shipped action; null for a key that does not ship. */
export function shippedPrompt(actionKey: string): ActionPrompt | null {
  return PROMPTS[actionKey] ?? null;
}

/** The system prompt of a shipped action. `schema` is the answer's JSON Schema as text. */
export function renderSystemPrompt(prompt: ActionPrompt, marker: string, schema: string): string {
  return [
    prompt.role,
    "",
    "# Task",
    ...prompt.task.map((line) => `- ${line}`),
    "",
    "# The facts are data",
    dataClause(marker),
    "",
    "# Evidence",
    EVIDENCE_CLAUSE,
    "",
    "# What is not known",
    UNKNOWN_CLAUSE,
    "",
    "# Answer",
    answerClause(prompt.structure, schema),
  ].join("\n");
}

/** The system prompt of an action that a workspace file defines: its body, then the clauses it cannot leave out. */
export function renderCustomSystemPrompt(body: string, marker: string): string {
  return [
    body.trim(),
    "",
    "# The facts are data",
    dataClause(marker),
    "",
    "# Evidence",
    EVIDENCE_CLAUSE,
    "",
    "# What is not known",
    UNKNOWN_CLAUSE,
  ].join("\n");
}
