import { readStatements } from "./read-statements.ts";
import { unverified, type Verification } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

export type ReadIndex =
  /** One CREATE INDEX in a form that can be rolled back. */
  | { readonly kind: "index"; readonly sql: string; readonly table: string; readonly concurrent: boolean }
  | { readonly kind: "judged"; readonly verification: Verification };

/** `CREATE UNIQUE INDEX CONCURRENTLY`; comments before it are no part of a statement's text. */
const CONCURRENTLY = /\b(CREATE\s+(?:UNIQUE\s+)?INDEX\s+)CONCURRENTLY\b/i;

/** Finds the one CREATE INDEX of a suggestion. */
export async function readIndexStatement(
  lab: VerificationLab,
  snippets: readonly string[],
): Promise<ReadIndex> {
  const read = await readStatements(lab, snippets);
  if (read.kind === "judged") return read;
  const [statement, ...more] = read.statements;
  if (more.length > 0) {
    return judged(`it holds ${more.length + 1} statements, and one index is tried at a time.`);
  }
  if (statement === undefined || !("IndexStmt" in statement.tree)) {
    return judged("it is something else than one CREATE INDEX.");
  }
  const { relation, concurrent = false } = statement.tree.IndexStmt;
  const table = [relation?.schemaname, relation?.relname].filter((part) => part !== undefined).join(".");
  // A trial is a transaction, which takes no CONCURRENTLY; the index that comes of it is the same.
  const sql = concurrent ? statement.sql.replace(CONCURRENTLY, "$1") : statement.sql;
  if (concurrent && sql === statement.sql) {
    return judged("it builds CONCURRENTLY, in a form that cannot be taken out of it.");
  }
  return { kind: "index", sql, table, concurrent };
}

function judged(reason: string): ReadIndex {
  return { kind: "judged", verification: unverified(`Not checked: ${reason}`) };
}
