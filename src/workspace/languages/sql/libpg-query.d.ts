/** The WASM glue of libpg-query, which its own typings leave out: it alone can be told where the WASM file is. */
declare module "libpg-query/wasm/libpg-query.js" {
  export interface PostgresParserEngine {
    _malloc(size: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(text: number): number;
    _wasm_free_parse_result(result: number): void;
    _wasm_normalize_query(text: number): number;
    _wasm_fingerprint(text: number): number;
    _wasm_free_string(text: number): void;
    getValue(pointer: number, type: "i32"): number;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, size: number): void;
    UTF8ToString(pointer: number): string;
  }
  const load: (options: {
    locateFile: (file: string) => string;
    printErr: (line: string) => void;
  }) => Promise<PostgresParserEngine>;
  export default load;
}
