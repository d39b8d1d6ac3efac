export type EntryKind = "file" | "folder" | "other";

export interface FolderEntry {
  readonly name: string;
  /** Of the entry itself: a link is `other`. */
  readonly kind: EntryKind;
  readonly isSymlink: boolean;
}

export interface FileStat {
  /** Bytes. */
  readonly size: number;
  /** Last change of the content, in milliseconds since 1970, with fractions where the system has them. */
  readonly mtimeMs: number;
  /** Last change of content or metadata; equals `mtimeMs` where the system has no such time. */
  readonly changedMs: number;
  /** Of what a link leads to. */
  readonly kind: EntryKind;
  readonly isSymlink: boolean;
}

export type Eventually<T> = T | Promise<T>;

/**
 * What reading a workspace needs. Paths are absolute, in the form of the implementation's platform.
 * Every method throws an `Error` with a `code` (`ENOENT`, `EACCES`, `ENOTDIR`, …) as Node does.
 */
export interface FileSystem {
  /** Whether a worker thread can read the same paths with `node:fs`. */
  readonly isLocal: boolean;
  /** Unordered. */
  list(folder: string): Eventually<readonly FolderEntry[]>;
  stat(path: string): Eventually<FileStat>;
  readBytes(path: string): Eventually<Uint8Array>;
  /** The path with every link resolved. */
  realPath(path: string): Eventually<string>;
  join(folder: string, ...names: readonly string[]): string;
}

/** Whether an error says that there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** The system's error code; "" when the error has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
