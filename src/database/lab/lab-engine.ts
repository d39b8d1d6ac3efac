import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Extensions, ParserOptions, Results } from "@electric-sql/pglite";
import { messages, PGlite, types } from "@electric-sql/pglite";
import { utf16FromCodePoints } from "../sql/text-offsets.ts";
import type { LabExtension } from "./lab-extensions.ts";
import type { LabAnswer, LabQueryAnswer, LabSqlError, LabStart } from "./lab-protocol.ts";

/** An answer holds at most about this much JSON, in UTF-16 units, however many rows were asked for. */
const MAX_ANSWER_LENGTH = 4_000_000;

/** PostgreSQL in this process, in memory. Starts with the first statement: about 2 s from nothing. */
export class LabEngine {
  readonly #start: LabStart;
  readonly #onReady: () => void;
  #database: Promise<PGlite> | null = null;

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
    const database = await this.#open();
    try {
      const results = await database.exec(sql, { rowMode: "array" });
      return rowsOf(results.at(-1), maxRows);
    } catch (error) {
      if (!(error instanceof messages.DatabaseError)) throw error;
      return { kind: "rejected", error: sqlErrorOf(error, sql) };
    }
  }

  #open(): Promise<PGlite> {
    this.#database ??= openDatabase(this.#start).then((database) => {
      this.#onReady();
      return database;
    });
    return this.#database;
  }
}

async function openDatabase({ assetsDir, extensions }: LabStart): Promise<PGlite> {
  const asset = (name: string): Promise<Uint8Array<ArrayBuffer>> => readFile(join(assetsDir, name));
  const [pgliteWasmModule, initdbWasmModule, bundle] = await Promise.all([
    asset("pglite.wasm").then((bytes) => WebAssembly.compile(bytes)),
    asset("initdb.wasm").then((bytes) => WebAssembly.compile(bytes)),
    asset("pglite.data"),
  ]);
  return PGlite.create({
    pgliteWasmModule,
    initdbWasmModule,
    fsBundle: new Blob([bundle]),
    extensions: extensionsIn(assetsDir, extensions),
    parsers: PLAIN_VALUES,
    // With the default collation "C" an index serves LIKE 'x%', which on most servers it does not.
    initDbStartParams: ["--locale=en_US.UTF-8", "--encoding=UTF8"],
  });
}

function extensionsIn(assetsDir: string, names: readonly LabExtension[]): Extensions {
  return Object.fromEntries(
    names.map((name) => {
      const bundlePath = pathToFileURL(join(assetsDir, `${name}.tar.gz`));
      return [name, { name, setup: async () => ({ bundlePath }) }];
    }),
  );
}

const asText = (text: string): string => text;
const asNumber = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

/** Values that survive JSON: what has no exact form there stays as PostgreSQL writes it. */
const PLAIN_VALUES: ParserOptions = {
  [types.INT8]: asText,
  [types.FLOAT4]: asNumber,
  [types.FLOAT8]: asNumber,
  [types.BYTEA]: asText,
  [types.DATE]: asText,
  [types.TIMESTAMP]: asText,
  [types.TIMESTAMPTZ]: asText,
};

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

function sqlErrorOf(error: messages.DatabaseError, sql: string): LabSqlError {
  const position = Number(error.position);
  return {
    sqlState: error.code ?? "XX000",
    message: error.message,
    position: position > 0 ? utf16FromCodePoints(sql, position - 1) : null,
    detail: error.detail ?? null,
    hint: error.hint ?? null,
  };
}
