/** The Emscripten module inside libpg-query, as far as `parse-postgres.ts` uses it. The package types only its wrapper. */
declare module "libpg-query/wasm/libpg-query.js" {
  export interface LibpgQueryModule {
    readonly HEAPU8: Uint8Array;
    getValue(pointer: number, type: "i32"): number;
    UTF8ToString(pointer: number): string;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** Takes NUL-terminated UTF-8; returns `PgQueryParseResult*`: parse_tree, stderr_buffer, error. */
    _wasm_parse_query_raw(sql: number): number;
    _wasm_free_parse_result(result: number): void;
  }
  export default function createLibpgQuery(options: {
    /** Path of the file of this name. This build of the module ignores `wasmBinary`. */
    readonly locateFile: (name: string) => string;
    readonly printErr?: (line: string) => void;
  }): Promise<LibpgQueryModule>;
}
