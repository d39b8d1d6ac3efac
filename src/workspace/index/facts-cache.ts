import { createHash, randomBytes } from "node:crypto";
import { realpathSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { hashText, sha256 } from "../hash.ts";
import type { Gap } from "../ir/entry.ts";
import { isWithin } from "../is-within.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import type { Stack } from "../stacks/stack.ts";
import { Breather } from "./breather.ts";

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

const CHUNK_CHARACTERS = 500_000;

const trailerShape = z.object({ key: z.string(), checksum: z.string() });

/**
 * Facts on disk between two starts, in a folder of the host, never in the workspace. One file per workspace: a
 * line of JSON per source file, then one that says of which version they are and whether they are whole.
 */
export class FactsCache {
  readonly #folder: string;
  readonly #path: string;
  readonly #key: string;

  private constructor(folder: string, path: string, key: string) {
    this.#folder = folder;
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
    const name = `facts-${hashText(JSON.stringify(roots.map(({ name: root, path }) => [root, path])))}.jsonl`;
    return new FactsCache(folder, join(folder, name), key);
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
    const end = text.lastIndexOf("\n") + 1;
    const trailer = trailerShape.safeParse(parseJson(text.slice(end)));
    if (!trailer.success || trailer.data.key !== this.#key) return [];
    const body = text.slice(0, end);
    if (trailer.data.checksum !== sha256(body)) return [];
    // The checksum says that the records are as we wrote them, so their shape needs no second look.
    const records: FileRecord[] = [];
    const breather = new Breather();
    for (let at = 0; at < body.length; ) {
      if (breather.isDue()) await breather.pause();
      const next = body.indexOf("\n", at);
      records.push(JSON.parse(body.slice(at, next)));
      at = next + 1;
    }
    return records;
  }

  /** Replaces what was saved; a reader sees the old or the new, never a part. */
  async save(records: Iterable<FileRecord>): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      await this.#write(temporary, records);
      await rename(temporary, this.#path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #write(path: string, records: Iterable<FileRecord>): Promise<void> {
    const file = await open(path, "wx", 0o600);
    try {
      const checksum = createHash("sha256");
      const breather = new Breather();
      let chunk = "";
      const flush = async (): Promise<void> => {
        checksum.update(chunk);
        await file.writeFile(chunk);
        chunk = "";
      };
      for (const record of records) {
        if (breather.isDue()) await breather.pause();
        chunk += `${JSON.stringify(record)}\n`;
        if (chunk.length >= CHUNK_CHARACTERS) await flush();
      }
      await flush();
      const trailer: z.infer<typeof trailerShape> = { key: this.#key, checksum: checksum.digest("hex") };
      await file.writeFile(JSON.stringify(trailer));
    } finally {
      await file.close();
    }
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
