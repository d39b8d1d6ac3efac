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

/** Makes an empty folder whose name begins with `prefix`. */
export async function makeTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `${prefix}-`));
  const atExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", atExit);
  return {
    folder,
    remove: async () => {
      process.off("exit", atExit);
      // A process that was just killed may still be writing its last file.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
