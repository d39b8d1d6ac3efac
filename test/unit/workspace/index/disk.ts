import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FileSystem } from "../../../../src/workspace/index/file-system.ts";
import { MemoryFileSystem } from "../../../../src/workspace/index/memory-file-system.ts";
import { nodeFileSystem } from "../../../../src/workspace/index/node-file-system.ts";
import { makeTemporaryFolder } from "../../../support/temporary-folder.ts";

/** A place to put files in, on the disk or in memory: what a test does to it is the same. */
export interface Disk {
  readonly title: string;
  readonly fileSystem: FileSystem;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  write(path: string, content: string | Uint8Array): void;
  createFolder(path: string): void;
  link(path: string, target: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  /** Takes the permission to read away. */
  forbid(path: string): void;
  dispose(): Promise<void>;
}

/** Both kinds, for suites that must hold for each. */
export const DISKS: readonly {
  readonly title: string;
  readonly open: () => Promise<Disk>;
  /** An administrator may read everything on a real disk. */
  readonly canForbid: boolean;
}[] = [
  { title: "on the disk", open: openRealDisk, canForbid: process.getuid?.() !== 0 },
  { title: "in memory", open: openMemoryDisk, canForbid: true },
];

export async function openRealDisk(): Promise<Disk> {
  const temporary = await makeTemporaryFolder("aksara-index");
  const root = join(temporary.folder, "workspace");
  mkdirSync(root);
  const at = (path: string): string => join(root, path);
  return {
    title: "on the disk",
    fileSystem: nodeFileSystem,
    root,
    write: (path, content) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
    },
    createFolder: (path) => mkdirSync(at(path), { recursive: true }),
    link: (path, target) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      symlinkSync(target, at(path));
    },
    remove: (path) => rmSync(at(path), { recursive: true }),
    rename: (from, to) => {
      mkdirSync(dirname(at(to)), { recursive: true });
      renameSync(at(from), at(to));
    },
    forbid: (path) => chmodSync(at(path), 0),
    dispose: () => temporary.remove(),
  };
}

export async function openMemoryDisk(): Promise<Disk> {
  const fileSystem = new MemoryFileSystem();
  const root = "/somewhere/workspace";
  fileSystem.createFolder(root);
  const at = (path: string): string => (path === "" ? root : `${root}/${path}`);
  return {
    title: "in memory",
    fileSystem,
    root,
    write: (path, content) => fileSystem.write(at(path), content),
    createFolder: (path) => fileSystem.createFolder(at(path)),
    link: (path, target) => fileSystem.link(at(path), target),
    remove: (path) => fileSystem.remove(at(path)),
    rename: (from, to) => fileSystem.rename(at(from), at(to)),
    forbid: (path) => fileSystem.forbid(at(path)),
    dispose: async () => {},
  };
}
