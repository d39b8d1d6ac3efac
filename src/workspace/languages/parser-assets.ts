/** Absolute paths of the parsers' WASM files. Each host resolves them once and passes them down. */
export interface ParserAssets {
  /** `web-tree-sitter.wasm`, of exactly the version of the JavaScript part. */
  readonly treeSitter: string;
  readonly grammars: {
    readonly python: string;
  };
}
