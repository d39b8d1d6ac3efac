import { readFile } from "node:fs/promises";
import { Language, Parser } from "web-tree-sitter";
import type { ParserAssets } from "../parser-assets.ts";

/**
 * Loads the runtime and the Python grammar: about 20 ms once per thread. The caller calls `delete()` on the parser.
 * The bytes are read here because a bundled module cannot find its own WASM file.
 */
export async function createPythonParser(assets: ParserAssets): Promise<Parser> {
  const [runtime, grammar] = await Promise.all([
    readFile(assets.treeSitter),
    readFile(assets.grammars.python),
  ]);
  await Parser.init({ wasmBinary: runtime });
  return new Parser().setLanguage(await Language.load(grammar));
}
