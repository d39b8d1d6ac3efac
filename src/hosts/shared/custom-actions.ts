import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FlowAction } from "../../flows/actions/action.ts";
import {
  type ActionProblem,
  checkCustomActions,
  type ParsedAction,
  parseCustomAction,
} from "../../flows/actions/custom-action.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { namesIn } from "./plain-files.ts";

const FOLDER = ".aksara/actions";
/** A prompt longer than this is no prompt. */
const LARGEST_FILE = 256 * 1024;

export interface CustomActions {
  readonly actions: readonly FlowAction[];
  readonly problems: readonly ActionProblem[];
}

/** Reads the action files of all roots. A workspace without the folder has none. Links are not followed. */
export async function readCustomActions(roots: readonly WorkspaceRoot[]): Promise<CustomActions> {
  const parsed: ParsedAction[] = [];
  for (const root of roots) {
    for (const name of await namesIn(join(root.path, FOLDER), [".md"])) {
      const path = join(root.path, FOLDER, name);
      const uri = `${roots.length > 1 ? `${root.name}/` : ""}${FOLDER}/${name}`;
      const stats = await lstat(path);
      if (!stats.isFile()) continue;
      if (stats.size > LARGEST_FILE) {
        parsed.push({ problem: { uri, line: 0, message: "The file is larger than 256 KB." } });
      } else {
        parsed.push(await parseCustomAction(uri, await readFile(path, "utf8")));
      }
    }
  }
  return checkCustomActions(parsed);
}
