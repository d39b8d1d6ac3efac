import {
  type DataConnection,
  type DataRows,
  type DataTable,
  type DataTransaction,
  type DataValue,
  quoteName,
} from "../../database/live/data-connection.ts";
import { AksaraError } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import { sha256 } from "../../workspace/hash.ts";
import { chooseDatabase, type EnabledDatabase } from "../databases.ts";
import type { Danger, Intent, ToolContext, ToolOutput } from "../tools/tool.ts";
import { type Condition, columnOf, Parameters, whereSql } from "./conditions.ts";
import { findTable } from "./find-table.ts";
import { rowObjects } from "./rows-text.ts";

/** A person cannot look at more, so no more is changed by one call. */
const MOST_ROWS = 100;

/** A change of rows of one table, as a tool was asked for it. */
export interface RecordChange {
  readonly database: string | undefined;
  readonly table: string;
  readonly action:
    | { readonly type: "insert"; readonly values: Readonly<Record<string, DataValue>> }
    | {
        readonly type: "update";
        readonly values: Readonly<Record<string, DataValue>>;
        readonly where: readonly Condition[];
      }
    | { readonly type: "delete"; readonly where: readonly Condition[] };
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly DataValue[];
}

/** A change with the SQL it becomes on the database that is there. */
interface PlannedChange {
  readonly table: DataTable;
  readonly change: Statement;
  /** Finds the rows that it touches; null for an insert. */
  readonly find: Statement | null;
  /** Whether a row is left that it does not touch; null for an insert. */
  readonly spared: Statement | null;
}

/** What a change would do: the SQL and the rows it would touch, read in a transaction that can only read. */
export async function changeIntent(change: RecordChange, context: ToolContext): Promise<Intent> {
  return await onDatabase(change, context, async (connection, database) => {
    const planned = await planChange(change, connection, context);
    const { find, spared } = planned;
    const touched = find === null ? null : await connection.read(find.sql, find.parameters, MOST_ROWS + 1);
    if (touched) demandSome(touched, planned.table);
    const every =
      spared !== null && (await connection.read(spared.sql, spared.parameters, 1)).rows.length === 0;
    const dangers: Danger[] = [];
    if (every) dangers.push({ name: "every-row", what: `It touches every row of ${planned.table.name}.` });
    return {
      preview: {
        kind: "sql",
        sql: planned.change.sql,
        parameters: [...planned.change.parameters],
        rows: touched === null ? 1 : touched.rows.length,
        place: `${database.name}: ${connection.place}`,
        ...(touched === null ? {} : { touched: rowObjects(touched).map((row) => ({ ...row })) }),
        notes: notesOf(change, planned.table),
      },
      dangers,
      changes: [],
      // Rows are looked at each time.
      covers: null,
      state: stateOf(planned, touched),
    };
  });
}

/**
 * Makes a change, if it touches exactly the rows that were shown; else nothing is changed.
 * @throws EDIT_CONFLICT when the rows have changed since
 */
export async function makeChange(change: RecordChange, context: ToolContext): Promise<ToolOutput> {
  if (context.files.overlay)
    throw new AksaraError("TOOL_NOT_ALLOWED", "Rows are not written while changes are held back.", {
      hint: "Give the person the SQL that they should run.",
    });
  return await onDatabase(change, context, async (connection) => {
    const planned = await planChange(change, connection, context);
    return await connection.change(async (transaction) => {
      const touched = await lockTouched(planned, connection, transaction);
      if (stateOf(planned, touched) !== context.decidedState) throw rowsChanged(planned.table);
      const { sql, parameters } = planned.change;
      const done = await transaction.ask(sql, parameters, MOST_ROWS + 1);
      const changed = planned.find === null ? done.rows.length : done.changes;
      if (touched !== null && changed !== touched.rows.length) throw rowsChanged(planned.table);
      const now = planned.find === null ? rowObjects(done) : [];
      return {
        output: {
          table: planned.table.name,
          rows: changed,
          ...(now.length > 0 ? { row: now[0] } : {}),
          ...(touched === null ? {} : { before: rowObjects(touched) }),
          undo: "Undo does not take this back; it can be reversed by hand with the rows as they were before.",
        },
      };
    });
  });
}

