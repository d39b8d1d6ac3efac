import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ParserAssets } from "../../../../src/workspace/languages/parser-assets.ts";

const require = createRequire(import.meta.url);

/** The WASM files where npm put them. */
export const TEST_ASSETS: ParserAssets = {
  treeSitter: require.resolve("web-tree-sitter/web-tree-sitter.wasm"),
  grammars: {
    python: join(
      dirname(require.resolve("@vscode/tree-sitter-wasm/package.json")),
      "wasm",
      "tree-sitter-python.wasm",
    ),
  },
};
