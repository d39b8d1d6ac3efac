import { quotedName } from "../../database/lab/table-statistics.ts";
import type { LabClone, LabSession, SqlError } from "../../database/lab.ts";
import { AksaraError } from "../../errors.ts";
import { addedAndEmpty, isDataError } from "./data-errors.ts";
import { insertRows } from "./generate-rows.ts";
import {
  differenceOf,
  differs,
  type StructureDifference,
  type StructureItem,
  structureOf,
} from "./schema-structure.ts";

/** What is carried out together, and what takes it back; statements one by one. */
export interface PlayedStep {
  readonly forward: readonly string[];
  readonly back: readonly string[];
}

/** What the copy begins with. */
export interface Stage {
  /** Statements that come before everything: they take back what the schema already has. */
  readonly prelude: readonly string[];
  /** Statements that put rows in: the first that `own` applies to, and the last in any case. */
  readonly rounds: readonly (readonly string[])[];
  /** Tables whose rows are watched. */
  readonly tables: readonly string[];
  /** What is tried first and rolled back: statements that run in one transaction. */
  readonly own: readonly string[];
}

/** What came of the statements that were tried first. */
export interface OwnTrial {
  /** With the rows. */
  readonly failure: Omit<PlayFailure, "step"> | null;
  /** What they made: with the rows, or without where they do not apply to those; null where they do not at all. */
  readonly moment: Moment | null;
}

/** A statement that the engine rejected; `step` and `statement` count from 0. */
export interface PlayFailure {
  readonly step: number;
  readonly statement: number;
  readonly sql: string;
  readonly error: SqlError;
}

/** The copy between two steps. */
export interface Moment {
  readonly structure: readonly StructureItem[];
  /** Rows of each watched table, and how many of them have nothing in a column. */
  readonly contents: ReadonlyMap<string, TableContents>;
}

export interface TableContents {
  readonly rows: number;
  readonly empty: Readonly<Record<string, number>>;
}

/** Why the way back ended at a step. */
export type BackStop =
  /** It changed the schema, and nothing is given that takes it back. */
  | { readonly kind: "no-way-back"; readonly step: number }
  | ({ readonly kind: "rejected" } & PlayFailure)
  | { readonly kind: "not-restored"; readonly step: number; readonly difference: StructureDifference };

export interface Play {
  /** Rows that the tables held. */
  readonly rows: number;
  readonly own: OwnTrial;
  /** Before the first step, and after each that was carried out whole. */
  readonly moments: readonly Moment[];
  readonly failure: PlayFailure | null;
  /** Null when all steps were taken back, or when they never got to their end. */
  readonly stop: BackStop | null;
  /** Steps that were taken back, last first. */
  readonly back: readonly { readonly step: number; readonly lost: readonly string[] }[];
}

/**
 * Carries steps out on a copy of the schema, one statement after the other, and takes them back from the last to the
 * first, as far as that goes. Throws as the lab does.
 */
export async function playSteps(
  session: LabSession,
  { prelude, rounds, tables, own: first }: Stage,
  steps: readonly PlayedStep[],
  signal?: AbortSignal,
): Promise<Play> {
  return await session.withClone(async (clone) => {
    for (const sql of prelude) await clone.apply(sql);
    const { rows, own, start } = await fill(clone, rounds, first, tables);
    const moments = [start];
    for (const [step, { forward }] of steps.entries()) {
      const failed = await firstRejected(clone, forward);
      if (failed !== null) {
        const failure = { step, ...failed };
        // What failed at its first statement has changed nothing.
        const back =
          failed.statement > 0 ? NO_WAY : await playBack(clone, steps.slice(0, step), moments, tables);
        return { rows, own, moments, failure, ...back };
      }
      moments.push(await momentOf(clone, tables));
    }
    return { rows, own, moments, failure: null, ...(await playBack(clone, steps, moments, tables)) };
  }, signal);
}

const NO_WAY: Pick<Play, "stop" | "back"> = { stop: null, back: [] };

