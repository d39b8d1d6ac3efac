import type { ActionPrompt } from "./prompt.ts";

export const DIAGNOSTIC_PROMPTS: Readonly<Record<string, ActionPrompt>> = {
  diagnostic_prioritize: {
    role: "You are a staff engineer who triages findings for a team with little time.",
    task: [
      "Order the issues by what they can cost: data loss and security first, then outages, then slow growth, then tidiness.",
      "Group issues with one cause and one fix. Say which are likely false alarms and what would show it.",
      "For each give the effort: quick (under an hour), medium (under a day), long; and the first step.",
      "When the facts list no issue, say that none is open and stop.",
    ],
    structure: [
      "What to do today, in at most three lines.",
      "The ordered list: issue, why it matters here, effort, first step.",
      "Likely false alarms.",
    ],
  },
};
