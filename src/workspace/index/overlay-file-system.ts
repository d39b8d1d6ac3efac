import { basename, dirname, join } from "node:path";
import type { FileSystem } from "./file-system.ts";
import { nodeFileSystem } from "./node-file-system.ts";

/**
 * The disk with some files as they would be: by absolute path, each with its content. Nothing is written. Folders that
 * only such files make are there too.
 */
export function overlayFileSystem(files: ReadonlyMap<string, Uint8Array>): FileSystem {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  const isOnDisk = (path: string): boolean => {
    try {
      nodeFileSystem.stat(path);
      return true;
    } catch {
      return false;
    }
  };
  return {
    // A worker would read the disk.
    isLocal: false,
    list: (folder) => {
      const entries = folders.has(folder) && !isOnDisk(folder) ? [] : [...syncList(folder)];
      const known = new Set(entries.map(({ name }) => name));
      const add = (path: string, kind: "file" | "folder"): void => {
        const name = basename(path);
        if (dirname(path) !== folder || path === folder || known.has(name)) return;
        known.add(name);
        entries.push({ name, kind, isSymlink: false });
      };
      for (const path of files.keys()) add(path, "file");
      for (const path of folders) add(path, "folder");
      return entries;
    },
    stat: (path) => {
      const content = files.get(path);
      if (content) return { size: content.length, mtimeMs: 1, changedMs: 1, kind: "file", isSymlink: false };
      if (folders.has(path) && !isOnDisk(path))
        return { size: 0, mtimeMs: 1, changedMs: 1, kind: "folder", isSymlink: false };
      return nodeFileSystem.stat(path);
    },
    readBytes: (path) => files.get(path) ?? nodeFileSystem.readBytes(path),
    realPath: (path) =>
      files.has(path) || (folders.has(path) && !isOnDisk(path)) ? path : nodeFileSystem.realPath(path),
    join,
  };
}

function syncList(folder: string) {
  const entries = nodeFileSystem.list(folder);
  if (entries instanceof Promise) throw new TypeError("the disk is read synchronously");
  return entries;
}
