import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { writeAtomically } from "../../write-atomically.ts";
import { hashText, sha256 } from "../hash.ts";
import type { Gap } from "../ir/entry.ts";
import { isWithin } from "../is-within.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import type { Stack } from "../stacks/stack.ts";

/** What is known of a file, and by which signs it is known to be unchanged. */
export interface FileRecord {
  readonly uri: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly changedMs: number;
  /** When it was read, in milliseconds since 1970. */
  readonly readAt: number;
  /** "" when it could not be read. */
  readonly contentHash: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly gaps: readonly Gap[];
  readonly parsed: boolean;
  /** Why it was left out after a look inside; null when it was read. */
  readonly skipped: string | null;
}

/** Changes when records change their shape, or outlines their meaning. */
const FORMAT = 1;

const headerShape = z.object({ key: z.string(), checksum: z.string() });

/**
 * Facts on disk between two starts, in a folder of the host, never in the workspace. One file per workspace: a header
 * line, then a JSON array with a line per source file.
 */
export class FactsCache {
  readonly #path: string;
  readonly #key: string;

  private constructor(path: string, key: string) {
    this.#path = path;
    this.#key = key;
  }

  /**
   * `roots` tell workspaces apart; stacks, parsers and format are what facts depend on. Null when the folder lies in
   * the workspace, which is not ours to write to.
   */
  static async open(
    folder: string,
    roots: readonly { readonly name: string; readonly path: string }[],
    stacks: readonly Stack[],
    assets: ParserAssets,
  ): Promise<FactsCache | null> {
    if (roots.some((root) => isWithin(realPath(folder), realPath(root.path)))) return null;
    const wasm = await Promise.all([assets.treeSitter, assets.grammars.python].map((path) => readFile(path)));
    const versions = stacks.map(({ id, version, marker }) => ({ id, version, marker: marker.source }));
    const key = hashText(
      JSON.stringify({ format: FORMAT, versions, wasm: wasm.map((bytes) => hashText(bytes)) }),
    );
    const name = `facts-${hashText(JSON.stringify(roots.map(({ name: root, path }) => [root, path])))}.json`;
    return new FactsCache(join(folder, name), key);
  }

  /** The records that were saved; none when there are none, or they are damaged or of another version. */
  async load(): Promise<readonly FileRecord[]> {
    let text: string;
    try {
      text = await readFile(this.#path, "utf8");
    } catch {
      // Not there on the first start; unreadable is as good as not there, since all of it can be computed again.
      return [];
    }
    const end = text.indexOf("\n");
    const header = headerShape.safeParse(parseJson(text.slice(0, end)));
    const body = text.slice(end + 1);
    if (!header.success || header.data.key !== this.#key || header.data.checksum !== sha256(body)) return [];
    // The checksum says that the records are as we wrote them, so their shape needs no second look.
    return JSON.parse(body);
  }

  /** Replaces what was saved; a reader sees the old or the new, never a part. */
  async save(records: Iterable<FileRecord>): Promise<void> {
    const lines: string[] = [];
    for (const record of records) lines.push(JSON.stringify(record));
    const body = `[${lines.join(",\n")}]`;
    const header = JSON.stringify({ key: this.#key, checksum: sha256(body) });
    await writeAtomically(this.#path, `${header}\n${body}`);
  }
}

/** With links resolved as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
