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

/** What `LabProcess` starts, and where the database finds itself. */
export function labPaths(distDir: string): { readonly childFile: string; readonly assetsDir: string } {
  return { childFile: join(distDir, "children", "lab.js"), assetsDir: join(distDir, "assets", "pglite") };
}

/** What `PostgresParser` loads. */
export function postgresParserPath(distDir: string): string {
  return join(distDir, "assets", "libpg-query.wasm");
}

/** The thread of `ExtractionPool`. */
export function extractionWorkerPath(distDir: string): string {
  return join(distDir, "workers", "extraction.js");
}

/** The thread of `ThreadEngine`. */
export function indexThreadPath(distDir: string): string {
  return join(distDir, "workers", "index.js");
}

/** The thread of `SqliteDatabase`. */
export function sqliteWorkerPath(distDir: string): string {
  return join(distDir, "workers", "sqlite.js");
}

/** The process of a tool that a file of the workspace defines. */
export function toolFileChildPath(distDir: string): string {
  return join(distDir, "children", "tool-file.js");
}
