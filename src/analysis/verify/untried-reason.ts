import type { JudgedQuery } from "./judged-query.ts";
import type { Tried } from "./verification.ts";

const REASONS: Readonly<Record<Tried["kind"], string | null>> = {
  index: null,
  constraint: null,
  rewrite: null,
  "rollout-step": "Not checked: a step is tried with the whole plan only.",
  guard: "Not checked: changes of code are not tried.",
  fix: "Not checked: it is text for a person.",
  refactoring: "Not checked: it is text for a person.",
};

/** Why a suggestion is not tried, told before any engine starts; null when one can try it. */
export function untriedReason({ kind, language }: Tried, query: JudgedQuery | null): string | null {
  if (REASONS[kind] !== null) return REASONS[kind];
  if (language !== "sql") return "Not checked: it is no SQL.";
  const ofQuery = kind === "index" || kind === "rewrite";
  if (ofQuery && query === null) return "Not checked: the query is not known as SQL.";
  if (ofQuery && query?.dialect === "mysql") {
    return "Not checked: MySQL cannot be embedded, and a plan of another database would say nothing about it.";
  }
  return null;
}
