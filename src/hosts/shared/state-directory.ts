import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { hashText } from "../../workspace/hash.ts";
import { isWithin } from "../../workspace/is-within.ts";

/**
 * The one directory that keeps what belongs to a workspace (cache, journals, approvals), the same for every host:
 * `$XDG_STATE_HOME/aksara/<workspace id>` or the platform's equivalent. It is not created here.
 */
export function stateDirectory(roots: readonly string[]): string {
  return join(stateHome(), "aksara", workspaceId(roots));
}

/** What a workspace is called where several are kept: by its folders' real paths. */
export function workspaceId(roots: readonly string[]): string {
  const real = roots.map(realPath).sort();
  const name = basename(real[0] ?? "workspace")
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 40);
  return `${name}-${hashText(real.join("\n"))}`;
}

/** Where traces of runs are kept; null when that would be inside the workspace, which is not ours to write to. */
export function traceFolder(roots: readonly string[]): string | null {
  const folder = join(stateDirectory(roots), "runs");
  return roots.some((root) => isWithin(folder, realPath(root))) ? null : folder;
}

/** Where journals, sessions and approvals of agents are kept; null when that would be inside the workspace. */
export function agentFolder(roots: readonly string[]): string | null {
  const folder = join(stateDirectory(roots), "agent");
  return roots.some((root) => isWithin(folder, realPath(root))) ? null : folder;
}

/** What a person allowed for every workspace. No workspace is called like this: their names end with a hash. */
export function personFolder(roots: readonly string[]): string | null {
  const folder = join(stateHome(), "aksara", "person");
  return roots.some((root) => isWithin(folder, realPath(root))) ? null : folder;
}

function stateHome(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32") return LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support");
  return XDG_STATE_HOME?.startsWith("/") ? XDG_STATE_HOME : join(homedir(), ".local", "state");
}

/** A folder that is gone keeps the name it was given by. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
