import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { languageOf } from "../../../../../src/workspace/languages/language-of.ts";
import { parsePython } from "../../../../../src/workspace/languages/python/outline.ts";
import {
  createPythonParser,
  type PythonParser,
} from "../../../../../src/workspace/languages/python/parser.ts";
import { parseTypeScript } from "../../../../../src/workspace/languages/typescript/outline.ts";
import { compareText } from "../../../../../src/workspace/source.ts";
import type { SqlFacts } from "../../../../../src/workspace/stacks/sql/facts.ts";
import { sqlStack } from "../../../../../src/workspace/stacks/sql/stack.ts";
import type { Contribution, LanguageId } from "../../../../../src/workspace/stacks/stack.ts";
import { TEST_ASSETS } from "../../languages/parser-assets.ts";

/** Runs the SQL stack over texts by uri as the index does: marker, extract, JSON, resolve. */
export class SqlReader {
  readonly #python: PythonParser;

  private constructor(python: PythonParser) {
    this.#python = python;
  }

  static async create(): Promise<SqlReader> {
    return new SqlReader(await createPythonParser(TEST_ASSETS));
  }

  read(texts: Readonly<Record<string, string>>): Contribution {
    return sqlStack.resolve(this.facts(texts));
  }

  facts(texts: Readonly<Record<string, string>>): ReadonlyMap<string, SqlFacts> {
    const facts = new Map<string, SqlFacts>();
    for (const uri of Object.keys(texts).sort(compareText)) {
      const text = texts[uri] ?? "";
      const language = languageOf(uri);
      if (!language || !sqlStack.languages.includes(language) || !sqlStack.marker.test(text)) continue;
      const fact = sqlStack.extract(this.#file(uri, language, text));
      if (fact !== null) facts.set(uri, JSON.parse(JSON.stringify(fact)));
    }
    return facts;
  }

  delete(): void {
    this.#python.delete();
  }

  #file(uri: string, language: LanguageId, text: string) {
    return {
      uri,
      language,
      text,
      python: () => (language === "python" ? parsePython(this.#python, text) : null),
      typescript: () => (language === "typescript" ? parseTypeScript(text, uri) : null),
    };
  }
}

/** The files of a sample workspace, by uri. */
export function sampleTexts(name: string): Readonly<Record<string, string>> {
  const folder = join(import.meta.dirname, "../../../../workspaces", name);
  const texts: Record<string, string> = {};
  for (const uri of globSync("**/*", { cwd: folder, exclude: (path) => path.includes("node_modules") })) {
    const path = join(folder, uri);
    if (languageOf(uri) && statSync(path).isFile()) texts[uri] = readFileSync(path, "utf8");
  }
  return texts;
}
