import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import type { ParsedFile } from "../../../../../src/workspace/languages/parsed-file.ts";
import { parsePython } from "../../../../../src/workspace/languages/python/outline.ts";
import {
  createPythonParser,
  type PythonParser,
} from "../../../../../src/workspace/languages/python/parser.ts";
import { compareText } from "../../../../../src/workspace/source.ts";
import type { DjangoFacts } from "../../../../../src/workspace/stacks/django/facts.ts";
import { djangoStack } from "../../../../../src/workspace/stacks/django/stack.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";

const require = createRequire(import.meta.url);
let parser: PythonParser | null = null;

/** What the stack finds in files given as text; facts go through JSON, as they do through the cache. */
export async function readFiles(files: Readonly<Record<string, string>>): Promise<Contribution> {
  return djangoStack.resolve(await factsOf(files));
}

export async function factsOf(
  files: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, DjangoFacts>> {
  parser ??= await createPythonParser({
    treeSitter: require.resolve("web-tree-sitter/web-tree-sitter.wasm"),
    grammars: { python: require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm") },
  });
  const python = parser;
  const facts = new Map<string, DjangoFacts>();
  for (const uri of Object.keys(files).sort(compareText)) {
    const text = files[uri] ?? "";
    if (!djangoStack.marker.test(text)) continue;
    const file: ParsedFile = {
      uri,
      language: "python",
      text,
      python: () => parsePython(python, text),
      typescript: () => null,
    };
    const found = djangoStack.extract(file);
    if (found) facts.set(uri, JSON.parse(JSON.stringify(found)));
  }
  return facts;
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

/** A project with one app `shop` and settings, to put single constructs into. */
export function shop(files: Readonly<Record<string, string>>, settings = ""): Record<string, string> {
  return {
    "manage.py":
      'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\nimport django\n',
    "config/settings.py": `# django\nINSTALLED_APPS = ["shop"]\nROOT_URLCONF = "config.urls"\nDEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n${settings}`,
    ...files,
  };
}
