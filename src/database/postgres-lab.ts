import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { AksaraError, isCancelled } from "../errors.ts";
import { extensionsFor } from "./lab/lab-extensions.ts";
import { LabProcess, type LabRequestBody } from "./lab/lab-process.ts";
import type { LabAnswer } from "./lab/lab-protocol.ts";
import type {
  DescribeAnswer,
  ExplainAnswer,
  ExplainOptions,
  Lab,
  LabClone,
  LabSession,
  LabTrial,
  LockAnswer,
  LockOptions,
  RunAnswer,
  RunOptions,
  SchemaReport,
  SqlError,
} from "./lab.ts";
import { type LabSchema, schemaKey } from "./schema/lab-schema.ts";
import { deriveStatistics } from "./statistics/derive-statistics.ts";
import type { Statistics, TableStatistics } from "./statistics/statistics.ts";
import { tierOf } from "./statistics/tier-of.ts";

export interface PostgresLabOptions {
  /** Absolute path of the child's entry file. */
  readonly childFile: string;
  /** Absolute folder with PGlite's WASM, data, extensions and the image of a fresh database. */
  readonly assetsDir: string;
  /** Absolute folder in which built databases are kept; null keeps none. Never a folder of the workspace. */
  readonly imageFolder: string | null;
  /** Rest in milliseconds after which the child ends; one minute when left out. */
  readonly idleMs?: number;
}

/** Built databases kept per workspace: some 1 MB each. */
const KEPT_IMAGES = 4;
/** A schema that takes longer, in milliseconds, does something else than making tables. */
const BUILD_LIMIT = 60_000;
/** Version of the engine and of what is written into it, for keys of caches. */
const ENGINE = "pglite 0.5.16";
const DEFAULT_MAX_ROWS = 1_000;
const DEFAULT_LOCK_ROWS = 3;

type Keyed = Extract<LabRequestBody, { readonly key: string }>;

