import type { ParseResult, RawStmt } from "libpg-query";
import loadEngine, { type PostgresParserEngine } from "libpg-query/wasm/libpg-query.js";
import { AksaraError } from "../../../errors.ts";

/** One statement as PostgreSQL's own grammar reads it. */
export interface PostgresStatement {
  /** The node of the statement, `{SelectStmt: {…}}`. Its `location`s are UTF-8 bytes: see `offsetOf`. */
  readonly tree: NonNullable<RawStmt["stmt"]>;
  /** UTF-16 offsets in the text, white space and comments before it left out, without the `;`. */
  readonly start: number;
  readonly end: number;
}

export type PostgresParse =
  | {
      readonly statements: readonly PostgresStatement[];
      /** UTF-16 offset for a `location` of the trees. */
      offsetOf(location: number): number;
    }
  /** `position` is the UTF-16 offset of the token at fault. */
  | { readonly error: { readonly message: string; readonly position: number } };

/** PostgreSQL 18's parser. Calls are synchronous; placeholders must be `$n`, see `numberPlaceholders`. */
export interface PostgresParser {
  parse(sql: string): PostgresParse;
  /** The text with constants replaced by `$n`, so that no value is shown; null when it does not parse. */
  normalize(sql: string): string | null;
  /** Equal for statements that differ in constants, names of placeholders and white space only; null when it does not parse. */
  fingerprint(sql: string): string | null;
}

/**
 * Loads the parser: some 40 ms once per thread. The caller says where `libpg-query.wasm` is, because a bundled module
 * cannot find it beside itself.
 * @throws RUNTIME_ERROR when the file cannot be read or is not the one that belongs to the JavaScript part.
 */
export async function createPostgresParser(wasmPath: string): Promise<PostgresParser> {
  try {
    // What the engine would print about a failure is in the error it throws.
    return new WasmParser(await loadEngine({ locateFile: () => wasmPath, printErr: () => {} }));
  } catch (cause) {
    throw new AksaraError("RUNTIME_ERROR", "The PostgreSQL parser could not be loaded.", { cause });
  }
}

/** Offsets of the fields of libpg_query's result and error structures, in bytes. */
const RESULT = { tree: 0, error: 8 } as const;
const ERROR = { message: 0, cursor: 16 } as const;
const PROBLEM = /^(?:syntax error|deparse error|ERROR)/;

class WasmParser implements PostgresParser {
  readonly #engine: PostgresParserEngine;

  constructor(engine: PostgresParserEngine) {
    this.#engine = engine;
  }

  parse(sql: string): PostgresParse {
    if (sql.trim() === "") return { statements: [], offsetOf: () => 0 };
    const engine = this.#engine;
    return this.#withText(sql, (text) => {
      const result = engine._wasm_parse_query_raw(text);
      if (!result) throw new AksaraError("RUNTIME_ERROR", "The PostgreSQL parser ran out of memory.");
      try {
        const error = engine.getValue(result + RESULT.error, "i32");
        if (error) return { error: this.#readError(error, sql) };
        const tree = engine.getValue(result + RESULT.tree, "i32");
        const parsed: ParseResult = JSON.parse(engine.UTF8ToString(tree));
        return statementsOf(parsed, sql);
      } finally {
        engine._wasm_free_parse_result(result);
      }
    });
  }

  normalize(sql: string): string | null {
    return this.#textResult(sql, (text) => this.#engine._wasm_normalize_query(text));
  }

  fingerprint(sql: string): string | null {
    return this.#textResult(sql, (text) => this.#engine._wasm_fingerprint(text));
  }

  #readError(pointer: number, sql: string): { message: string; position: number } {
    const message = this.#engine.getValue(pointer + ERROR.message, "i32");
    // The cursor counts characters (code points) from 1; 0 where the error has no place.
    const cursor = this.#engine.getValue(pointer + ERROR.cursor, "i32");
    return {
      message: message ? this.#engine.UTF8ToString(message) : "syntax error",
      position: cursor > 0 ? offsetOfCharacter(sql, cursor - 1) : 0,
    };
  }

  #textResult(sql: string, call: (text: number) => number): string | null {
    if (sql.trim() === "") return null;
    return this.#withText(sql, (text) => {
      const result = call(text);
      if (!result) return null;
      try {
        const value = this.#engine.UTF8ToString(result);
        return PROBLEM.test(value) ? null : value;
      } finally {
        this.#engine._wasm_free_string(result);
      }
    });
  }

  #withText<T>(sql: string, use: (pointer: number) => T): T {
    // A NUL would end the text early and shift nothing else; PostgreSQL's protocol cannot carry one either.
    const text = sql.replaceAll("\0", " ");
    const size = this.#engine.lengthBytesUTF8(text) + 1;
    const pointer = this.#engine._malloc(size);
    try {
      this.#engine.stringToUTF8(text, pointer, size);
      return use(pointer);
    } finally {
      this.#engine._free(pointer);
    }
  }
}

function statementsOf(parsed: ParseResult, sql: string): PostgresParse {
  const offsetOf = byteOffsets(sql);
  const statements: PostgresStatement[] = [];
  for (const raw of parsed.stmts ?? []) {
    if (!raw.stmt) continue;
    const from = raw.stmt_location ?? 0;
    const start = offsetOf(from);
    const end = raw.stmt_len ? offsetOf(from + raw.stmt_len) : sql.length;
    const leading = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(sql.slice(start, end))?.[0].length ?? 0;
    statements.push({
      tree: raw.stmt,
      start: start + leading,
      end: start + sql.slice(start, end).trimEnd().length,
    });
  }
  return { statements, offsetOf };
}

/** UTF-16 offsets for UTF-8 offsets of a text. Free for ASCII; otherwise one table, built on first use. */
function byteOffsets(text: string): (byte: number) => number {
  if (isAscii(text)) return (byte) => byte;
  const marks: [number, number][] = [];
  let byte = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      byte++;
      continue;
    }
    const pair = code >= 0xd800 && code < 0xdc00 && at + 1 < text.length;
    byte += code < 0x800 ? 2 : pair ? 4 : 3;
    if (pair) at++;
    marks.push([byte, at + 1]);
  }
  return (wanted) => {
    let low = -1;
    let high = marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((marks[middle]?.[0] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    const [bytes, units] = marks[low] ?? [0, 0];
    return units + wanted - bytes;
  };
}

function offsetOfCharacter(text: string, characters: number): number {
  let at = 0;
  for (let count = 0; count < characters && at < text.length; count++) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
