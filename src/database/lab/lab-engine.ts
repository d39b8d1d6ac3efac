import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messages, type PGlite, type Results } from "@electric-sql/pglite";
import { buildSchema } from "./build-schema.ts";
import type { DataImage } from "./data-image.ts";
import type { BuiltSchema, LabAnswer, LabQueryAnswer, LabRequest, LabStart } from "./lab-protocol.ts";
import { builtSchemaSchema } from "./lab-protocol.ts";
import { measureLocks, measureSequence } from "./measure-locks.ts";
import { openDatabase, packDatabase, readImageFile } from "./open-database.ts";
import { readTables } from "./read-tables.ts";
import { sqlErrorOf } from "./sql-error.ts";
import { StatementPlanner } from "./statement-planner.ts";
import { TEMPLATE_FILE } from "./template-file.ts";
import { virtualSizesWork } from "./virtual-sizes.ts";

/** An answer holds at most about this much JSON, in UTF-16 units, however many rows were asked for. */
const MAX_ANSWER_LENGTH = 4_000_000;

type Request<Type extends LabRequest["type"]> = Extract<LabRequest, { readonly type: Type }>;

/** The schema that is open, and what plans on it. */
interface OpenSchema {
  readonly key: string;
  readonly database: PGlite;
  readonly planner: StatementPlanner;
  readonly opened: LabAnswer<"open">;
}

const CLOSED = { kind: "closed" } as const;

/** PostgreSQL in this process, in memory. Starts with the first statement. */
export class LabEngine {
  readonly #start: LabStart;
  readonly #onReady: () => void;
  #database: Promise<PGlite> | null = null;
  #schema: OpenSchema | null = null;
  #inTrial = false;
  #isClone = false;

  constructor(start: LabStart, onReady: () => void) {
    this.#start = start;
    this.#onReady = onReady;
  }

  async version(): Promise<LabAnswer<"version">> {
    const database = await this.#open();
    const result = await database.query<{ text: string; number: number }>(
      "SELECT version() AS text, current_setting('server_version_num')::int AS number",
    );
    const row = result.rows[0];
    if (row === undefined) throw new Error("The database did not name its version.");
    return row;
  }

