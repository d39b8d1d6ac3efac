import type { Node } from "libpg-query";
import { refuted, unverified, type Verification } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

export interface SuggestedStatement {
  readonly sql: string;
  readonly tree: Node;
}

export type ReadStatements =
  /** At least one. */
  | { readonly kind: "read"; readonly statements: readonly SuggestedStatement[] }
  | { readonly kind: "judged"; readonly verification: Verification };

/** Reads what a suggestion would apply, with PostgreSQL's own grammar. */
export async function readStatements(
  { parser, isDialectKnown }: VerificationLab,
  snippets: readonly string[],
): Promise<ReadStatements> {
  // A snippet may end in a comment: the separator stands on a line of its own.
  const text = snippets.join("\n;\n");
  const parsed = await parser.parseStatements(text);
  if (parsed.kind === "rejected") {
    const { message, position } = parsed;
    const details = { error: { message, position } };
    if (isDialectKnown) return judged(refuted(`It is no SQL that PostgreSQL reads: ${message}.`, details));
    const summary = `Not checked: nothing says which database it is for, and PostgreSQL does not read it: ${message}.`;
    return judged(unverified(summary, details));
  }
  if (parsed.statements.length === 0) return judged(refuted("It holds no statement."));
  const statements = parsed.statements.map(({ range, tree }) => ({
    sql: text.slice(range.start, range.end).trim(),
    tree,
  }));
  return { kind: "read", statements };
}

function judged(verification: Verification): ReadStatements {
  return { kind: "judged", verification };
}
