import { AksaraError, isAksaraError, throwIfCancelled } from "../../errors.ts";
import { isConstraintViolation, SqliteDatabase } from "../../storage/sqlite.ts";
import type { SqliteValue } from "../../storage/sqlite-protocol.ts";
import {
  type DataConnection,
  type DataRows,
  type DataTable,
  type DataValue,
  quoteName,
} from "./data-connection.ts";
import { type DatabaseAddress, sqliteFile } from "./database-address.ts";

/**
 * Opens a SQLite file for its rows, in a process that ends with the signal. Without `write` the file itself is opened
 * for reading alone. `workerFile`: absolute path of the SQLite worker's entry file.
 * @throws NO_DATABASE, CANCELLED
 */
export async function openSqliteRows(
  address: DatabaseAddress,
  write: boolean,
  workerFile: string,
  signal: AbortSignal,
): Promise<DataConnection> {
  throwIfCancelled(signal);
  const file = sqliteFile(address);
  const database = await SqliteDatabase.openInProcess(
    file,
    workerFile,
    write ? "guest-write" : "guest-read",
  ).catch((error: unknown) => {
    throw new AksaraError("NO_DATABASE", `${file} cannot be opened: ${messageOf(error)}`, { cause: error });
  });
  // SQLite cannot be stopped in the middle of a statement, but its process can.
  const cancel = (): void => void database.destroy();
  signal.addEventListener("abort", cancel, { once: true });
  const send = async (sql: string, parameters: readonly DataValue[], limit: number): Promise<DataRows> => {
    try {
      return await database.rows(sql, parameters.map(sqliteValue), limit);
    } catch (error) {
      throwIfCancelled(signal);
      throw failureOf(error);
    }
  };
  const within = async <Result>(begin: string, work: () => Promise<Result>): Promise<Result> => {
    await send(begin, [], 0);
    try {
      const result = await work();
      await send("COMMIT", [], 0);
      return result;
    } catch (error) {
      await database.rows("ROLLBACK", [], 0).catch(() => undefined);
      throw error;
    }
  };
  return {
    dialect: "sqlite",
    place: `SQLite file ${file}`,
    table: (name) => readTable(name, send),
    tableNames: async () =>
      (
        await send(
          "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name",
          [],
          1_000,
        )
      ).rows.map(([name]) => String(name)),
    read: async (sql, parameters, limit) => {
      if (!/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:SELECT|WITH|VALUES)\b/i.test(sql))
        throw new AksaraError("TOOL_INPUT_INVALID", "This is not a query.", { hint: "Give one SELECT." });
      return await within("BEGIN", async () => {
        await send("PRAGMA query_only = ON", [], 0);
        try {
          return await send(sql, parameters, limit);
        } finally {
          await database.rows("PRAGMA query_only = OFF", [], 0).catch(() => undefined);
        }
      });
    },
    change: async (work) => {
      if (!write) throw new AksaraError("NO_DATABASE", `Nothing may be written to ${file}.`);
      return await within("BEGIN IMMEDIATE", () => work({ ask: send }));
    },
    close: async () => {
      signal.removeEventListener("abort", cancel);
      await database.close().catch(() => undefined);
    },
  };
}

async function readTable(
  wanted: string,
  send: (sql: string, parameters: readonly DataValue[], limit: number) => Promise<DataRows>,
): Promise<DataTable | null> {
  const [found] = (
    await send(
      "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE",
      [wanted.replace(/^main\./, "")],
      1,
    )
  ).rows;
  if (!found) return null;
  const name = String(found[0]);
  const columns = await send(
    'SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid',
    [name],
    2_000,
  );
  const triggers = await send(
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE ORDER BY name",
    [name],
    100,
  );
  const referring = await send(
    `SELECT s.name, f.on_delete FROM sqlite_schema s, pragma_foreign_key_list(s.name) f
     WHERE s.type = 'table' AND f."table" = ? COLLATE NOCASE AND f.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT') ORDER BY s.name`,
    [name],
    100,
  );
  return {
    name,
    quoted: quoteName(name),
    isView: found[1] === "view",
    columns: columns.rows.map(([column, type, notNull]) => ({
      name: String(column),
      type: String(type),
      nullable: notNull === 0,
    })),
    primaryKey: columns.rows
      .filter(([, , , pk]) => Number(pk) > 0)
      .sort((a, b) => Number(a[3]) - Number(b[3]))
      .map(([column]) => String(column)),
    deleteEffects: referring.rows.map(
      ([table, action]) =>
        `${action === "CASCADE" ? "deletes rows of" : "empties the key in rows of"} ${String(table)}`,
    ),
    triggers: triggers.rows.map(([trigger]) => String(trigger)),
  };
}

function sqliteValue(value: DataValue): SqliteValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return value;
}

function failureOf(error: unknown): AksaraError {
  if (!isAksaraError(error)) return new AksaraError("TOOL_FAILED", messageOf(error));
  const isStatement = error.code === "RUNTIME_ERROR" || isConstraintViolation(error);
  return new AksaraError(isStatement ? "TOOL_INPUT_INVALID" : "TOOL_FAILED", error.message, {
    hint: isStatement ? "Nothing was changed." : (error.hint ?? "Try again."),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
