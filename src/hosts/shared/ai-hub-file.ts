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
    const uri = `${roots.length > 1 ? `${root.name}/` : ""}${FILE}`;
    try {
      return await readHubFile(join(root.path, FILE), uri);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code !== "ENOENT" && code !== "ENOTDIR") return refused(uri, `The file cannot be read: ${message}`);
    }
  }
  return { hub: EMPTY_HUB, problems: [] };
}

/** @throws the error of the file system */
async function readHubFile(path: string, uri: string): Promise<ParsedHub> {
  const stats = await lstat(path);
  if (!stats.isFile()) return refused(uri, "This is not a plain file, so it is not read.");
  if (stats.size > LARGEST_FILE) return refused(uri, "The file is larger than 256 KB.");
  return await parseAiHub(uri, await readFile(path, "utf8"));
}

function refused(uri: string, message: string): ParsedHub {
  return { hub: EMPTY_HUB, problems: [{ uri, line: 0, severity: "error", message }] };
}
