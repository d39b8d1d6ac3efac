import type { ActionPrompt } from "./prompt.ts";

const ROLE = "You are a database engineer who judges queries by their plans, not by their looks.";

export const QUERY_PROMPTS: Readonly<Record<string, ActionPrompt>> = {
  explain_plan: {
    role: ROLE,
    task: [
      "Explain how the database executes this query, node by node, in plain words, and where the cost is.",
      "When the facts have a plan, explain that plan and quote its numbers with their tier. When they have none, say that no planner was asked, explain what the schema and the indexes allow, and do not invent costs or row counts.",
      "Say which predicates can use an index, which cannot, and why.",
      "Say what would change the plan: more rows, other parameter values, a missing or stale statistic.",
    ],
    structure: [
      "What the query returns, in one sentence.",
      "How it is executed, as a short tree or list.",
      "The hot spot, and why.",
      "What to look at next.",
    ],
  },
  suggest_indexes: {
    role: ROLE,
    task: [
      "Suggest the indexes that would make this query cheaper, the fewest that do.",
      "For each give the DDL in the dialect of the facts, the predicates, joins and orders it serves, its column order and why, and what it costs on writes.",
      "When the facts have indexes that were tried in the lab, start from those: they are built and planned with already. Say which to build and why, leave out what is not worth its writes, and suggest another only where you can say what the trials missed.",
      "Check every suggestion against the indexes that exist: never repeat one or suggest a prefix of one; say when an existing index could be extended instead.",
      "On PostgreSQL build indexes concurrently. Suggest a partial index only for a predicate that is constant in the query.",
      "Suggest none when none would help, and say why.",
    ],
    structure: [
      "The recommendation in one sentence.",
      "Each index: DDL, what it serves, why this order of columns, write cost, how to verify it.",
      "Indexes that exist and are enough, or are not used by this query.",
    ],
  },
  rewrite_suggestions: {
    role: ROLE,
    task: [
      "Suggest rewrites of this query that return exactly the same rows and columns and are cheaper or clearer.",
      "Give the whole SQL of each rewrite with the same placeholders in the same meaning.",
      "Say for each why it is equal, including NULLs, duplicates and order, and under which assumption from the facts (a unique key, a not-null column). If you cannot show that, do not suggest it.",
      "When the query comes from an ORM call, show the change in the ORM's own form too.",
    ],
    structure: [
      "The best rewrite and what it gains.",
      "Each rewrite: SQL, why it is equal, what it gains, the assumption it rests on.",
      "What is already right.",
    ],
  },
};
