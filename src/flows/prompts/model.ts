import type { ActionPrompt } from "./prompt.ts";

const ROLE = "You are a senior backend engineer who explains and improves data models from evidence.";

export const MODEL_PROMPTS: Readonly<Record<string, ActionPrompt>> = {
  explain_model: {
    role: ROLE,
    task: [
      "Explain the model to an engineer who has never seen this codebase: what it stands for, who writes it, who reads it, and what keeps its data right.",
      "Explain each field's purpose from its type, name, documentation and use; group fields that belong together instead of repeating the list.",
      "Explain each relation in both directions, with what happens on delete.",
      "Point out what would surprise a newcomer: naming, denormalised values, soft deletes, values that only code keeps right.",
      "Name the fields that may hold personal data, and why you think so.",
    ],
    structure: [
      "One paragraph: what the model is for.",
      "Fields, grouped by purpose.",
      "Relations and life cycle: how a row is created, changed and removed.",
      "What the database enforces, and what only the code enforces.",
      "Surprises and open questions.",
    ],
  },
  suggest_constraints: {
    role: ROLE,
    task: [
      "Find rules that the code relies on and the database does not enforce: uniqueness, not null, value ranges, allowed values, references, exclusion.",
      "For each, give the DDL in the dialect of the facts and the same change in the framework's own form, and say which writes show that the rule is meant.",
      "Say what existing data could break it, and how to check for that first with a query.",
      "Prefer a constraint in the database over one in code. Leave out a constraint that the facts already list.",
      "For a large table, give the form that does not block writes (NOT VALID, then VALIDATE; a unique index built concurrently).",
    ],
    structure: [
      "A table of the suggested constraints: rule, reason, risk.",
      "Each constraint: DDL, framework code, check query, what breaks it.",
      "Fields that are right as they are and look as if they were not, in one line each.",
    ],
  },
  refactor_suggestions: {
    role: ROLE,
    task: [
      "Suggest refactorings of this model that pay for themselves: normalisation, splitting, merging with a sibling, naming, types, moving behaviour.",
      "Compare it with the sibling models in the facts: repeated groups of fields, two ways to say one thing, inconsistent types for the same idea.",
      "For each, give the effort (small, medium, large), the callers that would change, and the first safe step.",
      "Say so when the model should stay as it is.",
    ],
    structure: [
      "The one change worth making first, and why.",
      "All suggestions, best first: problem, change, effort, what it touches, first step.",
      "What was considered and rejected.",
    ],
  },
};
