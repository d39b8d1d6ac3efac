import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { throwIfCancelled } from "../../errors.ts";
import { IgnoreRules } from "../../workspace/index/ignore-rules.ts";
import { reasonToSkipByName } from "../../workspace/index/skipped-folders.ts";
import { compareText } from "../../workspace/source.ts";
import { holdsSecrets } from "./path-policy.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** Entries looked at before a walk gives up: a folder that large is not read by listing it. */
const MOST_ENTRIES = 200_000;

export interface WalkedEntry {
  readonly uri: string;
  readonly kind: "file" | "folder";
}

export interface FileWalk {
  readonly entries: readonly WalkedEntry[];
  /** Files that may hold secrets, and are not named. */
  readonly secrets: number;
  /** There was more than is looked at. */
  readonly cut: boolean;
}

interface Folder {
  readonly uri: string;
  readonly path: string;
  readonly depth: number;
  readonly ignores: readonly { readonly base: string; readonly rules: IgnoreRules }[];
}

/**
 * What lies below a folder, in bytewise order, without what ignore files name, dependencies, version control, links,
 * and files that may hold secrets. `depth` 1 is the folder's own entries.
 * @throws PATH_REFUSED, SECRET_REFUSED, CANCELLED
 */
export async function walkFiles(
  files: WorkspaceFiles,
  start: string,
  depth: number,
  signal: AbortSignal,
): Promise<FileWalk> {
  const place = await files.place(start === "" ? "." : start);
  const entries: WalkedEntry[] = [];
  let secrets = 0;
  let looked = 0;
  const open: Folder[] = [{ uri: place.uri, path: place.path, depth: 0, ignores: [] }];
  for (let folder = open.pop(); folder; folder = open.pop()) {
    throwIfCancelled(signal);
    const ignores = [...folder.ignores, ...(await ignoreFiles(folder))];
    // A folder that is gone, or may not be read, holds nothing for us.
    const found = await readdir(folder.path, { withFileTypes: true }).catch(() => []);
    for (const entry of found) {
      if (++looked > MOST_ENTRIES) return { entries: sorted(entries), secrets, cut: true };
      const isFolder = entry.isDirectory();
      if (!isFolder && !entry.isFile()) continue;
      const uri = folder.uri === "" ? entry.name : `${folder.uri}/${entry.name}`;
      if (isIgnored(uri, isFolder, ignores) || (isFolder && reasonToSkipByName(entry.name) !== null))
        continue;
      if (holdsSecrets(isFolder ? `${uri}/x` : uri)) {
        secrets++;
        continue;
      }
      entries.push({ uri, kind: isFolder ? "folder" : "file" });
      if (isFolder && folder.depth + 1 < depth)
        open.push({ uri, path: join(folder.path, entry.name), depth: folder.depth + 1, ignores });
    }
  }
  return { entries: sorted(entries), secrets, cut: false };
}

async function ignoreFiles(
  folder: Folder,
): Promise<readonly { readonly base: string; readonly rules: IgnoreRules }[]> {
  const found: { base: string; rules: IgnoreRules }[] = [];
  for (const name of [".gitignore", ".aksaraignore"]) {
    const text = await readFile(join(folder.path, name), "utf8").catch(() => null);
    if (text !== null) found.push({ base: folder.uri, rules: new IgnoreRules(text) });
  }
  return found;
}

function isIgnored(uri: string, isFolder: boolean, ignores: Folder["ignores"]): boolean {
  for (const { base, rules } of [...ignores].reverse()) {
    const decided = rules.decide(base === "" ? uri : uri.slice(base.length + 1), isFolder);
    if (decided !== null) return decided;
  }
  return false;
}

function sorted(entries: readonly WalkedEntry[]): readonly WalkedEntry[] {
  return [...entries].sort((a, b) => compareText(a.uri, b.uri));
}
