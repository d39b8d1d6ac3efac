import { cp } from "node:fs/promises";
import path from "node:path";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** A workspace that a test may write in. */
export interface WorkspaceCopy {
  /** Absolute path; the folder bears the name of its source. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** Copies a workspace into a temporary folder. */
export async function copyWorkspace(source: string): Promise<WorkspaceCopy> {
  const temporary = await makeTemporaryFolder("workspace");
  const folder = path.join(temporary.folder, path.basename(source));
  await cp(source, folder, { recursive: true });
  return { folder, remove: temporary.remove };
}
