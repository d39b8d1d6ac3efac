import { readFile } from "node:fs/promises";
import type { Language, Parser } from "web-tree-sitter";
import { AksaraError } from "../../../errors.ts";
import type { ParserAssets } from "../parser-assets.ts";
import { type SyntaxNode, TreeCopier } from "../syntax-node.ts";
import { isFormatted } from "./string-literal.ts";
import { blank, type Extent, findUnclosedStatements } from "./unclosed.ts";

const PUNCTUATION = ["(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "->", ";"];
const KEYWORDS = [
  "def",
  "class",
  "import",
  "from",
  "for",
  "if",
  "elif",
  "else",
  "with",
  "as",
  "try",
  "except",
];

/**
 * Grammars by path. The runtime is one per thread and never unloads a grammar, so loading one again and again would
 * fill its memory.
 */
const grammars = new Map<string, Promise<Language>>();

/**
 * Loads the runtime and the Python grammar: about 15 ms once per thread. The caller calls `delete()` on the parser.
 * The bytes are read here because a bundled module cannot find its own WASM file.
 */
export async function createPythonParser(assets: ParserAssets): Promise<PythonParser> {
  // Loaded here, so that a host which never reads a Python file never loads it.
  const { Parser: TreeSitterParser } = await import("web-tree-sitter");
  const language = await loadGrammar(assets.treeSitter, assets.grammars.python);
  return new PythonParser(new TreeSitterParser().setLanguage(language), language);
}

async function loadGrammar(runtimePath: string, grammarPath: string): Promise<Language> {
  const known = grammars.get(grammarPath);
  if (known) return await known;
  const loading = (async () => {
    const treeSitter = await import("web-tree-sitter");
    const [runtime, grammar] = await Promise.all([readFile(runtimePath), readFile(grammarPath)]);
    await treeSitter.Parser.init({ wasmBinary: runtime });
    return await treeSitter.Language.load(grammar);
  })();
  grammars.set(grammarPath, loading);
  // A failure, a file that is still being installed for example, may be over at the next attempt.
  loading.catch(() => grammars.delete(grammarPath));
  return await loading;
}

export interface ParsedPython {
  readonly root: SyntaxNode;
  /** What could not be read, in source order. */
  readonly errors: readonly Extent[];
}

/** Turns Python text into syntax nodes. One per thread. */
export class PythonParser {
  readonly #parser: Parser;
  readonly #copier: TreeCopier;

  constructor(parser: Parser, language: Language) {
    this.#parser = parser;
    this.#copier = new TreeCopier(language, {
      ignored: ["comment", "line_continuation"],
      tokens: [...PUNCTUATION, ...KEYWORDS],
      leaves: [
        "identifier",
        "integer",
        "none",
        "true",
        "false",
        "dotted_name",
        "import_prefix",
        "not in",
        "is not",
      ],
      fieldless: [
        "module",
        "block",
        "argument_list",
        "expression_statement",
        "list",
        "tuple",
        "dictionary",
        "type",
      ],
    });
  }

  /**
   * The syntax of a text; never fails on bad source. A statement whose bracket was not closed would swallow what
   * follows it, so it is taken out and reported as an error when the rest is read better without it.
   */
  parse(text: string): ParsedPython {
    const asWritten = this.#parse(text);
    if (asWritten.errors.length === 0) return asWritten;
    const unclosed = findUnclosedStatements(text);
    if (unclosed.length === 0) return asWritten;
    const repaired = this.#parse(blank(text, unclosed));
    if (sizeOf(repaired.errors) >= sizeOf(asWritten.errors)) return asWritten;
    const errors = [...unclosed, ...repaired.errors].sort((a, b) => a.start - b.start);
    return { root: repaired.root, errors };
  }

  #parse(text: string): ParsedPython {
    this.#parser.reset();
    const tree = this.#parser.parse(text);
    if (!tree) throw new AksaraError("RUNTIME_ERROR", "The Python parser gave no tree: it has no grammar.");
    try {
      // A string without interpolation says all by its text.
      const root = this.#copier.copy(
        tree,
        (type, start) => type === "string" && !isFormatted(text.slice(start, start + 4)),
      );
      return { root, errors: tree.rootNode.hasError ? findErrors(root) : [] };
    } finally {
      tree.delete();
    }
  }

  delete(): void {
    this.#parser.delete();
  }
}

/** The outermost nodes that the parser could not read or had to make up. Iterative. */
function findErrors(root: SyntaxNode): readonly Extent[] {
  const errors: Extent[] = [];
  const stack: SyntaxNode[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === "ERROR" || node.missing) errors.push({ start: node.start, end: node.end });
    else stack.push(...node.children.toReversed());
  }
  return errors;
}

function sizeOf(errors: readonly Extent[]): number {
  return errors.reduce((sum, { start, end }) => sum + Math.max(1, end - start), 0);
}
