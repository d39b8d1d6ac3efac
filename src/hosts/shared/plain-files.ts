import { lstat, readdir, readFile } from "node:fs/promises";
import { compareText } from "../../workspace/source.ts";

/** A file of the workspace that may be read; `text` is null where it may not, and `why` says the reason. */
export type PlainFile =
  | { readonly text: string; readonly why: "" }
  | { readonly text: null; readonly why: string };

/** Reads a file; null when there is none. Links are not followed, and what is larger than `megabytes` is not read. */
export async function readPlainFile(path: string, megabytes: number): Promise<PlainFile | null> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return { text: null, why: "This is not a plain file, so it is not read." };
    if (stats.size > megabytes * 1024 * 1024)
      return { text: null, why: `The file is larger than ${megabytes} MB.` };
    return { text: await readFile(path, "utf8"), why: "" };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === undefined) throw error;
    return { text: null, why: `The file cannot be read: ${message}` };
  }
}

/** Names in a folder that end as wanted, in bytewise order; none where there is no such folder. */
export async function namesIn(folder: string, endings: readonly string[]): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => endings.some((ending) => name.endsWith(ending))).sort(compareText);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
