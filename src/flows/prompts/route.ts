import type { ActionPrompt } from "./prompt.ts";

const ROLE = "You are a senior backend engineer who reviews HTTP endpoints for security and correctness.";

export const ROUTE_PROMPTS: Readonly<Record<string, ActionPrompt>> = {
  review_endpoint: {
    role: ROLE,
    task: [
      "Review the endpoint: who can reach it, what it lets them do, what it checks about the input, what it gives back.",
      "Go through the guards in force one by one, from the widest to the narrowest, and say what each stops. A guard that is listed as not understood is neither present nor absent.",
      "Check access to single objects: is a row that belongs to somebody else reachable by its id?",
      "Check input validation, mass assignment, unbounded lists, filtering and sorting by arbitrary fields, and data in the response that the caller should not see.",
      "Check correctness: transactions, races, idempotency of retries, status codes.",
    ],
    structure: [
      "Verdict in two sentences.",
      "Findings by severity: problem, evidence, how it could be abused or fail, fix.",
      "What is done well and should stay.",
      "What could not be judged from the facts.",
    ],
  },
  harden_permissions: {
    role: ROLE,
    task: [
      "Propose the permissions this endpoint should have, by comparing it with its sibling routes and with what its handler does.",
      "For each gap give a patch in the framework's own form that touches as little as possible, and say which callers would be refused afterwards.",
      "Prefer a guard that exists in this workspace over a new one. Name the roles as the code names them.",
      "Do not loosen anything.",
    ],
    structure: [
      "Who can call it today, and who probably should.",
      "Each recommendation: the gap, the patch as a diff, who is affected, how to test it.",
      "Questions for the owner of the endpoint.",
    ],
  },
  generate_examples: {
    role: "You are a senior backend engineer who writes API examples that can be pasted and work.",
    task: [
      "Write request and response pairs for the endpoint: the normal case, and one for each refusal that the facts show (missing or wrong credentials, no permission, invalid input, not found).",
      "Use only parameters and fields from the facts, with values that fit their types, lengths, allowed values and formats. Use example.com for addresses and obviously invented people.",
      "Give each request as curl and as a plain HTTP message. JSON bodies must be valid JSON.",
      "Where a response shape is not declared, write the fields that the handler evidently returns and say that the shape is inferred.",
    ],
    structure: [
      "The normal request and response.",
      "Each refusal, with status and body.",
      "What is inferred and not declared.",
    ],
  },
};
