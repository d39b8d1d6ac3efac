import { messages, type PGlite } from "@electric-sql/pglite";
import type { SqlError } from "../lab.ts";
import { emptyTables, fillTables } from "./fill-tables.ts";
import type { LabAnswer } from "./lab-protocol.ts";
import { sqlErrorOf } from "./sql-error.ts";

/** Lock modes of tables from the strongest to the weakest. */
const STRENGTH = [
  "AccessExclusiveLock",
  "ExclusiveLock",
  "ShareRowExclusiveLock",
  "ShareLock",
  "ShareUpdateExclusiveLock",
  "RowExclusiveLock",
  "RowShareLock",
  "AccessShareLock",
];

/** Relations of the schema and the locks of this session; a relation that was dropped has lost all but its locks. */
const SNAPSHOT = `
SELECT coalesce(r.oid, l.oid) AS oid, r.name, r.kind, r.file, r.read, l.modes FROM (
  SELECT c.oid::int, CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS name,
    c.relkind::text AS kind, c.relfilenode::int AS file,
    CASE WHEN c.relkind IN ('r', 'm') THEN pg_stat_get_xact_tuples_returned(c.oid)::int ELSE 0 END AS read
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= 16384 AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
) r FULL JOIN (
  SELECT relation::int AS oid, array_agg(mode) AS modes FROM pg_locks
  WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384 GROUP BY relation
) l ON l.oid = r.oid`;

interface SnapshotRow {
  readonly oid: number;
  readonly name: string | null;
  readonly kind: string | null;
  readonly file: number | null;
  readonly read: number | null;
  readonly modes: readonly string[] | null;
}

interface RelationRow {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly file: number | null;
  readonly read: number;
}

interface Snapshot {
  readonly relations: readonly RelationRow[];
  readonly locks: ReadonlyMap<number, readonly string[]>;
}

/**
 * The locks of statements that follow each other, each measured on what those before it have made of the schema. They
 * are carried out: the database is of no other use afterwards.
 */
export async function measureSequence(
  database: PGlite,
  statements: readonly string[],
  rows: number,
): Promise<readonly Exclude<LabAnswer<"locks">, { kind: "closed" }>[]> {
  const answers: Exclude<LabAnswer<"locks">, { kind: "closed" }>[] = [];
  // What the statements make themselves has no rows when those after them run.
  const { relations } = await snapshotOf(database);
  const old = new Set(relations.map(({ name }) => name));
  for (const sql of statements) {
    const answer = await measureLocks(database, { sql, before: [], rows }, old);
    if (answer.kind !== "closed") answers.push(answer);
    // Rejected on rows it may still apply to tables without any, and the statements after it expect what it makes.
    await errorOf(database, sql);
  }
  return answers;
}

/**
 * Runs a statement in a transaction on tables that hold some rows, reads which locks it holds, which tables it read and
 * wrote as a whole, and rolls it back. `withRows`: the tables that are given rows; null for all it touches.
 */
export async function measureLocks(
  database: PGlite,
  request: { readonly sql: string; readonly before: readonly string[]; readonly rows: number },
  withRows: ReadonlySet<string> | null = null,
): Promise<LabAnswer<"locks">> {
  // Tried once to see what it touches: only what was committed before shows no locks of its own.
  const touched = await inTransaction(database, () => trial(database, request));
  if (touched.kind !== "tried") return touched;
  const tables = touched.relations
    .filter(({ oid, kind }) => TABLE_KINDS.has(kind) && touched.locks.has(oid))
    .map(({ name }) => name)
    .filter((name) => withRows?.has(name) ?? true);
  // What touches no table that was there has nothing to read or to write anew.
  if (tables.length === 0) return { kind: "measured", facts: touched.facts };
  const filled = await fillTables(database, tables, request.rows);
  try {
    const tried = await inTransaction(database, () => trial(database, request));
    if (tried.kind !== "tried") return tried;
    const unfilled = tables.filter((name) => !filled.includes(name)).sort();
    return { kind: "measured", facts: { ...tried.facts, unfilled } };
  } finally {
    await emptyTables(database, filled);
  }
}

