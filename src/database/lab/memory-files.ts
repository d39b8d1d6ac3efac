import type { PGlite } from "@electric-sql/pglite";
import { EmscriptenBuiltinFilesystem } from "@electric-sql/pglite/basefs";
import type { DataImage } from "./data-image.ts";

/** Where PGlite keeps its data, in its own file system in memory. */
export const DATA_FOLDER = "/pglite/data";

/** A file in Emscripten's MEMFS. `usedBytes` is its size; `contents` may be longer, or shorter (see `VirtualSizes`). */
export interface MemoryFile {
  contents: ArrayBufferView | readonly number[] | null;
  usedBytes: number;
}

/** The part of Emscripten's file system that is used here; PGlite hands it out as `Module.FS`. */
export interface MemoryFileSystem {
  mkdirTree(path: string, mode?: number): void;
  create(path: string, mode?: number): unknown;
  unlink(path: string): void;
  readdir(path: string): string[];
  stat(path: string): { readonly mode: number; readonly size: number };
  isDir(mode: number): boolean;
  lookupPath(path: string): { readonly node: MemoryFile };
  analyzePath(path: string): { readonly exists: boolean };
}

export function fileSystemOf(database: PGlite): MemoryFileSystem {
  return database.Module.FS as unknown as MemoryFileSystem;
}

/** A file system in memory that starts with the files of an image; their bytes are not copied. */
export class ImageFileSystem extends EmscriptenBuiltinFilesystem {
  readonly #image: DataImage;

  constructor(image: DataImage) {
    super();
    this.#image = image;
  }

  override async initialSyncFs(): Promise<void> {
    if (this.pg === undefined) throw new Error("The file system was not initialised.");
    const files = fileSystemOf(this.pg);
    files.mkdirTree(DATA_FOLDER, 0o700);
    for (const folder of this.#image.folders) files.mkdirTree(`${DATA_FOLDER}/${folder}`, 0o700);
    for (const { path, bytes } of this.#image.files) {
      const absolute = `${DATA_FOLDER}/${path}`;
      files.create(absolute, 0o600);
      const { node } = files.lookupPath(absolute);
      node.contents = bytes;
      node.usedBytes = bytes.length;
    }
  }
}

/** Files of a lock, of databases that nobody connects to, and of logs: not worth keeping. */
const LEFT_OUT = /^(?:postmaster\.|base\/[14]\/|pg_stat\/|pg_stat_tmp\/)/;

/**
 * The data directory of a database at rest, after a checkpoint. `lastLog`: the log file in use; older ones hold what the
 * checkpoint has written, newer ones nothing yet.
 */
export function takeImage(files: MemoryFileSystem, label: string, lastLog: string): DataImage {
  const folders: string[] = [];
  const found: { path: string; bytes: Uint8Array }[] = [];
  const walk = (folder: string): void => {
    for (const name of files.readdir(`${DATA_FOLDER}/${folder}`)) {
      if (name === "." || name === "..") continue;
      const path = folder === "" ? name : `${folder}/${name}`;
      const absolute = `${DATA_FOLDER}/${path}`;
      if (files.isDir(files.stat(absolute).mode)) {
        folders.push(path);
        walk(path);
        continue;
      }
      if (LEFT_OUT.test(path) || (/^pg_wal\/[0-9A-F]{24}$/.test(path) && path !== `pg_wal/${lastLog}`))
        continue;
      found.push({ path, bytes: bytesOf(files.lookupPath(absolute).node) });
    }
  };
  walk("");
  return { label, folders, files: found };
}

function bytesOf({ contents, usedBytes }: MemoryFile): Uint8Array {
  if (contents === null) return new Uint8Array(usedBytes);
  // Emscripten keeps a file in whatever it was first written from.
  if (!ArrayBuffer.isView(contents)) return Uint8Array.from(contents.slice(0, usedBytes));
  return new Uint8Array(contents.buffer, contents.byteOffset, usedBytes);
}
