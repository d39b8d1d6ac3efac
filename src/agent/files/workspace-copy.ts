import { constants } from "node:fs";
import { cp, lstat, mkdir, mkdtemp, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { AksaraError, throwIfCancelled } from "../../errors.ts";
import { isWithin } from "../../workspace/is-within.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** Bytes of a workspace that is copied. */
const LARGEST_COPY = 2 * 1024 ** 3;

export interface WorkspaceCopy {
  /** Where a path of the workspace is in the copy. */
  pathOf(path: string): string;
  /** Removes it. */
  dispose(): Promise<void>;
}

/**
 * A copy of the workspace with the changes that are held back, in the system's temporary folder. Links that lead out of
 * their folder are left out: what is written through them would reach the original.
 * @throws TOOL_NOT_ALLOWED for one that is too large, CANCELLED
 */
export async function copyWorkspace(files: WorkspaceFiles, signal: AbortSignal): Promise<WorkspaceCopy> {
  const base = await mkdtemp(join(tmpdir(), "aksara-sandbox-"));
  const dispose = () => rm(base, { recursive: true, force: true, maxRetries: 3 });
  const roots = files.roots.map((root, at) => ({ from: root.path, to: join(base, String(at)) }));
  const pathOf = (path: string) => {
    const root = roots.find(({ from }) => isWithin(path, from));
    if (!root) throw new AksaraError("PATH_REFUSED", "That is outside of the workspace.");
    return join(root.to, relative(root.from, path));
  };
  try {
    let bytes = 0;
    for (const { from, to } of roots)
      await cp(from, to, {
        recursive: true,
        verbatimSymlinks: true,
        // Shares the blocks where the file system can.
        mode: constants.COPYFILE_FICLONE,
        filter: async (path) => {
          throwIfCancelled(signal);
          const stats = await lstat(path);
          if (stats.isSymbolicLink()) return await staysInside(path, from);
          if (!stats.isFile()) return stats.isDirectory();
          bytes += stats.size;
          if (bytes > LARGEST_COPY)
            throw new AksaraError(
              "TOOL_NOT_ALLOWED",
              "The workspace is too large to be copied for a command.",
              {
                hint: "Say which command the person should run afterwards.",
              },
            );
          return true;
        },
      });
    for (const [uri, content] of files.overlay ?? []) {
      const target = pathOf((await files.place(uri)).path);
      if (content === null) await rm(target, { force: true });
      else {
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, content);
      }
    }
    return { pathOf, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function staysInside(link: string, root: string): Promise<boolean> {
  const target = await readlink(link);
  return !isAbsolute(target) && isWithin(resolve(dirname(link), target), root);
}
