import type { LabSession, LabTable, LockAnswer, SchemaReport } from "../../database/lab.ts";
import type { PostgresParser } from "../../database/sql/parse-postgres.ts";
import type {
  CostClass,
  MigrationLocks,
  SafeSequence,
  StatementLocks,
} from "../../protocol/migration-locks.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import { alterCommands } from "./alter-commands.ts";
import { brokenUses } from "./broken-code.ts";
import { migrationHazards, statementHazards } from "./lock-hazards.ts";
import { blockedBy, modeName, mostBlocked } from "./lock-modes.ts";
import { safeSequence } from "./safe-sequence.ts";
import { sequenceCode } from "./sequence-code.ts";
import { changesOf, type TableChange } from "./table-change.ts";

export interface MeasuredMigration {
  readonly catalog: Catalog;
  readonly migration: Migration;
  /** A session on the schema before it. */
  readonly session: LabSession;
  readonly parser: PostgresParser;
  /** What has to be run on the schema first. */
  readonly prelude: readonly string[];
}

/**
 * What a migration keeps others from, statement by statement: each is carried out on tables with a few rows, as the
 * statements before it leave them. Throws CANCELLED, and RUNTIME_ERROR when the engine fails.
 */
export async function measureMigration(
  { catalog, migration, session, parser, prelude }: MeasuredMigration,
  signal?: AbortSignal,
): Promise<MigrationLocks> {
  const statements = migration.operations.flatMap(({ sql }, index) =>
    (sql ?? []).map((text) => ({ sql: text.trim(), operation: index + 1 })),
  );
  const report = await session.report(signal);
  const texts = [...prelude, ...statements.map(({ sql }) => sql)];
  const answers = texts.length === 0 ? [] : (await session.lockSequence(texts, signal)).slice(prelude.length);
  const measured: StatementLocks[] = [];
  const all: TableChange[] = [];
  // Nobody waits for what the migration makes itself.
  const fresh = new Set<string>();
  for (const [index, { sql, operation }] of statements.entries()) {
    const changes = await readChanges(parser, sql);
    const answer = answers[index] ?? { kind: "not-measured", reason: "it was not reached" };
    const origin = migration.operations[operation - 1];
    const base = statementOf({ sql, operation, answer, changes, fresh });
    const hazards = statementHazards(base, changes, answer);
    // What is over at once needs no other way, except where code depends on it.
    const safe =
      origin === undefined || hazards.length === 0
        ? null
        : sequenceOf(sql, base, changes, report, (sequence) => ({
            ...sequence,
            code: sequenceCode(sequence, migration.stack, origin),
          }));
    measured.push({ ...base, hazards, safe });
    all.push(...changes);
    for (const { table, existed } of base.locks) if (!existed) fresh.add(table);
  }
  const { transactional } = migration;
  return {
    engine: `${report.engine}, embedded, on 3 rows a table`,
    schema: {
      source: report.source,
      repairs: report.repairs.map(({ about, what }) => `${about}: ${what}`),
      failures: report.failures.map(({ about, error }) => `${about}: ${error.message}`),
    },
    transactional,
    statements: measured,
    hazards: [...migrationHazards(measured, all, transactional)],
    unknown: migration.operations.filter(({ sql }) => sql === null).map(({ summary }) => summary),
    broken: [
      ...brokenUses(
        catalog,
        all.filter((change) => !isFresh(change, fresh)),
      ),
    ],
  };
}

function isFresh(change: TableChange, fresh: ReadonlySet<string>): boolean {
  return "table" in change && change.table !== null && fresh.has(change.table);
}

/** Nothing for a statement that PostgreSQL does not read. */
async function readChanges(parser: PostgresParser, sql: string): Promise<readonly TableChange[]> {
  const parsed = await parser.parseStatements(sql);
  return parsed.kind === "parsed" ? parsed.statements.flatMap(({ tree }) => changesOf(tree)) : [];
}

interface Measured {
  readonly sql: string;
  readonly operation: number;
  readonly answer: LockAnswer;
  readonly changes: readonly TableChange[];
  readonly fresh: ReadonlySet<string>;
}

type BareLocks = Omit<StatementLocks, "hazards" | "safe">;

function statementOf({ sql, operation, answer, changes, fresh }: Measured): BareLocks {
  const empty: BareLocks = {
    sql,
    operation,
    origin: "unknown",
    rewritten: [],
    scanned: [],
    locks: [],
    cost: "unknown",
    blocks: "none",
    note: null,
  };
  if (answer.kind === "measured") {
    const { facts } = answer;
    const old = (tables: readonly string[]): string[] => tables.filter((table) => !fresh.has(table));
    const locks = facts.locks
      .filter(({ kind }) => kind === "table")
      .map(({ relation, modes, existed }) => {
        const mode = modeName(modes[0] ?? "");
        return { table: relation, mode, blocks: blockedBy(mode), existed: existed && !fresh.has(relation) };
      });
    const [rewritten, scanned] = [old(facts.rewritten), old(facts.scanned)];
    const unseen = old(facts.unfilled);
    const cost: CostClass =
      rewritten.length > 0
        ? "rewrite"
        : scanned.length > 0
          ? "scan"
          : unseen.length > 0
            ? "unknown"
            : "instant";
    const note =
      cost === "unknown"
        ? `Whether rows are read was not seen: ${unseen.join(" and ")} could not be given any.`
        : null;
    const blocks = mostBlocked(locks.filter(({ existed }) => existed).map((lock) => lock.blocks));
    return { ...empty, origin: "measured", locks, cost, rewritten, scanned, blocks, note };
  }
  const note =
    answer.kind === "rejected"
      ? `It was rejected: ${answer.error.message}.`
      : `Not measured: ${answer.reason}.`;
  const [change] = changes;
  if (change?.kind === "create-index" && change.concurrently) {
    const mode = "SHARE UPDATE EXCLUSIVE";
    const existed = !fresh.has(change.table);
    const locks = [{ table: change.table, mode, blocks: blockedBy(mode), existed }];
    return {
      ...empty,
      origin: "documented",
      locks,
      cost: "scan",
      scanned: [change.table],
      blocks: existed ? "schema" : "none",
      note,
    };
  }
  return { ...empty, note };
}

/** The sequences of all changes of a statement, one after the other; null when none needs one. */
function sequenceOf(
  sql: string,
  { cost }: BareLocks,
  changes: readonly TableChange[],
  report: SchemaReport,
  withCode: (sequence: Omit<SafeSequence, "code">) => SafeSequence,
): SafeSequence | null {
  const commands = alterCommands(sql);
  const sequences = changes.flatMap((change, index) => {
    const table = "table" in change ? report.tables.find(({ name }) => name === change.table) : undefined;
    const text = changes.length > 1 ? commands[index] : (commands[0] ?? sql);
    const sequence =
      text === undefined
        ? null
        : safeSequence({
            change,
            text,
            cost,
            primaryKey: table?.primaryKey ?? [],
            columnType: typeOf(table, change),
          });
    return sequence === null ? [] : [sequence];
  });
  const [first] = sequences;
  if (first === undefined) return null;
  return withCode({ reason: first.reason, steps: sequences.flatMap(({ steps }) => steps) });
}

function typeOf(table: LabTable | undefined, change: TableChange): string | null {
  if (!("column" in change)) return null;
  return table?.columns.find(({ name }) => name === change.column)?.type ?? null;
}
