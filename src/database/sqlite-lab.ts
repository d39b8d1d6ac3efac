import { AksaraError, isAksaraError, throwIfCancelled } from "../errors.ts";
import { SqliteDatabase } from "../storage/sqlite.ts";
import type {
  DescribeAnswer,
  ExplainAnswer,
  ExplainOptions,
  Lab,
  LabClone,
  LabSession,
  LabTable,
  LabTrial,
  LockAnswer,
  RunAnswer,
  RunOptions,
  SchemaFailure,
  SchemaReport,
  SqlError,
} from "./lab.ts";
import type { LabSchema } from "./schema/lab-schema.ts";
import { readSqlitePlan, type SqlitePlanRow } from "./sqlite/read-sqlite-plan.ts";
import { readSqliteTables } from "./sqlite/read-sqlite-tables.ts";
import { type IndexStatistics, indexStatistics } from "./sqlite/sqlite-statistics.ts";
import { deriveStatistics } from "./statistics/derive-statistics.ts";
import type { Statistics, TableStatistics } from "./statistics/statistics.ts";
import { tierOf } from "./statistics/tier-of.ts";

export interface SqliteLabOptions {
  /** Absolute path of the entry file that serves SQLite. */
  readonly workerFile: string;
}

const DEFAULT_MAX_ROWS = 1_000;
/** Rest in milliseconds after which the process of a session ends. */
const IDLE_MS = 60_000;

/** SQLite's planner, in memory, in a process of its own for each session. */
export class SqliteLab implements Lab {
  readonly #options: SqliteLabOptions;
  readonly #sessions = new Set<SqliteSession>();

  constructor(options: SqliteLabOptions) {
    this.#options = options;
  }

  open(schema: LabSchema, statistics: Statistics | null = null): LabSession {
    const session = new SqliteSession(this.#options.workerFile, schema, statistics);
    this.#sessions.add(session);
    return session;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.dispose()));
    this.#sessions.clear();
  }
}

const NO_LOCKS: LockAnswer = {
  kind: "not-measured",
  reason: "SQLite locks the whole database for every statement that writes",
};

interface Opened {
  readonly database: SqliteDatabase;
  readonly report: SchemaReport;
  readonly statistics: readonly TableStatistics[];
}

class SqliteSession implements LabSession {
  readonly dialect = "sqlite";
  readonly #workerFile: string;
  readonly #schema: LabSchema;
  readonly #known: Statistics | null;
  #opened: Promise<Opened> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;
  #rest: NodeJS.Timeout | undefined;

  constructor(workerFile: string, schema: LabSchema, known: Statistics | null) {
    this.#workerFile = workerFile;
    this.#schema = schema;
    this.#known = known;
  }

  get statisticsSource(): string | null {
    return this.#known?.source ?? null;
  }

