import type { LanguageId } from "../stacks/stack.ts";
import type { ParserAssets } from "./parser-assets.ts";
import { createPythonParser, type PythonParser } from "./python/parser.ts";
import type { TypeScriptModule } from "./typescript/module.ts";

/** Parsers that need loading; null for one that was not asked for. */
export interface Parsers {
  readonly python: PythonParser | null;
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

  async forLanguage(language: LanguageId): Promise<Parsers> {
    if (language === "typescript") {
      const { parseTypeScript } = await import("./typescript/outline.ts");
      return { ...NONE, typescript: parseTypeScript };
    }
    if (language !== "python") return NONE;
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
