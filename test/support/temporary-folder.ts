import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** A folder in the system's temporary folder. */
export interface TemporaryFolder {
  readonly folder: string;
  /** Removes it; if nobody does, it goes when this process exits. */
  remove(): Promise<void>;
}

/** What is still to be removed when this process exits. */
const folders = new Set<string>();
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Makes an empty folder whose name begins with `prefix`. */
export async function makeTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `${prefix}-`));
  folders.add(folder);
  return {
    folder,
    remove: async () => {
      folders.delete(folder);
      // A process that was just killed may still be writing its last file.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