async function onDatabase<Result>(
  { database: wanted }: RecordChange,
  { databases, signal }: ToolContext,
  work: (connection: DataConnection, database: EnabledDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await chooseDatabase(databases, wanted, true);
  const connection = await databases?.open(database.name, true, signal);
  if (!connection) throw new AksaraError("NO_DATABASE", "No database was enabled for agents.");
  try {
    return await work(connection, database);
  } finally {
    await connection.close();
  }
}

async function planChange(
  { table: name, action }: RecordChange,
  connection: DataConnection,
  { workspace, signal }: ToolContext,
): Promise<PlannedChange> {
  const table = await findTable(connection, name, workspace, signal);
  if (table.isView)
    throw new AksaraError("TOOL_INPUT_INVALID", `${table.name} is a view: change the rows of its tables.`);
  const { dialect } = connection;
  const parameters = new Parameters(dialect);
  if (action.type === "insert") {
    const names = Object.keys(action.values);
    const columns = names.map((each) => columnOf(table, each));
    const values = columns.map((column) => parameters.add(action.values[column.name] ?? null, column));
    const body =
      names.length === 0
        ? "DEFAULT VALUES"
        : `(${names.map(quoteName).join(", ")}) VALUES (${values.join(", ")})`;
    const sql = `INSERT INTO ${table.quoted} ${body} RETURNING *`;
    return { table, change: { sql, parameters: parameters.values }, find: null, spared: null };
  }
  const set =
    action.type === "update"
      ? Object.entries(action.values).map(
          ([each, value]) => `${quoteName(each)} = ${parameters.add(value, columnOf(table, each))}`,
        )
      : [];
  const where = whereSql(table, action.where, parameters);
  const sql =
    action.type === "update"
      ? `UPDATE ${table.quoted} SET ${set.join(", ")}${where}`
      : `DELETE FROM ${table.quoted}${where}`;
  const finding = new Parameters(dialect);
  const condition = whereSql(table, action.where, finding);
  const order =
    table.primaryKey.length === 0 ? "" : ` ORDER BY ${table.primaryKey.map(quoteName).join(", ")}`;
  return {
    table,
    change: { sql, parameters: parameters.values },
    find: {
      sql: `SELECT * FROM ${table.quoted}${condition}${order} LIMIT ${MOST_ROWS + 1}`,
      parameters: finding.values,
    },
    spared: {
      sql: `SELECT 1 FROM ${table.quoted} WHERE (${condition.replace(/^ WHERE /, "")}) IS NOT TRUE LIMIT 1`,
      parameters: finding.values,
    },
  };
}

/** The rows as they are, and stay until the transaction ends. */
async function lockTouched(
  { find, table }: PlannedChange,
  { dialect }: DataConnection,
  transaction: DataTransaction,
): Promise<DataRows | null> {
  if (find === null) return null;
  // SQLite has locked the whole file by now.
  const sql = dialect === "postgresql" ? `${find.sql} FOR UPDATE` : find.sql;
  const touched = await transaction.ask(sql, find.parameters, MOST_ROWS + 1);
  if (touched.rows.length === 0) throw rowsChanged(table);
  return touched;
}

function demandSome({ rows }: DataRows, table: DataTable): void {
  if (rows.length === 0)
    throw new AksaraError("CONTEXT_NOT_FOUND", `No row of ${table.name} fits the conditions.`, {
      hint: "Look with query_records which rows there are.",
    });
  if (rows.length > MOST_ROWS)
    throw new AksaraError(
      "TOOL_INPUT_INVALID",
      `More than ${MOST_ROWS} rows of ${table.name} fit: nobody can look at them all.`,
      {
        hint: "Narrow the conditions, or give the person the SQL.",
      },
    );
}

function stateOf({ change, table }: PlannedChange, touched: DataRows | null): string {
  return sha256(
    canonicalJson({ change, table: table.quoted, touched: touched === null ? null : rowObjects(touched) }),
  );
}

function notesOf({ action }: RecordChange, { deleteEffects, triggers }: DataTable): string[] {
  return [
    "Undo does not take rows back.",
    ...(action.type === "delete"
      ? deleteEffects.map((effect) => `It also ${effect} that refer to them.`)
      : []),
    ...(triggers.length > 0 ? [`Triggers run: ${triggers.join(", ")}.`] : []),
  ];
}

function rowsChanged({ name }: DataTable): AksaraError {
  return new AksaraError(
    "EDIT_CONFLICT",
    `The rows of ${name} are not those that were decided about any more. Nothing was changed.`,
    { hint: "Look at them again." },
  );
}
