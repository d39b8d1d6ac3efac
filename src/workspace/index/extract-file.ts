import { hashText } from "../hash.ts";
import type { Gap } from "../ir/entry.ts";
import type { ParsedFile } from "../languages/parsed-file.ts";
import type { ParserShelf, Parsers } from "../languages/parser-shelf.ts";
import type { PythonModule } from "../languages/python/module.ts";
import { parsePython } from "../languages/python/outline.ts";
import { TextLines } from "../languages/text-lines.ts";
import type { TypeScriptModule } from "../languages/typescript/module.ts";
import { rangeOf } from "../source.ts";
import type { LanguageId, Stack } from "../stacks/stack.ts";
import { decode } from "./decode.ts";
import { pack } from "./packed.ts";

/** Facts stay packed until they are resolved: as objects they take ten times the memory of the source. */
export type PackedFacts = Readonly<Record<string, Uint8Array>>;

/** What one file says, as the stacks that read it put it. */
export interface FileFacts {
  readonly uri: string;
  /** `hashText` of the bytes. */
  readonly contentHash: string;
  /** By stack id, as `pack` makes them; a stack that found nothing is absent. */
  readonly facts: PackedFacts;
  /** What could not be read in this file. */
  readonly gaps: readonly Gap[];
  /** False when no stack expected anything of it, so that it was not parsed. */
  readonly parsed: boolean;
}

export type FileOutcome =
  | ({ readonly kind: "facts" } & FileFacts)
  /** The bytes are those of the known hash: what is known of the file holds. */
  | { readonly kind: "unchanged"; readonly uri: string }
  | { readonly kind: "skipped"; readonly uri: string; readonly contentHash: string; readonly reason: string }
  /** It disappeared before it could be read. */
  | { readonly kind: "gone"; readonly uri: string };

/** Runs the stacks over single files. Knows no disk and keeps nothing. */
export class FileExtractor {
  readonly #byLanguage = new Map<LanguageId, readonly Stack[]>();

  constructor(stacks: readonly Stack[]) {
    for (const language of languagesOf(stacks)) {
      const own = stacks.filter((stack) => stack.languages.includes(language));
      this.#byLanguage.set(language, own);
    }
  }

  /** Stacks that may find something in a text: one regular expression each, before anything is parsed. */
  #expecting(language: LanguageId, text: string): readonly Stack[] {
    return (this.#byLanguage.get(language) ?? []).filter(({ marker }) => marker.test(text));
  }

  /** Facts of a file's bytes. A failure of a stack becomes a gap: one odd file must not cost the whole catalog. */
  async extract(
    uri: string,
    language: LanguageId,
    bytes: Uint8Array,
    parsers: ParserShelf,
    knownHash: string | null = null,
  ): Promise<FileOutcome> {
    const contentHash = hashText(bytes);
    if (contentHash === knownHash) return { kind: "unchanged", uri };
    const decoded = decode(bytes);
    if (decoded.kind === "binary") return { kind: "skipped", uri, contentHash, reason: "not text" };
    const { text } = decoded;
    const stacks = this.#expecting(language, text);
    if (stacks.length === 0) return { kind: "facts", uri, contentHash, facts: {}, gaps: [], parsed: false };

    const file = new FileInReading(uri, language, text, await parsers.forText(language, text));
    const facts: Record<string, Uint8Array> = {};
    const gaps: Gap[] = decoded.damaged ? [damaged(uri)] : [];
    for (const stack of stacks) {
      try {
        const found = stack.extract(file);
        if (found !== null) facts[stack.id] = pack(found);
      } catch (error) {
        gaps.push(failed(uri, stack, error));
      }
    }
    const unread = file.syntaxGap();
    if (unread) gaps.push(unread);
    return { kind: "facts", uri, contentHash, facts, gaps, parsed: true };
  }
}

export function languagesOf(stacks: readonly Stack[]): ReadonlySet<LanguageId> {
  return new Set(stacks.flatMap((stack) => stack.languages));
}

class FileInReading implements ParsedFile {
  readonly uri: string;
  readonly language: LanguageId;
  readonly text: string;
  readonly #parsers: Parsers;
  #python: PythonModule | null = null;
  #typescript: TypeScriptModule | null = null;

  constructor(uri: string, language: LanguageId, text: string, parsers: Parsers) {
    this.uri = uri;
    this.language = language;
    this.text = text;
    this.#parsers = parsers;
  }

  python(): PythonModule | null {
    if (this.language !== "python" || !this.#parsers.python) return null;
    this.#python ??= parsePython(this.#parsers.python, this.text);
    return this.#python;
  }

  typescript(): TypeScriptModule | null {
    if (this.language !== "typescript" || !this.#parsers.typescript) return null;
    this.#typescript ??= this.#parsers.typescript(this.text, this.uri);
    return this.#typescript;
  }

  /** Says where the source was not understood; null when all of it was, or nobody parsed it. */
  syntaxGap(): Gap | null {
    const errors = (this.#python ?? this.#typescript)?.errors ?? [];
    const first = errors[0];
    if (!first) return null;
    const places = [...new Set(errors.map((span) => span[0] + 1))];
    const shown = places.slice(0, 5).join(", ") + (places.length > 5 ? ", …" : "");
    return {
      what: `${this.uri}: ${places.length === 1 ? "line" : "lines"} ${shown}`,
      why: `This is not valid ${this.#python ? "Python" : "TypeScript"}; what could be recovered around it was read.`,
      source: { uri: this.uri, range: rangeOf(first), hash: hashText(new TextLines(this.text).slice(first)) },
    };
  }
}

function damaged(uri: string): Gap {
  return {
    what: `${uri}: characters that are not UTF-8`,
    why: "The file is in another encoding or damaged; the unreadable characters were replaced.",
    source: null,
  };
}

function failed(uri: string, stack: Stack, error: unknown): Gap {
  const reason = error instanceof Error ? error.message : String(error);
  return { what: `${uri}: not read for ${stack.title}`, why: `Reading it failed: ${reason}`, source: null };
}
