/// <reference path="../../pg-module.d.ts" />
import { AksaraError, throwIfCancelled } from "../../errors.ts";
import {
  type DataConnection,
  type DataRows,
  type DataTable,
  type DataTransaction,
  type DataValue,
  EffectUnknown,
} from "./data-connection.ts";
import type { DatabaseAddress } from "./database-address.ts";

/** Milliseconds. The server gives up first; the others are for one that does not answer at all. */
const CONNECT_LIMIT = 10_000;
const STATEMENT_LIMIT = 20_000;
const QUERY_LIMIT = 25_000;
const LOCK_LIMIT = 5_000;

/** Set for the whole session: what does not say that it writes cannot. */
const SETTINGS = [
  "default_transaction_read_only=on",
  `statement_timeout=${STATEMENT_LIMIT}`,
  `lock_timeout=${LOCK_LIMIT}`,
  `idle_in_transaction_session_timeout=${QUERY_LIMIT}`,
];

const TABLE = `
SELECT c.oid::int8 AS oid, CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS name,
  quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted, c.relkind IN ('v', 'm') AS is_view,
  (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull)
     ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT coalesce(json_agg(a.attname ORDER BY k.n), '[]'::json) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
     JOIN pg_attribute a ON a.attnum = k.attnum WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid) AS key,
  (SELECT coalesce(json_agg(CASE f.confdeltype WHEN 'c' THEN 'deletes rows of ' ELSE 'empties the key in rows of ' END
     || f.conrelid::regclass::text ORDER BY f.conname), '[]'::json)
     FROM pg_constraint f WHERE f.confrelid = c.oid AND f.contype = 'f' AND f.confdeltype IN ('c', 'n', 'd')) AS effects,
  (SELECT coalesce(json_agg(t.tgname ORDER BY t.tgname), '[]'::json) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND (n.nspname || '.' || c.relname = $1 OR (c.relname = $1 AND pg_table_is_visible(c.oid)))
ORDER BY pg_table_is_visible(c.oid) DESC LIMIT 1`;

const NAMES = `
SELECT CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY 1 LIMIT 1000`;

/**
 * Connects to a PostgreSQL database for its rows. Without `write` the session itself can only read.
 * @throws AUTH_FAILED, NO_DATABASE, TIMEOUT, CANCELLED
 */
export async function connectPostgresRows(
  address: DatabaseAddress,
  write: boolean,
  signal: AbortSignal,
): Promise<DataConnection> {
  throwIfCancelled(signal);
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: address.url,
    application_name: "aksara-agent",
    options: SETTINGS.map((setting) => `-c ${setting}`).join(" "),
    connectionTimeoutMillis: CONNECT_LIMIT,
    query_timeout: QUERY_LIMIT,
  });
  // A connection that breaks is reported by the query that was under way, or by the next.
  client.on("error", () => undefined);
  const cancel = (): void => client.connection.stream.destroy();
  signal.addEventListener("abort", cancel, { once: true });
  const place = address.place;
  const send = async (text: string, values: readonly DataValue[] = []) => {
    try {
      return await client.query({
        text,
        values,
        rowMode: "array",
        queryMode: "extended",
        types: { getTypeParser: parserOf },
      });
    } catch (error) {
      throwIfCancelled(signal);
      throw failureOf(error, place);
    }
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener("abort", cancel);
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect().catch((error: unknown) => {
      throwIfCancelled(signal);
      throw failureOf(error, place);
    });
  } catch (error) {
    await close();
    throw error;
  }
  const within = async <Result>(begin: string, work: () => Promise<Result>): Promise<Result> => {
    await send(begin);
    try {
      return await work();
    } catch (error) {
      // A connection that broke has rolled back by itself.
      await send("ROLLBACK").catch(() => undefined);
      throw error;
    }
  };
  const all = (sql: string, parameters: readonly DataValue[]) =>
    within("BEGIN READ ONLY", async () => {
      const { rows } = await send(sql, parameters);
      await send("COMMIT");
      return rows;
    });
  return {
    dialect: "postgresql",
    place: `PostgreSQL at ${place.slice("postgresql://".length)}`,
    table: async (name) => {
      const [row] = await all(TABLE, [name]);
      return row ? tableOf(row) : null;
    },
    tableNames: async () => (await all(NAMES, [])).map(([name]) => String(name)),
    read: (sql, parameters, limit) =>
      within("BEGIN READ ONLY", async () => {
        // A cursor takes nothing but a query, and gives no more rows than are wanted.
        await send(`DECLARE aksara_rows NO SCROLL CURSOR FOR ${sql}`, parameters);
        const { rows, fields } = await send(`FETCH ${limit + 1} FROM aksara_rows`);
        await send("COMMIT");
        return {
          columns: fields.map(({ name }) => name),
          rows: rows.slice(0, limit) as DataRows["rows"],
          more: rows.length > limit,
          changes: 0,
        };
      }),
    change: async (work) => {
      if (!write) throw new AksaraError("NO_DATABASE", `Nothing may be written to ${place}.`);
      const transaction: DataTransaction = {
        ask: async (sql, parameters, limit) => {
          const { rows, fields, rowCount } = await send(sql, parameters);
          return {
            columns: fields.map(({ name }) => name),
            rows: rows.slice(0, limit) as DataRows["rows"],
            more: rows.length > limit,
            changes: rowCount ?? 0,
          };
        },
      };
      const result = await within("BEGIN READ WRITE", () => work(transaction));
      try {
        await send("COMMIT");
      } catch (error) {
        // A deferred constraint is refused by a server that is there; anything else leaves it open.
        if (error instanceof AksaraError && error.code === "TOOL_INPUT_INVALID") throw error;
        throw new EffectUnknown(`The connection to ${place} broke while the change was made final.`, error);
      }
      return result;
    },
    close,
  };
}