/** Puts in the first rows that the statements can live with. */
async function fill(
  clone: LabClone,
  rounds: Stage["rounds"],
  own: readonly string[],
  tables: readonly string[],
): Promise<Pick<Play, "rows" | "own"> & { readonly start: Moment }> {
  const empty = `TRUNCATE ${tables.map(quotedName).join(", ")} CASCADE`;
  for (const [index, statements] of rounds.entries()) {
    const rows = (await insertRows(clone, statements)).length;
    const start = await momentOf(clone, tables);
    const { failure, moment } = await tryOwn(clone, own, tables, []);
    if (failure === null || rows === 0) return { rows, own: { failure, moment }, start };
    const isCertain = addedAndEmpty(failure.error, start.structure) !== null;
    if (isCertain || !isDataError(failure.error) || index === rounds.length - 1)
      return { rows, own: { failure, moment: (await tryOwn(clone, own, tables, [empty])).moment }, start };
    await clone.apply(empty);
  }
  const start = await momentOf(clone, tables);
  return { rows: 0, own: await tryOwn(clone, own, tables, []), start };
}

async function tryOwn(
  clone: LabClone,
  statements: readonly string[],
  tables: readonly string[],
  before: readonly string[],
): Promise<OwnTrial> {
  await clone.apply("BEGIN");
  for (const sql of before) await clone.apply(sql);
  const failure = await firstRejected(clone, statements);
  if (failure !== null) return { failure, moment: null };
  const moment = await momentOf(clone, tables);
  await clone.apply("ROLLBACK");
  return { failure, moment };
}

async function playBack(
  clone: LabClone,
  steps: readonly PlayedStep[],
  moments: readonly Moment[],
  tables: readonly string[],
): Promise<Pick<Play, "stop" | "back">> {
  const back: { step: number; lost: readonly string[] }[] = [];
  for (const [step, { back: statements }] of [...steps.entries()].toReversed()) {
    const [before, after] = [moments[step], moments[step + 1]];
    if (before === undefined || after === undefined) break;
    if (statements.length === 0) {
      if (differs(differenceOf(before.structure, after.structure)))
        return { stop: { kind: "no-way-back", step }, back };
      back.push({ step, lost: [] });
      continue;
    }
    const failed = await firstRejected(clone, statements);
    if (failed !== null) return { stop: { kind: "rejected", step, ...failed }, back };
    const now = await momentOf(clone, tables);
    const difference = differenceOf(before.structure, now.structure);
    if (differs(difference)) return { stop: { kind: "not-restored", step, difference }, back };
    back.push({ step, lost: emptied(before.contents, now.contents) });
  }
  return { stop: null, back };
}

async function firstRejected(
  clone: LabClone,
  statements: readonly string[],
): Promise<Omit<PlayFailure, "step"> | null> {
  for (const [statement, sql] of statements.entries()) {
    const error = await clone.apply(sql);
    if (error === null) continue;
    // Within a transaction of its own nothing else would be heard.
    await clone.apply("ROLLBACK");
    return { statement, sql, error };
  }
  return null;
}

async function momentOf(clone: LabClone, tables: readonly string[]): Promise<Moment> {
  const structure = await structureOf(clone);
  const there = new Set(structure.map(({ table }) => table));
  const contents = new Map<string, TableContents>();
  for (const table of tables) if (there.has(table)) contents.set(table, await contentsOf(clone, table));
  return { structure, contents };
}

async function contentsOf(clone: LabClone, table: string): Promise<TableContents> {
  const answer = await clone.run(
    `SELECT (SELECT count(*)::int FROM ${quotedName(table)}) AS rows, coalesce(json_object_agg(e.key, e.empty), '{}') AS empty
     FROM (SELECT c.key, count(*) FILTER (WHERE c.value = 'null')::int AS empty
           FROM ${quotedName(table)} t, jsonb_each(to_jsonb(t)) c GROUP BY c.key) e`,
  );
  if (answer.kind === "rejected")
    throw new AksaraError(
      "RUNTIME_ERROR",
      `The lab does not count rows of ${table}: ${answer.error.message}.`,
    );
  const [rows, empty] = answer.rows[0] ?? [0, {}];
  return { rows: Number(rows), empty: empty as TableContents["empty"] };
}

/** Columns that had values and have fewer, as `orders.note`. */
export function emptied(before: Moment["contents"], now: Moment["contents"]): readonly string[] {
  return [...before].flatMap(([table, was]) => {
    const is = now.get(table);
    if (is === undefined || is.rows < was.rows) return [`${table} (rows)`];
    return Object.keys(was.empty)
      .filter((column) => (is.empty[column] ?? is.rows) > (was.empty[column] ?? 0))
      .map((column) => `${table}.${column}`)
      .sort();
  });
}
