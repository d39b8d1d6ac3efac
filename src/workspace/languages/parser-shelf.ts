import type { LanguageId } from "../stacks/stack.ts";
import type { ParserAssets } from "./parser-assets.ts";
import { createPythonParser, type PythonParser } from "./python/parser.ts";

/** Parsers that need loading; null for one that was not asked for. */
export interface Parsers {
  readonly python: PythonParser | null;
}

/** Loads parsers on first use and keeps them. One per thread. */
export class ParserShelf {
  readonly #assets: ParserAssets;
  #python: Promise<PythonParser> | null = null;

  constructor(assets: ParserAssets) {
    this.#assets = assets;
  }

  async forLanguage(language: LanguageId): Promise<Parsers> {
    if (language !== "python") return { python: null };
    this.#python ??= createPythonParser(this.#assets);
    try {
      return { python: await this.#python };
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
