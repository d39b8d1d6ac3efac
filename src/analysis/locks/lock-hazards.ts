import type { LockAnswer } from "../../database/lab.ts";
import type { StatementLocks } from "../../protocol/migration-locks.ts";
import { demandsValue } from "./broken-code.ts";
import type { TableChange } from "./table-change.ts";

/** A column without a value in it: `23502`, as PostgreSQL documents it. */
const NULL_VALUE = "23502";

type Bare = Omit<StatementLocks, "hazards" | "safe">;

/** What is dangerous about one statement, each a sentence. */
export function statementHazards(
  { locks, cost, rewritten, scanned, origin }: Bare,
  changes: readonly TableChange[],
  answer: LockAnswer,
): string[] {
  const hazards: string[] = [];
  const old = locks.filter(({ existed }) => existed);
  const long = [...new Set([...rewritten, ...scanned])];
  for (const { table, blocks } of old) {
    if (cost !== "scan" && cost !== "rewrite") continue;
    const work =
      long.length === 1 && long[0] === table
        ? `all its rows are ${rewritten.includes(table) ? "written anew" : "read"}`
        : `all rows of ${long.join(" and ")} are ${rewritten.length > 0 ? "written anew" : "read"}`;
    if (blocks === "reads-and-writes") hazards.push(`Nobody can read or write ${table} until ${work}.`);
    if (blocks === "writes") hazards.push(`Nobody can write to ${table} until ${work}.`);
  }
  if (answer.kind === "rejected" && answer.error.sqlState === NULL_VALUE)
    hazards.push(`It fails where there are rows: ${answer.error.message}.`);
  if (origin !== "unknown" || answer.kind === "rejected") hazards.push(...changeHazards(changes));
  return hazards;
}

function changeHazards(changes: readonly TableChange[]): readonly string[] {
  return changes.flatMap((change) => {
    switch (change.kind) {
      case "drop-column":
        return [
          `Code that still names ${change.table}.${change.column} fails from now on; what it held is lost.`,
        ];
      case "drop-table":
        return [`Code that still names ${change.table} fails from now on; its rows are lost.`];
      case "rename-column":
        return [`Code that still names ${change.table}.${change.column} fails from now on.`];
      case "rename-table":
        return [`Code that still names ${change.table} fails from now on.`];
      default:
        return [];
    }
  });
}

/** What is dangerous about the statements together. */
export function* migrationHazards(
  statements: readonly StatementLocks[],
  changes: readonly TableChange[],
  transactional: boolean,
): Iterable<string> {
  if (transactional) yield* heldWhile(statements);
  const strong = statements.some(({ blocks }) => blocks === "reads-and-writes" || blocks === "writes");
  const limited = statements.some(({ sql }) => /\block_timeout\b/i.test(sql));
  if (strong && !limited) {
    yield "No lock_timeout is set: a lock that is waited for behind a long query keeps everybody behind it waiting too.";
  }
  for (const change of changes) {
    if (change.kind === "add-column" && !madeHere(change.table, changes) && demandsValue(change, changes)) {
      yield `Code that is still running inserts rows into ${change.table} without ${change.column}; these fail until it is replaced.`;
    }
  }
}

function madeHere(table: string, changes: readonly TableChange[]): boolean {
  return changes.some((change) => change.kind === "create-table" && change.table === table);
}

/** Locks are held to the end of a transaction, so what is quick keeps waiting for what is not. */
function* heldWhile(statements: readonly StatementLocks[]): Iterable<string> {
  for (const [index, { locks }] of statements.entries()) {
    const held = locks.find(
      ({ existed, blocks }) => existed && (blocks === "reads-and-writes" || blocks === "writes"),
    );
    if (held === undefined) continue;
    const later = statements.findIndex(
      ({ cost }, position) => position > index && (cost === "scan" || cost === "rewrite"),
    );
    if (later < 0) continue;
    const what = held.blocks === "writes" ? "writes to" : "reads and writes of";
    yield `Statement ${index + 1} stops ${what} ${held.table}, and the lock is held while statement ${later + 1} goes through all rows.`;
    return;
  }
}