/** PostgreSQL's planner in a child process, one at a time: a second schema ends the child of the first. */
export class PostgresLab implements Lab {
  readonly #options: PostgresLabOptions;
  #engine: { readonly key: string; readonly process: LabProcess } | null = null;
  /** The session whose statistics the engine holds. */
  #informedBy: LabSession | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(options: PostgresLabOptions) {
    this.#options = options;
  }

  /** Process id of the child; null while there is none. */
  get pid(): number | null {
    return this.#engine?.process.pid ?? null;
  }

  open(schema: LabSchema, statistics: Statistics | null = null): LabSession {
    return new PostgresSession(this, schema, statistics);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#engine?.process.dispose();
    this.#engine = null;
  }

  /** Runs `work` when everything asked before has ended. For sessions. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** The child for a schema; that of another one is ended first. For sessions, within `exclusively`. */
  async processFor(key: string, schema: LabSchema): Promise<LabProcess> {
    if (this.#disposed) throw new AksaraError("CANCELLED", "The database lab was closed.");
    if (this.#engine?.key === key) return this.#engine.process;
    await this.#engine?.process.dispose();
    const { childFile, assetsDir, idleMs } = this.#options;
    const process = new LabProcess({
      childFile,
      assetsDir,
      extensions: extensionsFor([...schema.statements.map(({ sql }) => sql), ...(schema.later ?? [])]),
      ...(idleMs === undefined ? {} : { idleMs }),
    });
    this.#engine = { key, process };
    return process;
  }

  /** Ends the child: what it holds is not the schema any more. For sessions, within `exclusively`. */
  async forget(): Promise<void> {
    await this.#engine?.process.dispose();
    this.#engine = null;
    this.#informedBy = null;
  }

  /** Whether the engine has to be told the statistics of this session first. For sessions. */
  needsStatisticsOf(session: LabSession): boolean {
    return this.#informedBy !== session;
  }

  informedBy(session: LabSession): void {
    this.#informedBy = session;
  }

  /** Where the built database of a key is kept; null when none is. For sessions. */
  async imageFile(key: string): Promise<string | null> {
    const { imageFolder } = this.#options;
    if (imageFolder === null) return null;
    await mkdir(imageFolder, { recursive: true, mode: 0o700 });
    const file = join(imageFolder, `${key}.image.gz`);
    await dropOldImages(imageFolder, file);
    return file;
  }
}

/** Keeps the images that were used last, `wanted` among them. */
async function dropOldImages(folder: string, wanted: string): Promise<void> {
  const now = new Date();
  // Absent when it was never built.
  await utimes(wanted, now, now).catch(() => undefined);
  const names = await readdir(folder);
  const aged = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return { file, used: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const old = aged.sort((a, b) => b.used - a.used).slice(KEPT_IMAGES);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}

type Open = LabAnswer<"open"> & { readonly statistics: readonly TableStatistics[] };

class PostgresSession implements LabSession {
  readonly dialect = "postgresql";
  readonly #lab: PostgresLab;
  readonly #schema: LabSchema;
  readonly #known: Statistics | null;
  readonly #key: string;
  #open: Open | null = null;

  constructor(lab: PostgresLab, schema: LabSchema, statistics: Statistics | null) {
    this.#lab = lab;
    this.#schema = schema;
    this.#known = statistics;
    this.#key = schemaKey(schema, ENGINE);
  }

  get statisticsSource(): string | null {
    return this.#known?.source ?? null;
  }

  async statistics(signal?: AbortSignal): Promise<readonly TableStatistics[]> {
    return (await this.#opened(signal)).statistics;
  }

  async report(signal?: AbortSignal): Promise<SchemaReport> {
    const { schema, virtualSizes } = await this.#opened(signal);
    return {
      ...schema,
      source: this.#schema.source,
      repairs: [...this.#schema.repairs, ...schema.repairs],
      virtualSizes,
    };
  }

  #opened(signal: AbortSignal | undefined): Promise<Open> {
    return this.#lab.exclusively(async () => this.#open ?? (await this.#openIn(signal)));
  }

  explain(sql: string, options: ExplainOptions = {}): Promise<ExplainAnswer> {
    return this.#lab.exclusively(() => this.#explain(sql, options, null));
  }

  run(sql: string, options: RunOptions = {}): Promise<RunAnswer> {
    return this.#lab.exclusively(() => this.#run(sql, options, null));
  }

  describe(sql: string, signal?: AbortSignal): Promise<DescribeAnswer> {
    return this.#lab.exclusively(() => this.#describe(sql, signal, null));
  }

  withTrial<Result>(
    statements: readonly string[],
    use: (trial: LabTrial) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.#lab.exclusively(async () => {
      const begun = await this.#ask({ type: "begin", key: this.#key, statements }, signal, null);
      const trial = { open: true };
      const guard = <Answer>(call: (trial: OpenTrial) => Promise<Answer>): Promise<Answer> => {
        if (!trial.open) throw new AksaraError("RUNTIME_ERROR", "The trial has ended.");
        return call(trial);
      };
      try {
        return await use({
          failure: begun.failure,
          explain: (sql, options = {}) => guard((own) => this.#explain(sql, { signal, ...options }, own)),
          run: (sql, options = {}) => guard((own) => this.#run(sql, { signal, ...options }, own)),
          describe: (sql, own) => guard((open) => this.#describe(sql, own ?? signal, open)),
          apply: (statement, own) => guard((open) => this.#apply(statement, own ?? signal, open)),
        });
      } finally {
        trial.open = false;
        await this.#rollback();
      }
    });
  }

  withClone<Result>(use: (clone: LabClone) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#lab.exclusively(async () => {
      const clone = { open: true };
      const guard = <Answer>(call: (clone: OpenTrial) => Promise<Answer>): Promise<Answer> => {
        if (!clone.open) throw new AksaraError("RUNTIME_ERROR", "The copy of the schema is gone.");
        return call(clone);
      };
      try {
        await this.#ask({ type: "clone", key: this.#key }, signal, null);
        return await use({
          run: (sql, options = {}) => guard((own) => this.#run(sql, { signal, ...options }, own)),
          apply: (statement, own) => guard((open) => this.#apply(statement, own ?? signal, open)),
        });
      } finally {
        clone.open = false;
        await this.#lab.forget();
      }
    });
  }

  lockFacts(statement: string, options: LockOptions = {}): Promise<LockAnswer> {
    const { before = [], rows = DEFAULT_LOCK_ROWS, signal } = options;
    return this.#lab.exclusively(() =>
      this.#ask({ type: "locks", key: this.#key, sql: statement, before, rows }, signal, null),
    );
  }

  lockSequence(statements: readonly string[], signal?: AbortSignal): Promise<readonly LockAnswer[]> {
    return this.#lab.exclusively(async () => {
      try {
        const request = {
          type: "lock-sequence",
          key: this.#key,
          statements,
          rows: DEFAULT_LOCK_ROWS,
        } as const;
        return (await this.#ask(request, signal, null)).answers;
      } finally {
        await this.#lab.forget();
      }
    });
  }

  async #explain(
    sql: string,
    { values, signal }: ExplainOptions,
    trial: OpenTrial | null,
  ): Promise<ExplainAnswer> {
    const answer = await this.#ask(
      { type: "explain", key: this.#key, sql, values: values ?? null },
      signal,
      trial,
    );
    if (answer.kind === "rejected") return answer;
    const used = (this.#open?.statistics ?? []).filter(({ table }) => answer.tables.includes(table));
    return {
      kind: "plan",
      plan: answer.plan,
      tier: tierOf(this.#open?.virtualSizes ?? false, used),
      tables: used.map(({ table, rows, rowsFrom, columnsFrom }) => ({
        table,
        rows,
        rows_from: rowsFrom,
        columns_from: columnsFrom,
      })),
    };
  }

  async #run(sql: string, { maxRows, signal }: RunOptions, trial: OpenTrial | null): Promise<RunAnswer> {
    const request = { type: "run", key: this.#key, sql, maxRows: maxRows ?? DEFAULT_MAX_ROWS } as const;
    return await this.#ask(request, signal, trial);
  }

  async #describe(
    sql: string,
    signal: AbortSignal | undefined,
    trial: OpenTrial | null,
  ): Promise<DescribeAnswer> {
    return await this.#ask({ type: "describe", key: this.#key, sql }, signal, trial);
  }

  async #apply(sql: string, signal: AbortSignal | undefined, trial: OpenTrial): Promise<SqlError | null> {
    const answer = await this.#ask({ type: "apply", key: this.#key, sql }, signal, trial);
    return answer.kind === "rejected" ? answer.error : null;
  }

  async #rollback(): Promise<void> {
    const process = await this.#lab.processFor(this.#key, this.#schema);
    // With the child everything is gone that there was to roll back.
    if (process.pid === null) return;
    await process.ask({ type: "rollback", key: this.#key });
  }

  /**
   * Asks the child, which opens the schema first when it is a new one. Within a trial a new child is a failure: what the
   * trial had applied went with the old one.
   */
  async #ask<Body extends Keyed>(
    body: Body,
    signal: AbortSignal | undefined,
    trial: OpenTrial | null,
  ): Promise<Exclude<LabAnswer<Body["type"]>, { readonly kind: "closed" }>> {
    const process = await this.#lab.processFor(this.#key, this.#schema);
    if (trial === null && (this.#open === null || this.#lab.needsStatisticsOf(this)))
      await this.#openIn(signal);
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer: LabAnswer<Body["type"]> = await process.ask(body, signal);
      if (!isClosed(answer)) return answer as Exclude<typeof answer, { readonly kind: "closed" }>;
      if (trial !== null) break;
      await this.#openIn(signal);
    }
    throw new AksaraError("RUNTIME_ERROR", "The database lab was started anew in the middle of a trial.", {
      hint: "Try it once more.",
    });
  }

  async #openIn(signal: AbortSignal | undefined): Promise<Open> {
    const process = await this.#lab.processFor(this.#key, this.#schema);
    const limit = AbortSignal.timeout(BUILD_LIMIT);
    const request = {
      type: "open",
      key: this.#key,
      statements: this.#schema.statements,
      imageFile: await this.#lab.imageFile(this.#key),
    } as const;
    try {
      const opened = await process.ask(
        request,
        signal === undefined ? limit : AbortSignal.any([signal, limit]),
      );
      const statistics =
        this.#open?.statistics ?? deriveStatistics(opened.schema.tables, this.#known, this.#schema.choices);
      await process.ask({ type: "statistics", key: this.#key, tables: statistics }, signal);
      this.#lab.informedBy(this);
      this.#open = { ...opened, statistics };
      return this.#open;
    } catch (error) {
      if (!limit.aborted || signal?.aborted || !isCancelled(error)) throw error;
      throw new AksaraError(
        "RUNTIME_ERROR",
        `The schema could not be built within ${BUILD_LIMIT / 1000} seconds.`,
        { hint: `It was read from ${this.#schema.source}.`, cause: error },
      );
    }
  }
}

/** A trial that its user still holds. */
interface OpenTrial {
  readonly open: boolean;
}

function isClosed(answer: object): boolean {
  return "kind" in answer && answer.kind === "closed";
}
