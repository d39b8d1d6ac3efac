import { Buffer } from "node:buffer";
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
import { pack, unpack } from "./packed.ts";
import type { PackedCatalog } from "./packed-catalog.ts";

/** Where the facts of one stack about one file begin in the file of facts, and how many bytes they are. */
export type StoredFacts = readonly [start: number, length: number];

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
  /** By stack; on the disk until somebody needs them. */
  readonly facts: Readonly<Record<string, Uint8Array | StoredFacts>>;
  readonly gaps: readonly Gap[];
  readonly parsed: boolean;
  /** Why it was left out after a look inside; null when it was read. */
  readonly skipped: string | null;
}

/** What is kept of a workspace between two starts. */
export interface KeptIndex {
  readonly records: readonly FileRecord[];
  /** Of the files that the catalog was made from. */
  readonly fingerprint: string;
  /** Null when it was made by other code. */
  readonly catalog: PackedCatalog | null;
}

export interface LoadedIndex extends KeptIndex {
  /** The file of facts; null when it is damaged or of another time. */
  readonly loadFacts: () => Promise<Uint8Array | null>;
}

/** Changes when records change their shape, or outlines their meaning. */
const FORMAT = 2;

const CHUNK_BYTES = 1_000_000;

const headerShape = z.object({
  key: z.string(),
  code: z.string().nullable(),
  fingerprint: z.string(),
  /** Of the file of facts. */
  facts: z.string(),
  /** Of what follows the header. */
  checksum: z.string(),
  /** Bytes of the records and of each part of the catalog. */
  parts: z.array(z.number()).min(1),
});
type Header = z.infer<typeof headerShape>;

/**
 * What is known of a workspace on disk between two starts, in a folder of the host, never in the workspace. Two files:
 * an index with a record per source file and the catalog, read at every start, and the facts that the catalog was made
 * from, read when a file has changed. The index says which facts belong to it.
 */
export class FactsCache {
  readonly #folder: string;
  readonly #indexPath: string;
  readonly #factsPath: string;
  readonly #key: string;
  readonly #code: string | null;
  /** Checksum of the file of facts as it was last seen or written. */
  #facts = "";

  private constructor(folder: string, name: string, key: string, code: string | null) {
    this.#folder = folder;
    this.#indexPath = join(folder, `index-${name}.bin`);
    this.#factsPath = join(folder, `facts-${name}.bin`);
    this.#key = key;
    this.#code = code;
  }

  /**
   * `roots` tell workspaces apart; stacks, parsers and format are what facts depend on. `code` tells versions of what
   * makes catalogs apart; null: not known, so that catalogs are not kept. Null when the folder lies in the workspace,
   * which is not ours to write to.
   */
  static async open(
    folder: string,
    roots: readonly { readonly name: string; readonly path: string }[],
    stacks: readonly Stack[],
    assets: ParserAssets,
    code: string | null = null,
  ): Promise<FactsCache | null> {
    if (roots.some((root) => isWithin(realPath(folder), realPath(root.path)))) return null;
    const wasm = await Promise.all([assets.treeSitter, assets.grammars.python].map((path) => readFile(path)));
    const versions = stacks.map(({ id, version, marker }) => ({ id, version, marker: marker.source }));
    const key = hashText(
      JSON.stringify({ format: FORMAT, versions, wasm: wasm.map((bytes) => hashText(bytes)) }),
    );
    const name = hashText(JSON.stringify(roots.map(({ name: root, path }) => [root, path])));
    return new FactsCache(folder, name, key, code);
  }

  /** What was saved; null when there is nothing, or it is damaged or of another version. */
  async load(): Promise<LoadedIndex | null> {
    const bytes = await readIfThere(this.#indexPath);
    const end = bytes?.indexOf(10) ?? -1;
    if (!bytes || end === -1) return null;
    const parsed = headerShape.safeParse(parseJson(bytes.toString("utf8", 0, end)));
    if (!parsed.success || parsed.data.key !== this.#key) return null;
    const { checksum, code, facts, fingerprint, parts } = parsed.data;
    const body = bytes.subarray(end + 1);
    if (checksum !== sha256(body)) return null;
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let at = 0;
    for (const length of parts) {
      pieces.push(new Uint8Array(body.subarray(at, at + length)));
      at += length;
    }
    const [records = new Uint8Array(), ...catalog] = pieces;
    this.#facts = facts;
    return {
      // The checksum says that it is as we wrote it, so its shape needs no second look.
      records: unpack(records) as FileRecord[],
      fingerprint,
      catalog: catalog.length > 0 && code !== null && code === this.#code ? catalog : null,
      loadFacts: async () => {
        const stored = await readIfThere(this.#factsPath);
        return stored && sha256(stored) === facts ? stored : null;
      },
    };
  }

  /**
   * Replaces what was saved; a reader sees the old or the new, never a part. The facts of the records are either all
   * at hand or all on the disk.
   */
  async save({ records, fingerprint, catalog }: KeptIndex): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const isStored = records.every(({ facts }) => Object.values(facts).every(Array.isArray));
    const stored = isStored && this.#facts !== "" ? records : await this.#saveFacts(records);
    const parts = [pack(stored), ...(this.#code === null ? [] : (catalog ?? []))];
    const checksum = createHash("sha256");
    for (const part of parts) checksum.update(part);
    const header: Header = {
      key: this.#key,
      code: this.#code,
      fingerprint,
      facts: this.#facts,
      checksum: checksum.digest("hex"),
      parts: parts.map((part) => part.length),
    };
    await replaceFile(this.#indexPath, [Buffer.from(`${JSON.stringify(header)}\n`), ...parts]);
  }

  /** Writes all facts one after the other; the answer is the records with the places of theirs. */
  async #saveFacts(records: readonly FileRecord[]): Promise<readonly FileRecord[]> {
    const parts: Uint8Array[] = [];
    const checksum = createHash("sha256");
    const breather = new Breather();
    const stored: FileRecord[] = [];
    let at = 0;
    for (const record of records) {
      if (breather.isDue()) await breather.pause();
      const places: Record<string, StoredFacts> = {};
      for (const [stack, bytes] of Object.entries(record.facts)) {
        if (!(bytes instanceof Uint8Array)) continue;
        parts.push(bytes);
        checksum.update(bytes);
        places[stack] = [at, bytes.length];
        at += bytes.length;
      }
      stored.push({ ...record, facts: places });
    }
    await replaceFile(this.#factsPath, parts);
    this.#facts = checksum.digest("hex");
    return stored;
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch {
    // Not there on the first start; unreadable is as good as not there, since all of it can be computed again.
    return null;
  }
}

async function replaceFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      let chunk: Uint8Array[] = [];
      let bytes = 0;
      for (const part of parts) {
        chunk.push(part);
        bytes += part.length;
        if (bytes < CHUNK_BYTES) continue;
        await file.writeFile(Buffer.concat(chunk));
        chunk = [];
        bytes = 0;
      }
      await file.writeFile(Buffer.concat(chunk));
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
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