  async statistics(): Promise<readonly TableStatistics[]> {
    return (await this.#open()).statistics;
  }

  async report(): Promise<SchemaReport> {
    return (await this.#open()).report;
  }

  explain(sql: string, { signal }: ExplainOptions = {}): Promise<ExplainAnswer> {
    return this.#exclusively(signal, (opened) => explain(opened, sql));
  }

  run(sql: string, { maxRows = DEFAULT_MAX_ROWS, signal }: RunOptions = {}): Promise<RunAnswer> {
    return this.#exclusively(signal, ({ database }) =>
      rolledBack(database, () => run(database, sql, maxRows)),
    );
  }

  describe(sql: string, signal?: AbortSignal): Promise<DescribeAnswer> {
    return this.#exclusively(signal, ({ database }) => describe(database, sql));
  }

  withTrial<Result>(
    statements: readonly string[],
    use: (trial: LabTrial) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.#exclusively(signal, (opened) =>
      rolledBack(opened.database, async () => {
        let ended = false;
        const guard = <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
          if (ended) throw new AksaraError("RUNTIME_ERROR", "The trial has ended.");
          return call();
        };
        try {
          return await use({
            failure: await firstFailure(opened.database, statements),
            explain: (sql) => guard(() => explainTried(opened, sql)),
            run: (sql, { maxRows = DEFAULT_MAX_ROWS } = {}) =>
              guard(() => run(opened.database, sql, maxRows)),
            describe: (sql) => guard(() => describe(opened.database, sql)),
            apply: (statement) => guard(() => errorOf(opened.database, statement)),
          });
        } finally {
          ended = true;
        }
      }),
    );
  }

  /** Every statement of SQLite can be rolled back. */
  withClone<Result>(use: (clone: LabClone) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.withTrial([], use, signal);
  }

  async lockFacts(): Promise<LockAnswer> {
    return NO_LOCKS;
  }

  async lockSequence(statements: readonly string[]): Promise<readonly LockAnswer[]> {
    return statements.map(() => NO_LOCKS);
  }

  /** Nothing is lost: the schema is built again by the next call. */
  #endAtRest(): void {
    const opened = this.#opened;
    this.#opened = null;
    void opened?.then(({ database }) => database.destroy());
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#rest);
    const opened = await this.#opened?.catch(() => null);
    await opened?.database.destroy();
  }

  #open(): Promise<Opened> {
    if (this.#disposed) throw new AksaraError("CANCELLED", "The database lab was closed.");
    this.#opened ??= build(this.#workerFile, this.#schema, this.#known).catch((error) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /** A statement that does not end is ended with its process; the next call builds the schema anew. */
  #exclusively<Result>(
    signal: AbortSignal | undefined,
    work: (opened: Opened) => Promise<Result>,
  ): Promise<Result> {
    const start = async (): Promise<Result> => {
      clearTimeout(this.#rest);
      throwIfCancelled(signal);
      const opened = await this.#open();
      const drop = (): void => {
        this.#opened = null;
        void opened.database.destroy();
      };
      signal?.addEventListener("abort", drop, { once: true });
      try {
        return await work(opened);
      } catch (error) {
        throwIfCancelled(signal);
        if (isAksaraError(error) && error.code === "STORE_UNAVAILABLE") {
          this.#opened = null;
          throw new AksaraError("RUNTIME_ERROR", "The database lab stopped unexpectedly.", {
            hint: "It starts again on the next use.",
            cause: error,
          });
        }
        throw error;
      } finally {
        signal?.removeEventListener("abort", drop);
        this.#rest = setTimeout(() => this.#endAtRest(), IDLE_MS).unref();
      }
    };
    const result = this.#last.then(start, start);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

async function build(workerFile: string, schema: LabSchema, known: Statistics | null): Promise<Opened> {
  const database = await SqliteDatabase.openInProcess(":memory:", workerFile);
  try {
    await database.run("PRAGMA foreign_keys = OFF");
    const failures: SchemaFailure[] = [];
    for (const { about, sql } of schema.statements) {
      const error = await errorOf(database, sql);
      if (error !== null) failures.push({ about, sql: sql.slice(0, 2_000), error });
    }
    const tables = await readSqliteTables(database);
    const statistics = deriveStatistics(tables, known, schema.choices);
    await writeStatistics(database, tables, statistics);
    const [version] = await database.all("SELECT sqlite_version() AS version");
    const report: SchemaReport = {
      engine: `SQLite ${String(version?.version)}`,
      source: schema.source,
      statements: schema.statements.length,
      applied: schema.statements.length - failures.length,
      repairs: schema.repairs,
      failures,
      tables,
      virtualSizes: true,
    };
    return { database, report, statistics };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/** Written where ANALYZE writes, and read again by it: SQLite plans by these numbers, not by what tables hold. */
async function writeStatistics(
  database: SqliteDatabase,
  tables: readonly LabTable[],
  statistics: readonly TableStatistics[],
): Promise<readonly IndexStatistics[]> {
  const entries = tables.flatMap((table) => {
    const facts = statistics.find((candidate) => candidate.table === table.name);
    return facts === undefined ? [] : indexStatistics(table, facts);
  });
  await database.run("ANALYZE");
  await database.run("DELETE FROM sqlite_stat1");
  for (const { table, index, spread } of entries) {
    const stat = spread.map(String).join(" ");
    await database.run("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", [table, index, stat]);
  }
  await database.run("ANALYZE sqlite_schema");
  return entries;
}

async function explain({ database, report, statistics }: Opened, sql: string): Promise<ExplainAnswer> {
  return await explainOn(database, report.tables, statistics, sql);
}

/** In a trial there may be other tables and indexes than before. */
async function explainTried({ database, statistics }: Opened, sql: string): Promise<ExplainAnswer> {
  const tables = await readSqliteTables(database);
  await writeStatistics(database, tables, statistics);
  return await explainOn(database, tables, statistics, sql);
}

async function explainOn(
  database: SqliteDatabase,
  tables: readonly LabTable[],
  statistics: readonly TableStatistics[],
  sql: string,
): Promise<ExplainAnswer> {
  const answer = await attempt(sql, () => database.all(`EXPLAIN QUERY PLAN ${sql}`));
  if (answer.kind === "rejected") return answer;
  const rows = answer.value.map(
    (row): SqlitePlanRow => ({ id: Number(row.id), parent: Number(row.parent), detail: String(row.detail) }),
  );
  const spreads = new Map(
    tables.flatMap((table) => {
      const facts = statistics.find((candidate) => candidate.table === table.name);
      const entries = facts === undefined ? [] : indexStatistics(table, facts);
      return entries.map(({ index, spread }) => [index ?? "", spread.slice(1)] as const);
    }),
  );
  const named = rows.length === 0 ? [CONSTANT] : rows;
  const plan = readSqlitePlan(named, { tables: statistics, spreads, aliases: aliasesIn(sql, tables) });
  const used = statistics.filter(({ table }) => plan.nodes.some(({ relation }) => relation === table));
  return {
    kind: "plan",
    plan,
    tier: tierOf(true, used),
    tables: used.map(({ table, rows: count, rowsFrom, columnsFrom }) => ({
      table,
      rows: count,
      rows_from: rowsFrom,
      columns_from: columnsFrom,
    })),
  };
}

/** SQLite names a table by its alias alone. */
function aliasesIn(sql: string, tables: readonly LabTable[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  const words = sql.match(/[\w$]+/g) ?? [];
  for (const [at, word] of words.entries()) {
    const table = tables.find(({ name }) => name.toLowerCase() === word.toLowerCase());
    const next = words[at + 1]?.toLowerCase() === "as" ? words[at + 2] : words[at + 1];
    if (table !== undefined && next !== undefined && !aliases.has(next)) aliases.set(next, table.name);
  }
  return aliases;
}

const CONSTANT: SqlitePlanRow = { id: 1, parent: 0, detail: "Constant rows" };

async function run(database: SqliteDatabase, sql: string, maxRows: number): Promise<RunAnswer> {
  const answer = await attempt(sql, () => database.all(sql));
  if (answer.kind === "rejected") return answer;
  const rows = answer.value.slice(0, maxRows).map((row) => Object.values(row));
  return {
    kind: "rows",
    columns: Object.keys(answer.value[0] ?? {}),
    rows,
    truncated: rows.length < answer.value.length,
  };
}

/** A view shows the columns of a query without running it. It takes no placeholders: NULL stands for them. */
async function describe(database: SqliteDatabase, sql: string): Promise<DescribeAnswer> {
  const numbers = [...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  return await rolledBack(database, async (): Promise<DescribeAnswer> => {
    const view = `CREATE TEMP VIEW aksara_described AS ${sql.replace(/\$\d+/g, "NULL")}`;
    if (/^\s*(?:SELECT|WITH|VALUES)\b/i.test(sql)) {
      const error = await errorOf(database, view);
      if (error !== null) return { kind: "rejected", error };
    }
    const columns = await database.all("PRAGMA temp.table_info(aksara_described)");
    return {
      kind: "described",
      columns: columns.map(({ name, type }) => ({ name: String(name), type: String(type).toLowerCase() })),
      parameters: Array.from({ length: Math.max(0, ...numbers) }, () => "any"),
    };
  });
}

async function rolledBack<Result>(database: SqliteDatabase, work: () => Promise<Result>): Promise<Result> {
  await database.run("SAVEPOINT aksara_trial");
  try {
    return await work();
  } finally {
    await database.run("ROLLBACK TO aksara_trial");
    await database.run("RELEASE aksara_trial");
    // What was read of statistics inside is not rolled back.
    await database.run("ANALYZE sqlite_schema");
  }
}

async function firstFailure(
  database: SqliteDatabase,
  statements: readonly string[],
): Promise<LabTrial["failure"]> {
  for (const [statement, sql] of statements.entries()) {
    const error = await errorOf(database, sql);
    if (error !== null) return { statement, error };
  }
  return null;
}

async function errorOf(database: SqliteDatabase, sql: string): Promise<SqlError | null> {
  const answer = await attempt(sql, () => database.run(sql));
  return answer.kind === "rejected" ? answer.error : null;
}

type Attempt<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "rejected"; readonly error: SqlError };

async function attempt<Value>(sql: string, work: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    if (!isAksaraError(error) || error.code !== "RUNTIME_ERROR") throw error;
    const message = error.message.replace(/^SQLite: /, "");
    return {
      kind: "rejected",
      error: { sqlState: "SQLITE", message, position: placeOf(sql, message), detail: null, hint: null },
    };
  }
}

/** SQLite names the word it stopped at, not the place: it is known when the word stands there once. */
function placeOf(sql: string, message: string): number | null {
  const word = /near "(.+)": syntax error|no such (?:table|column): (?:\w+\.)?(\w+)/.exec(message);
  const text = word?.[1] ?? word?.[2];
  if (text === undefined) return null;
  const at = sql.indexOf(text);
  return at >= 0 && sql.indexOf(text, at + 1) < 0 ? at : null;
}
