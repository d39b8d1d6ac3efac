import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import type { ParsedFile } from "../../../../src/workspace/languages/parsed-file.ts";
import { parsePython } from "../../../../src/workspace/languages/python/outline.ts";
import { createPythonParser, type PythonParser } from "../../../../src/workspace/languages/python/parser.ts";
import { mergeContributions } from "../../../../src/workspace/merge.ts";
import { compareText } from "../../../../src/workspace/source.ts";
import type { Contribution, Stack } from "../../../../src/workspace/stacks/stack.ts";

const require = createRequire(import.meta.url);
let parser: PythonParser | null = null;

export type Files = Readonly<Record<string, string>>;

/** Facts of one stack, the way the index makes them: marker, extract, JSON. */
export async function factsOf<F>(stack: Stack<F>, files: Files): Promise<ReadonlyMap<string, F>> {
  parser ??= await createPythonParser({
    treeSitter: require.resolve("web-tree-sitter/web-tree-sitter.wasm"),
    grammars: { python: require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm") },
  });
  const python = parser;
  const facts = new Map<string, F>();
  for (const uri of Object.keys(files).sort(compareText)) {
    const text = files[uri] ?? "";
    if (!stack.marker.test(text)) continue;
    const file: ParsedFile = {
      uri,
      language: "python",
      text,
      python: () => parsePython(python, text),
      typescript: () => null,
    };
    const found = stack.extract(file);
    if (found !== null) facts.set(uri, JSON.parse(JSON.stringify(found)));
  }
  return facts;
}

/** What one stack finds in files given as text. */
export async function readFiles<F>(stack: Stack<F>, files: Files): Promise<Contribution> {
  return stack.resolve(await factsOf(stack, files));
}

/** What several stacks find together, put together as the catalog does. */
export async function readTogether(stacks: readonly Stack[], files: Files): Promise<Contribution> {
  const found: Contribution[] = [];
  for (const stack of stacks) found.push(await readFiles(stack, files));
  return mergeContributions(found);
}

/** Python files of a folder by path relative to it. */
export function filesOf(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".py")) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join("/")] = readFileSync(path, "utf8");
  }
  return files;
}

/** Lines that stand in one list only, so that a failure names them. */
export function differences(found: Iterable<string>, wanted: Iterable<string>): readonly string[] {
  const a = new Set(found);
  const b = new Set(wanted);
  return [
    ...[...b].filter((line) => !a.has(line)).map((line) => `missing: ${line}`),
    ...[...a].filter((line) => !b.has(line)).map((line) => `invented: ${line}`),
  ].sort();
}
