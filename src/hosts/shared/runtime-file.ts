import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ParsedRuntimeFile, parseRuntimeFile } from "../../harness/runtime-file.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";

const FILES = [".aksara/runtime.json", ".aksara/runtime.yaml", ".aksara/runtime.yml"] as const;
const LARGEST_FILE = 1024 * 1024;

/**
 * The runtime that a workspace describes: the file of the first root that has one; null when none has. Links are not
 * followed; nothing is written.
 */
export async function readRuntimeFile(roots: readonly WorkspaceRoot[]): Promise<ParsedRuntimeFile | null> {
  for (const root of roots) {
    const found: { readonly uri: string; readonly text: string | null; readonly why: string }[] = [];
    for (const file of FILES) {
      const uri = `${roots.length > 1 ? `${root.name}/` : ""}${file}`;
      const read = await readPlainFile(join(root.path, file));
      if (read !== null) found.push({ uri, ...read });
    }
    const [first, second] = found;
    if (!first) continue;
    if (second) return refused(second.uri, `There is ${first.uri} already: a workspace has one runtime.`);
    return first.text === null
      ? refused(first.uri, first.why)
      : await parseRuntimeFile(first.uri, first.text);
  }
  return null;
}

/** Null when there is none. */
async function readPlainFile(path: string): Promise<{ text: string | null; why: string } | null> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return { text: null, why: "This is not a plain file, so it is not read." };
    if (stats.size > LARGEST_FILE) return { text: null, why: "The file is larger than 1 MB." };
    return { text: await readFile(path, "utf8"), why: "" };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === undefined) throw error;
    return { text: null, why: `The file cannot be read: ${message}` };
  }
}

function refused(uri: string, message: string): ParsedRuntimeFile {
  return { spec: null, problems: [{ uri, line: 0, message }] };
}
