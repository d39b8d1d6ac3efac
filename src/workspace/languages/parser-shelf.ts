import type { LanguageId } from "../stacks/stack.ts";
import type { ParserAssets } from "./parser-assets.ts";
import { createPythonParser, type PythonParser } from "./python/parser.ts";
import { parsePlainPython } from "./python/plain/parse.ts";
import type { TypeScriptModule } from "./typescript/module.ts";

/** Parsers that need loading; null for one that was not asked for. */
export interface Parsers {
  readonly python: Pick<PythonParser, "parse"> | null;
  readonly typescript: ((text: string, uri: string) => TypeScriptModule) | null;
}

const NONE: Parsers = { python: null, typescript: null };

/** Loads parsers on first use and keeps them. One per thread. */
export class ParserShelf {
  readonly #assets: ParserAssets;
  #python: Promise<PythonParser> | null = null;

  constructor(assets: ParserAssets) {
    this.#assets = assets;
  }

  /** What reads a text. The grammar for Python, some megabytes in memory, is loaded for a text that is not plain. */
  async forText(language: LanguageId, text: string): Promise<Parsers> {
    if (language === "typescript") {
      const { parseTypeScript } = await import("./typescript/outline.ts");
      return { ...NONE, typescript: parseTypeScript };
    }
    if (language !== "python") return NONE;
    const plain = parsePlainPython(text);
    if (plain) return { ...NONE, python: { parse: () => ({ root: plain, errors: [] }) } };
    this.#python ??= createPythonParser(this.#assets);
    try {
      return { ...NONE, python: await this.#python };
    } catch (error) {
      this.#python = null;
      throw error;
    }
  }

  async dispose(): Promise<void> {
    const python = await this.#python?.catch(() => null);
    this.#python = null;
    python?.delete();
  }
}
