import type { JudgedQuery } from "./judged-query.ts";
import { type Tried, unverified, type Verification } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";
import { verifyConstraint } from "./verify-constraint.ts";
import { verifyIndex } from "./verify-index.ts";
import { verifyRewrite } from "./verify-rewrite.ts";

/**
 * Tries one suggestion in a lab; nothing of it stays. `query` is what it is about, null for none. Throws CANCELLED, and
 * RUNTIME_ERROR when the engine fails.
 */
export async function verifySuggestion(
  lab: VerificationLab,
  { kind, statements }: Tried,
  query: JudgedQuery | null,
  signal?: AbortSignal,
): Promise<Verification> {
  if (kind === "constraint") return await verifyConstraint(lab, statements, signal);
  if (kind !== "index" && kind !== "rewrite")
    return unverified("Not checked: nothing here tries suggestions of this kind.");
  if (query === null) return unverified("Not checked: the query is not known as SQL.");
  if (kind === "rewrite") return await verifyRewrite(lab, statements, query, signal);
  return await verifyIndex(lab, statements, query, signal);
}
