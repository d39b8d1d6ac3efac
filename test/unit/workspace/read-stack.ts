import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ParsedFile } from "../../../src/workspace/languages/parsed-file.ts";
import { parseTypeScript } from "../../../src/workspace/languages/typescript/outline.ts";
import { compareText } from "../../../src/workspace/source.ts";
import type { Contribution, LanguageId, Stack } from "../../../src/workspace/stacks/stack.ts";

const LANGUAGES: Readonly<Record<string, LanguageId>> = {
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  cts: "typescript",
  js: "typescript",
  jsx: "typescript",
  mjs: "typescript",
  cjs: "typescript",
  prisma: "prisma",
  json: "json",
  sql: "sql",
};

export type Texts = Readonly<Record<string, string>>;

/** Runs one stack over texts by uri, the way the index does: marker, extract, JSON, resolve. */
export function readStack<F>(stack: Stack<F>, texts: Texts): Contribution {
  const facts = new Map<string, F>();
  for (const uri of Object.keys(texts).sort(compareText)) {
    const text = texts[uri] ?? "";
    const language = LANGUAGES[uri.slice(uri.lastIndexOf(".") + 1)];
    if (!language || !stack.languages.includes(language) || !stack.marker.test(text)) continue;
    const fact = stack.extract(parsedFile(uri, language, text));
    // Facts come from workers: what cannot be cloned would end the reading of the whole workspace.
    if (fact !== null) facts.set(uri, JSON.parse(JSON.stringify(structuredClone(fact))));
  }
  return stack.resolve(facts);
}

function parsedFile(uri: string, language: LanguageId, text: string): ParsedFile {
  return {
    uri,
    language,
    text,
    python: () => null,
    typescript: () => (language === "typescript" ? parseTypeScript(text, uri) : null),
  };
}

/** The files of a folder under test/workspaces, by uri. */
export function sampleTexts(name: string): Texts {
  return folderTexts(join(import.meta.dirname, "../../workspaces", name));
}

export function folderTexts(folder: string): Texts {
  const texts: Record<string, string> = {};
  const pattern = "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,prisma,json,sql}";
  for (const uri of globSync(pattern, { cwd: folder, exclude: (path) => path.includes("node_modules") })) {
    const path = join(folder, uri);
    if (statSync(path).isFile()) texts[uri] = readFileSync(path, "utf8");
  }
  return texts;
}

/** The ground truth beside a sample workspace. */
export function expectedOf(name: string): unknown {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, "../../workspaces", `${name}.expected.json`), "utf8"),
  );
}
