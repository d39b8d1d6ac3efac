import { join } from "node:path";
import type { ParserAssets } from "../../workspace/languages/parser-assets.ts";

/** WASM files of the built product. The build copies them; nothing looks for them in a dependency's own folder. */
export function assetPaths(distDir: string): ParserAssets {
  const assets = join(distDir, "assets");
  return {
    treeSitter: join(assets, "web-tree-sitter.wasm"),
    grammars: { python: join(assets, "tree-sitter-python.wasm") },
  };
}