const TABLE_KINDS = new Set(["r", "p", "m"]);

type Trial =
  | {
      readonly kind: "tried";
      readonly facts: MutableFacts;
      /** Relations there were before, and those locked afterwards. */
      readonly relations: readonly RelationRow[];
      readonly locks: ReadonlyMap<number, readonly string[]>;
    }
  | Exclude<LabAnswer<"locks">, { kind: "measured" } | { kind: "closed" }>;

type MutableFacts = Extract<LabAnswer<"locks">, { kind: "measured" }>["facts"];

async function inTransaction<Result>(database: PGlite, work: () => Promise<Result>): Promise<Result> {
  await database.exec("BEGIN");
  try {
    return await work();
  } finally {
    await database.exec("ROLLBACK");
  }
}

async function trial(
  database: PGlite,
  { sql, before }: { readonly sql: string; readonly before: readonly string[] },
): Promise<Trial> {
  for (const statement of before) {
    const error = await errorOf(database, statement);
    if (error !== null) {
      return { kind: "not-measured", reason: `a statement before it was rejected: ${error.message}` };
    }
  }
  const { relations, locks: held } = await snapshotOf(database);
  const error = await errorOf(database, sql);
  if (error?.sqlState === NO_TRANSACTION) return { kind: "not-measured", reason: error.message };
  if (error !== null) return { kind: "rejected", error };
  const after = await snapshotOf(database);
  const known = new Map(relations.map((row) => [row.oid, row]));
  const facts = factsOf(known, after.relations, held, after.locks);
  return { kind: "tried", facts, relations, locks: after.locks };
}

const NO_TRANSACTION = "25001";

function factsOf(
  before: ReadonlyMap<number, RelationRow>,
  after: readonly RelationRow[],
  held: ReadonlyMap<number, readonly string[]>,
  locks: ReadonlyMap<number, readonly string[]>,
): MutableFacts {
  const now = new Map(after.map((row) => [row.oid, row]));
  const taken = [...locks].flatMap(([oid, modes]) => {
    const row = now.get(oid) ?? before.get(oid);
    const fresh = modes.filter((mode) => !held.get(oid)?.includes(mode));
    if (row === undefined || fresh.length === 0) return [];
    const sorted = [...fresh].sort((a, b) => STRENGTH.indexOf(a) - STRENGTH.indexOf(b));
    return [{ relation: row.name, kind: kindOf(row.kind), modes: sorted, existed: before.has(oid) }];
  });
  const changed = (test: (was: RelationRow, is: RelationRow) => boolean): string[] =>
    after
      .filter((row) => {
        const was = before.get(row.oid);
        return was !== undefined && test(was, row);
      })
      .map(({ name }) => name)
      .sort();
  return {
    locks: taken.sort((a, b) => compare(a.relation, b.relation)),
    rewritten: changed((was, is) => TABLE_KINDS.has(is.kind) && was.file !== is.file),
    scanned: changed((was, is) => TABLE_KINDS.has(is.kind) && is.read > was.read),
    rebuilt: changed((was, is) => is.kind === "i" && was.file !== is.file),
    unfilled: [],
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function kindOf(kind: string): MutableFacts["locks"][number]["kind"] {
  if (TABLE_KINDS.has(kind)) return "table";
  if (kind === "i" || kind === "I") return "index";
  return kind === "S" ? "sequence" : "other";
}

async function snapshotOf(database: PGlite): Promise<Snapshot> {
  const { rows } = await database.query<SnapshotRow>(SNAPSHOT);
  return {
    relations: rows.flatMap(({ oid, name, kind, file, read }) =>
      name === null || kind === null ? [] : [{ oid, name, kind, file, read: read ?? 0 }],
    ),
    locks: new Map(rows.flatMap(({ oid, modes }) => (modes === null ? [] : [[oid, modes] as const]))),
  };
}

async function errorOf(database: PGlite, sql: string): Promise<SqlError | null> {
  try {
    await database.exec(sql);
    return null;
  } catch (error) {
    if (!(error instanceof messages.DatabaseError)) throw error;
    return sqlErrorOf(error, sql);
  }
}
