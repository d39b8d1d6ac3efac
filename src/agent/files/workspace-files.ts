import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { AksaraError } from "../../errors.ts";
import { sha256 } from "../../workspace/hash.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { isProtected, type Place, placeOf } from "./path-policy.ts";

/** Larger files are data. */
const LARGEST_FILE = 4 * 1024 * 1024;

export interface FileContent {
  readonly uri: string;
  readonly bytes: Buffer;
  /** SHA-256 of the bytes. */
  readonly hash: string;
}

/** Contents that are not on the disk, by uri; null for a file that is to be deleted. */
export type HeldBack = Map<string, Buffer | null>;

/**
 * The files of the workspace as tools see them. Each path is judged when it is used. Remembers what the model has read
 * of each file: edits are made against that.
 */
export class WorkspaceFiles {
  readonly roots: readonly WorkspaceRoot[];
  readonly #seen = new Map<string, string>();
  /** Null: none are held back. */
  readonly #overlay: HeldBack | null;

  /** `overlay`: changes are held back from the disk (sandbox), in a set of its own or in a given one. */
  constructor(roots: readonly WorkspaceRoot[], overlay: boolean | HeldBack) {
    this.roots = roots;
    this.#overlay = overlay === true ? new Map() : overlay || null;
  }

  /** @throws PATH_REFUSED, SECRET_REFUSED */
  place(given: string): Promise<Place> {
    return placeOf(this.roots, given);
  }

  isProtected(uri: string): boolean {
    return isProtected(uri, this.roots);
  }

  /** What the model saw of a file when it last read it, as a hash; null when it has not. */
  seen(uri: string): string | null {
    return this.#seen.get(uri) ?? null;
  }

  /** The model knows this content of a file now. */
  noteSeen(uri: string, hash: string): void {
    this.#seen.set(uri, hash);
  }

  get overlay(): ReadonlyMap<string, Buffer | null> | null {
    return this.#overlay;
  }

  /** Holds a content back from the disk. */
  holdBack(uri: string, content: Buffer | null): void {
    this.#overlay?.set(uri, content);
  }

  /** A file as it is now; null when there is none. @throws PATH_REFUSED, SECRET_REFUSED */
  async find(given: string): Promise<FileContent | null> {
    const place = await this.place(given);
    const held = this.#overlay?.get(place.uri);
    if (held !== undefined) return held && { uri: place.uri, bytes: held, hash: sha256(held) };
    if (!place.exists) return null;
    const bytes = await readRegularFile(place, given);
    return { uri: place.uri, bytes, hash: sha256(bytes) };
  }

  /** @throws PATH_REFUSED, SECRET_REFUSED, and CONTEXT_NOT_FOUND when there is no such file */
  async read(given: string): Promise<FileContent> {
    const found = await this.find(given);
    if (found) return found;
    throw new AksaraError("CONTEXT_NOT_FOUND", `There is no file ${JSON.stringify(given)}.`, {
      hint: "list_files shows what there is.",
    });
  }
}

/** The bytes of a plain file. What lies there is looked at again after it was opened: a link may have taken its place. */
async function readRegularFile(place: Place, given: string): Promise<Buffer> {
  const refuse = (why: string, cause?: unknown) =>
    new AksaraError("PATH_REFUSED", `${JSON.stringify(given)} cannot be read: ${why}.`, { cause });
  const kind = await lstat(place.path).catch(() => null);
  if (kind?.isDirectory()) throw refuse("it is a folder");
  // Opening a pipe or a device may wait for ever.
  if (!kind?.isFile()) throw refuse("it is not a plain file");
  const file = await open(place.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: Error) => {
      throw refuse(error.message, error);
    },
  );
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw refuse("it is not a plain file");
    if (stats.size > LARGEST_FILE) throw refuse(`it is larger than ${LARGEST_FILE / 1024 / 1024} MB`);
    if ((await realpath(place.path)) !== place.path) throw refuse("it changed its place while it was opened");
    return await file.readFile();
  } catch (error) {
    if (error instanceof AksaraError) throw error;
    throw refuse(error instanceof Error ? error.message : String(error), error);
  } finally {
    await file.close();
  }
}
