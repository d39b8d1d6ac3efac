import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { EMPTY_HUB } from "../../execution/hub/ai-hub.ts";
import { type ParsedHub, parseAiHub } from "../../execution/hub/parse-ai-hub.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";

const FILE = ".aksara/aihub.json";
const LARGEST_FILE = 256 * 1024;

/** The hub of a workspace: the file of the first root that has one. Links are not followed; nothing is written. */
export async function readAiHub(roots: readonly WorkspaceRoot[]): Promise<ParsedHub> {
  for (const root of roots) {
    const path = join(root.path, FILE);
    const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
      throw error;
    });
    if (!stats) continue;
    const uri = `${roots.length > 1 ? `${root.name}/` : ""}${FILE}`;
    if (!stats.isFile()) return refused(uri, "This is not a plain file, so it is not read.");
    if (stats.size > LARGEST_FILE) return refused(uri, "The file is larger than 256 KB.");
    return await parseAiHub(uri, await readFile(path, "utf8"));
  }
  return { hub: EMPTY_HUB, problems: [] };
}

function refused(uri: string, message: string): ParsedHub {
  return { hub: EMPTY_HUB, problems: [{ uri, line: 0, severity: "error", message }] };
}
