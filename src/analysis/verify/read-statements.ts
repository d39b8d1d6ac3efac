import type { Node } from "libpg-query";
import { numberPlaceholders } from "../../workspace/languages/sql/placeholders.ts";
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
  lab: VerificationLab,
  snippets: readonly string[],
): Promise<ReadStatements> {
  const read = await readSnippets(lab, snippets);
  if (read.kind === "judged") return read;
  if (read.statements.length === 0) return judged(refuted("It holds no statement."));
  return { kind: "read", statements: read.statements };
}

/** The same where nothing to run is no mistake, and values may be left open: placeholders are `$n` in what comes of it. */
export async function readScript(lab: VerificationLab, snippets: readonly string[]): Promise<ReadStatements> {
  const { sql } = numberPlaceholders(joined(snippets), "postgresql");
  return await readSnippets(lab, [sql]);
}

async function readSnippets(
  { parser, isDialectKnown }: VerificationLab,
  snippets: readonly string[],
): Promise<ReadStatements> {
  const text = joined(snippets);
  const parsed = await parser.parseStatements(text);
  if (parsed.kind === "rejected") {
    const { message, position } = parsed;
    const details = { error: { message, position } };
    if (isDialectKnown) return judged(refuted(`It is no SQL that PostgreSQL reads: ${message}.`, details));
    const summary = `Not checked: nothing says which database it is for, and PostgreSQL does not read it: ${message}.`;
    return judged(unverified(summary, details));
  }
  const statements = parsed.statements.map(({ range, tree }) => ({
    sql: text.slice(range.start, range.end).trim(),
    tree,
  }));
  return { kind: "read", statements };
}

/** A snippet may end in a comment: the separator stands on a line of its own. */
function joined(snippets: readonly string[]): string {
  return snippets.join("\n;\n");
}

function judged(verification: Verification): {
  readonly kind: "judged";
  readonly verification: Verification;
} {
  return { kind: "judged", verification };
}
