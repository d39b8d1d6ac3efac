import type { FlowAction } from "./action.ts";

const shipped = { kind: "shipped" } as const;

/** The twelve actions that ship, in the order menus show them. */
export const SHIPPED_ACTIONS: readonly FlowAction[] = [
  {
    key: "explain_model",
    kind: "model",
    title: "Explain Model",
    description: "Plain-English explanation of a model's purpose, fields and relationships",
    risk: "low",
    whatItDoes:
      "Collects the model's fields, keys, relations in both directions, indexes, constraints, migrations and callers, and asks for an explanation that cites them.",
    whatItCannotDo:
      "It changes nothing, does not look at rows in a database, and does not know what the code does not say.",
    suggestedNext: ["suggest_constraints", "refactor_suggestions"],
    icon: "mortar-board",
    origin: shipped,
  },
  {
    key: "suggest_constraints",
    kind: "model",
    title: "Suggest Constraints",
    description: "Missing database constraints, validators and field improvements",
    risk: "medium",
    whatItDoes:
      "Compares what the database enforces with how the code writes each field, and asks for the constraints that are missing, each with its DDL.",
    whatItCannotDo:
      "It does not see existing rows, so it cannot promise that a constraint applies to your data, and it applies nothing.",
    suggestedNext: ["explain_model"],
    icon: "shield",
    origin: shipped,
  },
  {
    key: "refactor_suggestions",
    kind: "model",
    title: "Suggest Refactorings",
    description: "Refactoring and normalisation opportunities, each with its effort",
    risk: "medium",
    whatItDoes:
      "Shows the model beside its siblings and callers and asks for refactorings, each with the reason, the effort and what it would touch.",
    whatItCannotDo:
      "It edits no code and does not know about plans or conventions that are not in the workspace.",
    suggestedNext: ["suggest_constraints"],
    icon: "symbol-structure",
    origin: shipped,
  },
  {
    key: "review_endpoint",
    kind: "route",
    title: "Review Endpoint",
    description: "Review of authentication, permissions, input validation and response shape",
    risk: "low",
    whatItDoes:
      "Collects the handler, every guard in force with the place it comes from, the input and output shapes and the models touched, and asks for a review by severity.",
    whatItCannotDo:
      "It sends no request, and sees no guard that is applied outside the workspace (gateway, proxy).",
    suggestedNext: ["harden_permissions", "generate_examples"],
    icon: "eye",
    origin: shipped,
  },
  {
    key: "harden_permissions",
    kind: "route",
    title: "Harden Permissions",
    description: "Permission-hardening recommendations, each as a patch",
    risk: "medium",
    whatItDoes:
      "Compares the guards of the route with those of its siblings and asks for the missing ones, each as a patch in the framework's own form.",
    whatItCannotDo: "It applies no patch, and cannot know which roles your organisation means to allow.",
    suggestedNext: ["review_endpoint"],
    icon: "lock",
    origin: shipped,
  },
  {
    key: "generate_examples",
    kind: "route",
    title: "Generate Examples",
    description: "Example requests and responses that fit the declared shapes",
    risk: "low",
    whatItDoes:
      "Collects the parameters and the field types of input and output, and asks for request and response pairs that are valid against them.",
    whatItCannotDo:
      "It sends no request and invents no fields: where a shape is not declared, the example says so.",
    suggestedNext: ["review_endpoint"],
    icon: "json",
    origin: shipped,
  },
  {
    key: "explain_plan",
    kind: "query",
    title: "Explain Plan",
    description: "The query's execution plan in plain English",
    risk: "low",
    whatItDoes:
      "Collects the SQL, the tables with their columns and indexes, and the plan where a planner could be asked, and asks for an explanation of where the cost is.",
    whatItCannotDo:
      "It does not run the query. Without a plan it can only reason from the schema, and says so.",
    suggestedNext: ["suggest_indexes", "rewrite_suggestions"],
    icon: "graph",
    origin: shipped,
  },
  {
    key: "suggest_indexes",
    kind: "query",
    title: "Suggest Indexes",
    description: "Indexes that could make the query faster",
    risk: "medium",
    whatItDoes:
      "Collects the predicates, joins and orders of the query with the indexes that exist, and asks for the indexes that are missing, each with its DDL.",
    whatItCannotDo: "It creates no index and does not know your write load unless the workspace states it.",
    suggestedNext: ["explain_plan"],
    icon: "list-tree",
    origin: shipped,
  },
  {
    key: "rewrite_suggestions",
    kind: "query",
    title: "Suggest Rewrites",
    description: "Rewrites of the query for readability or performance",
    risk: "medium",
    whatItDoes:
      "Collects the SQL with the schema it runs on and asks for rewrites that return the same rows.",
    whatItCannotDo:
      "It changes no query in your code, and never claims that a rewrite is equal without a check.",
    suggestedNext: ["explain_plan", "suggest_indexes"],
    icon: "edit",
    origin: shipped,
  },
  {
    key: "explain_migration",
    kind: "migration",
    title: "Explain Migration",
    description: "What the migration does and what it affects",
    risk: "low",
    whatItDoes:
      "Collects the operations, the SQL they become, the tables and code they touch and the findings, and asks for an explanation with a risk.",
    whatItCannotDo:
      "It runs no migration and does not know the size of your tables unless the workspace states it.",
    suggestedNext: ["safe_rollout_plan"],
    icon: "mortar-board",
    origin: shipped,
  },
  {
    key: "safe_rollout_plan",
    kind: "migration",
    title: "Plan Safe Rollout",
    description: "A safe rollout and rollback plan",
    risk: "medium",
    whatItDoes:
      "Collects the same facts and asks for ordered steps (expand, backfill, contract), each with its SQL and its rollback.",
    whatItCannotDo: "It runs nothing, and cannot see traffic, replicas or deploy order.",
    suggestedNext: ["explain_migration"],
    icon: "rocket",
    origin: shipped,
  },
  {
    key: "diagnostic_prioritize",
    kind: "diagnostic",
    title: "Prioritise Issues",
    description: "Explain, triage and prioritise the open issues",
    risk: "low",
    whatItDoes:
      "Collects every open issue with its rule, severity, place and related objects, and asks for an order with the effort of each.",
    whatItCannotDo: "It fixes nothing and does not know deadlines or ownership.",
    suggestedNext: [],
    icon: "checklist",
    origin: shipped,
  },
];