  /** Runs a text of one or more statements; the answer is about the last one. */
  async query(sql: string, maxRows: number): Promise<LabQueryAnswer> {
    return await execute(await this.#open(), sql, maxRows);
  }

  /** Builds a schema, or takes the database it was built into before. A child has one schema in its life. */
  async open({ key, statements, imageFile }: Request<"open">): Promise<LabAnswer<"open">> {
    if (this.#schema !== null) {
      if (this.#schema.key === key) return this.#schema.opened;
      throw new Error("Another schema is open.");
    }
    const kept = imageFile === null ? null : await keptSchema(imageFile, key);
    const database = await this.#open(kept?.image ?? null);
    let schema = kept?.schema ?? null;
    if (schema === null) {
      const built = await buildSchema(database, statements);
      const tables = await readTables(database);
      const engine = `PostgreSQL ${(await this.version()).text.split(" ")[1] ?? ""}`;
      schema = { engine, statements: statements.length, ...built, tables };
      if (imageFile !== null) await keep(database, imageFile, JSON.stringify({ key, schema }));
    }
    const virtualSizes = await virtualSizesWork(database);
    const opened = {
      schema,
      virtualSizes,
      from: kept === null ? ("statements" as const) : ("image" as const),
    };
    this.#schema = { key, database, planner: new StatementPlanner(database, virtualSizes), opened };
    return opened;
  }

  async statistics({ key, tables }: Request<"statistics">): Promise<LabAnswer<"statistics">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    schema.planner.use(tables);
    return { kind: "noted" };
  }

  async explain({ key, sql, values }: Request<"explain">): Promise<LabAnswer<"explain">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    const planned = await this.#guarded(schema.database, () => schema.planner.plan(sql, values));
    if (planned.kind === "rejected") {
      if (this.#inTrial) schema.planner.trialStarted();
      return planned;
    }
    return planned;
  }

  async run({ key, sql, maxRows }: Request<"run">): Promise<LabAnswer<"run">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    if (this.#inTrial || this.#isClone)
      return await this.#guarded(schema.database, () => execute(schema.database, sql, maxRows));
    await schema.database.exec("BEGIN");
    try {
      return await execute(schema.database, sql, maxRows);
    } finally {
      await schema.database.exec("ROLLBACK");
    }
  }

  async describe({ key, sql }: Request<"describe">): Promise<LabAnswer<"describe">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    const { database } = schema;
    return await this.#guarded(database, async (): Promise<LabAnswer<"describe">> => {
      try {
        const { queryParams, resultFields } = await database.describeQuery(sql);
        const names = await typeNames(database, [
          ...queryParams.map(({ dataTypeID }) => dataTypeID),
          ...resultFields.map(({ dataTypeID }) => dataTypeID),
        ]);
        const nameOf = (oid: number): string => names.get(oid) ?? "unknown";
        return {
          kind: "described",
          columns: resultFields.map(({ name, dataTypeID }) => ({ name, type: nameOf(dataTypeID) })),
          parameters: queryParams.map(({ dataTypeID }) => nameOf(dataTypeID)),
        };
      } catch (error) {
        return rejection(error, sql);
      }
    });
  }

  async begin({ key, statements }: Request<"begin">): Promise<LabAnswer<"begin">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    await this.#rollback(schema);
    await schema.database.exec("BEGIN");
    this.#inTrial = true;
    schema.planner.trialStarted();
    for (const [statement, sql] of statements.entries()) {
      const answer = await this.apply({ id: 0, type: "apply", key, sql });
      if (answer.kind === "rejected") return { kind: "begun", failure: { statement, error: answer.error } };
    }
    return { kind: "begun", failure: null };
  }

  /** From here on what is applied stays: the child is to be ended afterwards. */
  async clone({ key }: Request<"clone">): Promise<LabAnswer<"clone">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    await this.#rollback(schema);
    this.#isClone = true;
    return { kind: "cloned" };
  }

  async apply({ key, sql }: Request<"apply">): Promise<LabAnswer<"apply">> {
    const schema = this.#opened(key);
    if (schema === null || !(this.#inTrial || this.#isClone)) return CLOSED;
    const answer = await this.#guarded(schema.database, () => execute(schema.database, sql, 0));
    return answer.kind === "rejected" ? answer : { kind: "applied" };
  }

  async rollback({ key }: Request<"rollback">): Promise<LabAnswer<"rollback">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    await this.#rollback(schema);
    return { kind: "rolled-back" };
  }

  async locks({ key, sql, before, rows }: Request<"locks">): Promise<LabAnswer<"locks">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    await this.#rollback(schema);
    return await measureLocks(schema.database, { sql, before, rows });
  }

  /** Changes the schema: the child is to be ended afterwards. */
  async lockSequence({
    key,
    statements,
    rows,
  }: Request<"lock-sequence">): Promise<LabAnswer<"lock-sequence">> {
    const schema = this.#opened(key);
    if (schema === null) return CLOSED;
    await this.#rollback(schema);
    this.#schema = null;
    return { kind: "sequence", answers: await measureSequence(schema.database, statements, rows) };
  }

  #opened(key: string): OpenSchema | null {
    return this.#schema?.key === key ? this.#schema : null;
  }

  async #rollback({ database, planner }: OpenSchema): Promise<void> {
    if (!this.#inTrial) return;
    this.#inTrial = false;
    planner.trialEnded();
    await database.exec("ROLLBACK");
  }

  /** In a trial, an error must not end the transaction that holds what was tried. */
  async #guarded<Answer extends { readonly kind: string }>(
    database: PGlite,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    if (!this.#inTrial) return await work();
    await database.exec("SAVEPOINT aksara_call");
    const answer = await work();
    const end =
      answer.kind === "rejected" ? "ROLLBACK TO aksara_call; RELEASE aksara_call" : "RELEASE aksara_call";
    await database.exec(end);
    return answer;
  }

  #open(image: DataImage | null = null): Promise<PGlite> {
    this.#database ??= this.#openDatabase(image).then((database) => {
      this.#onReady();
      return database;
    });
    return this.#database;
  }

  async #openDatabase(image: DataImage | null): Promise<PGlite> {
    const template = image ?? (await readImageFile(join(this.#start.assetsDir, TEMPLATE_FILE)));
    return await openDatabase(this.#start, template);
  }
}

async function keptSchema(
  file: string,
  key: string,
): Promise<{ readonly image: DataImage; readonly schema: BuiltSchema } | null> {
  const image = await readImageFile(file);
  if (image === null) return null;
  const label = labelSchema(image.label);
  return label?.key === key ? { image, schema: label.schema } : null;
}

function labelSchema(label: string): { readonly key: string; readonly schema: BuiltSchema } | null {
  try {
    const { key, schema } = JSON.parse(label);
    const parsed = builtSchemaSchema.safeParse(schema);
    return parsed.success && typeof key === "string" ? { key, schema: parsed.data } : null;
  } catch {
    return null;
  }
}

/** Whole or not at all: another window may read the file at any moment. */
async function keep(database: PGlite, file: string, label: string): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, await packDatabase(database, label, 1), { mode: 0o600 });
  await rename(unfinished, file);
}

async function typeNames(database: PGlite, oids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (oids.length === 0) return new Map();
  const { rows } = await database.query<{ oid: number; name: string }>(
    "SELECT oid::int, format_type(oid, NULL) AS name FROM pg_type WHERE oid = ANY($1::oid[])",
    [[...new Set(oids)]],
  );
  return new Map(rows.map(({ oid, name }) => [oid, name]));
}

async function execute(database: PGlite, sql: string, maxRows: number): Promise<LabQueryAnswer> {
  try {
    const results = await database.exec(sql, { rowMode: "array" });
    return rowsOf(results.at(-1), maxRows);
  } catch (error) {
    return rejection(error, sql);
  }
}

function rejection(error: unknown, sql: string): Extract<LabQueryAnswer, { kind: "rejected" }> {
  if (!(error instanceof messages.DatabaseError)) throw error;
  return { kind: "rejected", error: sqlErrorOf(error, sql) };
}

function rowsOf(result: Results | undefined, maxRows: number): LabQueryAnswer {
  const columns = (result?.fields ?? []).map((field) => field.name);
  // Row mode "array" is not in the library's types.
  const all = (result?.rows ?? []) as unknown as LabRow[];
  const rows: LabRow[] = [];
  let length = 0;
  for (const row of all) {
    length += JSON.stringify(row).length;
    if (rows.length >= maxRows || length > MAX_ANSWER_LENGTH) break;
    rows.push(row);
  }
  return { kind: "rows", columns, rows, truncated: rows.length < all.length };
}

type LabRow = Extract<LabQueryAnswer, { kind: "rows" }>["rows"][number];
