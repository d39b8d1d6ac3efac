import type { Tier } from "../protocol/finding.ts";
import type { PlanNode, QueryPlan } from "../protocol/plan.ts";
import type { LabSchema } from "./schema/lab-schema.ts";
import type { Statistics, TableStatistics } from "./statistics/statistics.ts";

/**
 * The database lab: a real database engine with the workspace's schema, without its data. What it is asked leaves no
 * trace: trials are rolled back, and no file of the workspace is touched. All calls throw CANCELLED when their signal
 * fires and RUNTIME_ERROR when the engine itself fails; SQL that the engine rejects is an answer, never an exception.
 */
export interface Lab {
  /**
   * A session on a schema; the engine starts with its first call. Sessions on one schema share an engine; calls run one
   * at a time, in the order they are made. The engine ends when it has rested; the next call starts it again with the
   * same schema, so a session never loses anything but an unfinished trial, which then fails with RUNTIME_ERROR.
   */
  open(schema: LabSchema, statistics?: Statistics | null): LabSession;
  /** Ends all engines. Open calls fail with CANCELLED. */
  dispose(): Promise<void>;
}

export interface LabSession extends LabPlanner {
  readonly dialect: LabSchema["dialect"];
  /** Where a person's statistics come from, for people; null when everything is derived from the schema. */
  readonly statisticsSource: string | null;
  /** What the planner is told about each table. Builds the schema when that was not done yet. */
  statistics(signal?: AbortSignal): Promise<readonly TableStatistics[]>;
  /** What was built, repaired and left out. Builds the schema when that was not done yet. */
  report(signal?: AbortSignal): Promise<SchemaReport>;
  /**
   * Applies statements in a transaction, lets `use` look at the result, and rolls everything back, whatever happens.
   * The first statement that is rejected ends the applying; `use` sees it as `trial.failure`. No other call of any
   * session comes in between; inside of `use` only the trial may be asked, a session would wait for the trial's end.
   */
  withTrial<Result>(
    statements: readonly string[],
    use: (trial: LabTrial) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
  /**
   * Lets `use` change a copy of the schema as a server would be changed: each statement in a transaction of its own, what
   * runs outside of one included. The copy is gone afterwards, and the engine starts anew with the next call.
   */
  withClone<Result>(use: (clone: LabClone) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** Runs one statement of DDL on tables that hold a few rows, and rolls it back. */
  lockFacts(statement: string, options?: LockOptions): Promise<LockAnswer>;
  /**
   * The same for statements that follow each other, an answer for each: one is measured on what those before it have
   * made of the schema, in transactions of their own. The engine starts anew with the next call.
   */
  lockSequence(statements: readonly string[], signal?: AbortSignal): Promise<readonly LockAnswer[]>;
}

/** What can be asked of the schema as it is, and inside a trial of the schema as it would be. */
export interface LabPlanner {
  /**
   * Plans one statement. Placeholders are `$n`; see `explainQuery` for SQL as people write it. Tables have the sizes
   * and columns the statistics of the session.
   */
  explain(sql: string, options?: ExplainOptions): Promise<ExplainAnswer>;
  /**
   * Runs statements for real, on tables that are empty but for what the same trial put into them; the answer is about
   * the last one. Outside of a trial it is rolled back.
   */
  run(sql: string, options?: RunOptions): Promise<RunAnswer>;
  /** Names and types of the columns that a statement gives, and types of its placeholders; nothing is run. */
  describe(sql: string, signal?: AbortSignal): Promise<DescribeAnswer>;
}

export interface LabTrial extends LabPlanner {
  /** The statement that was rejected, of those the trial was made of; null when all were applied. */
  readonly failure: { readonly statement: number; readonly error: SqlError } | null;
  /** Applies one more statement; it stays for the rest of the trial. A rejected one leaves the trial as it was. */
  apply(statement: string, signal?: AbortSignal): Promise<SqlError | null>;
}

/** What can be done to a copy of the schema; a trial does the same in one transaction. */
export interface LabClone extends Pick<LabTrial, "run" | "apply"> {}

export interface ExplainOptions {
  /** Values of `$1`, `$2` …, as text; null for NULL. Absent: planned without knowing them. */
  readonly values?: readonly (string | null)[];
  readonly signal?: AbortSignal | undefined;
}

export interface RunOptions {
  /** 1,000 when left out. */
  readonly maxRows?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface LockOptions {
  /** Rows that each table holds while it is tried; 3 when left out. */
  readonly rows?: number;
  /** Statements that are applied before, in the same transaction. */
  readonly before?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** The engine's own plan document of one statement, with the tables it reads and writes. */
export type ExplainAnswer =
  | {
      readonly kind: "plan";
      readonly plan: EnginePlan;
      readonly tier: Tier;
      /** Tables of the schema that the plan reads or writes. */
      readonly tables: QueryPlan["tables"];
    }
  | { readonly kind: "rejected"; readonly error: SqlError };

/** A plan in the form of `QueryPlan`'s variants, before it is told which variant it is. */
export interface EnginePlan {
  readonly total_cost: number;
  readonly rows: number;
  readonly nodes: readonly PlanNode[];
}

export type RunAnswer =
  | {
      readonly kind: "rows";
      readonly columns: readonly string[];
      /** Values as JSON; what has no exact form there as the engine writes it. */
      readonly rows: readonly (readonly unknown[])[];
      readonly truncated: boolean;
    }
  | { readonly kind: "rejected"; readonly error: SqlError };

export type DescribeAnswer =
  | {
      readonly kind: "described";
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      /** Types of `$1`, `$2` … in that order. */
      readonly parameters: readonly string[];
    }
  | { readonly kind: "rejected"; readonly error: SqlError };

export type LockAnswer =
  | { readonly kind: "measured"; readonly facts: LockFacts }
  /** It cannot run in a transaction (`CREATE INDEX CONCURRENTLY`), or the engine has no such locks (SQLite). */
  | { readonly kind: "not-measured"; readonly reason: string }
  | { readonly kind: "rejected"; readonly error: SqlError };

/** What one statement did to the tables it touched. */
export interface LockFacts {
  readonly locks: readonly {
    /** Table or index, as the lab names it. */
    readonly relation: string;
    readonly kind: "table" | "index" | "sequence" | "other";
    /** Every mode held at the end of the statement, strongest first: `AccessExclusiveLock`. */
    readonly modes: readonly string[];
    /** It was there before the statement. */
    readonly existed: boolean;
  }[];
  /** Tables whose rows were all written anew. */
  readonly rewritten: readonly string[];
  /** Tables whose rows were all read. */
  readonly scanned: readonly string[];
  /** Indexes that were built again. */
  readonly rebuilt: readonly string[];
  /** Tables that could not be given rows, so that nothing could be seen of reading or writing them. */
  readonly unfilled: readonly string[];
}

/** Why the engine rejected a statement. */
export interface SqlError {
  /** Five characters as PostgreSQL documents them; `SQLITE` for an error of SQLite. */
  readonly sqlState: string;
  readonly message: string;
  /** UTF-16 offset in the statement; null where the engine gives none. */
  readonly position: number | null;
  readonly detail: string | null;
  readonly hint: string | null;
}

/** How building the schema went, statement by statement. */
export interface SchemaReport {
  /** `PostgreSQL 18.1`. */
  readonly engine: string;
  /** What the schema was read from: `32 models`, `7 migrations in prisma/migrations`. */
  readonly source: string;
  readonly statements: number;
  readonly applied: number;
  readonly repairs: readonly SchemaRepair[];
  readonly failures: readonly SchemaFailure[];
  readonly tables: readonly LabTable[];
  /** Whether tables without rows can be given a size, which is what makes plans realistic; see tiers. */
  readonly virtualSizes: boolean;
}

/** A change that made a statement acceptable. */
export interface SchemaRepair {
  /** What the statement is about: `table orders`, `column orders.area`. */
  readonly about: string;
  /** For people: "type geometry is not known here; text stands for it". */
  readonly what: string;
}

export interface SchemaFailure {
  readonly about: string;
  readonly sql: string;
  readonly error: SqlError;
}

/** A table as the engine has it after building. */
export interface LabTable {
  /** Without its schema when that is `public` (`main` in SQLite): `orders`, `audit.log`. */
  readonly name: string;
  readonly columns: readonly LabColumn[];
  readonly primaryKey: readonly string[];
  /** Columns of each unique index or constraint without a predicate, the primary key among them. */
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly foreignKeys: readonly {
    readonly columns: readonly string[];
    readonly target: string;
    readonly targetColumns: readonly string[];
  }[];
  readonly indexes: readonly {
    readonly name: string;
    /** Null for an expression. */
    readonly columns: readonly (string | null)[];
    readonly unique: boolean;
    readonly partial: boolean;
    readonly method: string;
  }[];
}

export interface LabColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Labels of an enumerated type; empty for others. */
  readonly labels: readonly string[];
}
