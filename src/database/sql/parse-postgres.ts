/// <reference path="./libpg-query-module.d.ts" />
import type { Node, ParseResult, RawStmt } from "libpg-query";
import type { LibpgQueryModule } from "libpg-query/wasm/libpg-query.js";
import { AksaraError } from "../../errors.ts";
import { utf16FromCodePoints, utf16FromUtf8 } from "./text-offsets.ts";

type TagOf<Union> = Union extends Union ? keyof Union & string : never;

/** Name of a statement's node in PostgreSQL's own grammar: SelectStmt, CreateStmt, AlterTableStmt … */
export type StatementKind = TagOf<Node>;

export interface PostgresStatement {
  readonly kind: StatementKind;
  /** UTF-16 offsets into the parsed text, from the first keyword to before the semicolon. */
  readonly range: { readonly start: number; readonly end: number };
  /** PostgreSQL's raw parse tree; every location in it is a UTF-16 offset into the parsed text. */
  readonly tree: Node;
}

export type ParsedSql =
  | { readonly kind: "parsed"; readonly statements: readonly PostgresStatement[] }
  | { readonly kind: "rejected"; readonly message: string /** UTF-16 offset. */; readonly position: number };

/** Above this much WASM memory, in bytes, the instance is dropped after a parse: it never shrinks by itself. */
const KEPT_MEMORY = 256 * 1024 * 1024;

/**
 * PostgreSQL's own parser (libpg-query, WASM). Loaded on first use, in about 30 ms; then some 40,000 statements a second.
 * The package's wrapper looks for the WASM file beside itself, which a bundle does not have, so this talks to the
 * Emscripten module and tells it the path.
 */
export class PostgresParser {
  readonly #wasmFile: string;
  #module: Promise<LibpgQueryModule> | null = null;

  /** `wasmFile`: absolute path of `libpg-query.wasm`, of exactly the version of the JavaScript part. */
  constructor(wasmFile: string) {
    this.#wasmFile = wasmFile;
  }

  /**
   * All statements of a text, or the first syntax error: PostgreSQL's grammar accepts the whole or nothing.
   * Placeholders other than `$n` have to be rewritten before. Throws RUNTIME_ERROR when the WASM cannot be loaded.
   */
  async parseStatements(sql: string): Promise<ParsedSql> {
    const nul = sql.indexOf("\0");
    if (nul !== -1) return { kind: "rejected", message: "invalid character: NUL", position: nul };
    this.#module ??= load(this.#wasmFile);
    const loading = this.#module;
    try {
      const module = await loading;
      const parsed = parse(module, sql);
      if (module.HEAPU8.byteLength > KEPT_MEMORY) this.#drop(loading);
      return parsed;
    } catch (error) {
      this.#drop(loading);
      if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) {
        return { kind: "rejected", message: "nested too deeply or too large to parse", position: 0 };
      }
      throw error;
    }
  }

  dispose(): void {
    this.#module = null;
  }

  /** An instance that was left in the middle of a call keeps a wrong stack pointer: it is not used again. */
  #drop(module: Promise<LibpgQueryModule>): void {
    if (this.#module === module) this.#module = null;
  }
}

async function load(wasmFile: string): Promise<LibpgQueryModule> {
  try {
    const { default: createLibpgQuery } = await import("libpg-query/wasm/libpg-query.js");
    return await createLibpgQuery({ locateFile: () => wasmFile, printErr: () => undefined });
  } catch (cause) {
    throw new AksaraError("RUNTIME_ERROR", "The SQL parser could not be loaded.", {
      hint: "Install the extension again; a file of it is missing or damaged.",
      cause,
    });
  }
}

/** Offsets into the C structs PgQueryParseResult and PgQueryError, in bytes. */
const TREE = 0;
const ERROR = 8;
const ERROR_MESSAGE = 0;
const ERROR_CURSOR = 16;

function parse(module: LibpgQueryModule, sql: string): ParsedSql {
  const bytes = new TextEncoder().encode(sql);
  const text = module._malloc(bytes.length + 1);
  module.HEAPU8.set(bytes, text);
  module.HEAPU8[text + bytes.length] = 0;
  const result = module._wasm_parse_query_raw(text);
  try {
    const error = module.getValue(result + ERROR, "i32");
    if (error !== 0) {
      const character = Math.max(0, module.getValue(error + ERROR_CURSOR, "i32") - 1);
      return {
        kind: "rejected",
        message: module.UTF8ToString(module.getValue(error + ERROR_MESSAGE, "i32")),
        position: utf16FromCodePoints(sql, character),
      };
    }
    const tree: ParseResult = JSON.parse(module.UTF8ToString(module.getValue(result + TREE, "i32")));
    if (bytes.length !== sql.length) moveLocations(tree, utf16FromUtf8(sql));
    return { kind: "parsed", statements: (tree.stmts ?? []).flatMap((raw) => statementOf(raw, sql)) };
  } finally {
    module._free(text);
    module._wasm_free_parse_result(result);
  }
}

function statementOf(raw: RawStmt, sql: string): PostgresStatement[] {
  const tree = raw.stmt;
  if (tree === undefined) return [];
  const start = raw.stmt_location ?? 0;
  // A length of zero means: to the end of the text.
  const length = raw.stmt_len ?? 0;
  const source = length === 0 ? sql.slice(start) : sql.slice(start, start + length);
  const kind = Object.keys(tree)[0] as StatementKind;
  return [{ kind, range: { start, end: start + source.trimEnd().length }, tree }];
}

const LOCATION_KEYS = new Set([
  "location",
  "name_location",
  "list_start",
  "list_end",
  "rexpr_list_start",
  "rexpr_list_end",
]);

/** Rewrites byte offsets to UTF-16 in place. Zero and -1 ("unknown") stay what they are. */
function moveLocations(node: unknown, toUtf16: (byteOffset: number) => number): void {
  const open: unknown[] = [node];
  while (open.length > 0) {
    const current = open.pop();
    if (typeof current !== "object" || current === null) continue;
    if (isRawStatement(current)) moveExtent(current, toUtf16);
    const fields = current as Record<string, unknown>;
    for (const [key, value] of Object.entries(fields)) {
      if (typeof value === "object") open.push(value);
      else if (typeof value === "number" && value > 0 && LOCATION_KEYS.has(key)) fields[key] = toUtf16(value);
    }
  }
}

function isRawStatement(node: object): node is RawStmt {
  return "stmt" in node && ("stmt_len" in node || "stmt_location" in node);
}

function moveExtent(raw: RawStmt, toUtf16: (byteOffset: number) => number): void {
  const start = raw.stmt_location ?? 0;
  const length = raw.stmt_len ?? 0;
  raw.stmt_location = toUtf16(start);
  if (length > 0) raw.stmt_len = toUtf16(start + length) - raw.stmt_location;
}