function tableOf(row: readonly unknown[]): DataTable {
  const [, name, quoted, isView, columns, primaryKey, deleteEffects, triggers] = row;
  return {
    name: String(name),
    quoted: String(quoted),
    isView: isView === true,
    columns: columns as DataTable["columns"],
    primaryKey: primaryKey as readonly string[],
    deleteEffects: deleteEffects as readonly string[],
    triggers: triggers as readonly string[],
  };
}

/** Numbers and booleans as such where they are exact, JSON as JSON, everything else as PostgreSQL writes it. */
function parserOf(type: number): (text: string) => unknown {
  switch (type) {
    case 16:
      return (text) => text === "t";
    case 20:
      return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
    case 21:
    case 23:
    case 26:
    case 700:
    case 701:
      return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
    case 114:
    case 3802:
      return (text) => JSON.parse(text) as unknown;
    default:
      return (text) => text;
  }
}

const AUTH = new Set(["28000", "28P01"]);
const ABSENT = new Set(["3D000", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENOENT"]);
const SLOW = new Set(["57014", "55P03", "ETIMEDOUT"]);

function failureOf(error: unknown, place: string): AksaraError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  const detail =
    error instanceof Error && "detail" in error && typeof error.detail === "string" ? error.detail : "";
  if (AUTH.has(code))
    return new AksaraError("AUTH_FAILED", `${place} does not let this user in.`, {
      hint: "Check user and password in the address.",
      cause: error,
    });
  if (SLOW.has(code) || /timeout/i.test(message))
    return new AksaraError("TIMEOUT", `${place} did not answer in time: ${message}.`, {
      hint: "Nothing was changed. Ask for less, or try again when it is less busy.",
    });
  if (ABSENT.has(code))
    return new AksaraError("NO_DATABASE", `${place} cannot be reached: ${message || code}.`, {
      hint: "Check host, port and name of the database.",
    });
  // What the statement or the data are to blame for: trying again would change nothing.
  if (/^(?:0A|2[1-9]|3F|42|44|P0)/.test(code) || code === "25006")
    return new AksaraError("TOOL_INPUT_INVALID", `${message}${detail === "" ? "" : `. ${detail}`}`, {
      hint: "Nothing was changed.",
    });
  return new AksaraError("TOOL_FAILED", `${place}: ${message}`);
}
