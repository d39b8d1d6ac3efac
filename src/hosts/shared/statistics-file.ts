import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Statistics } from "../../database/statistics/statistics.ts";
import { STATISTICS_FILE } from "../../database/statistics/statistics-name.ts";
import { isAksaraError } from "../../errors.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";

/** What the workspace says about the size of its database. */
export interface WorkspaceStatistics {
  /** Null when there is no file, or one that is not valid. */
  readonly statistics: Statistics | null;
  /** What is wrong with the file; null when nothing is. */
  readonly problem: string | null;
}

const NONE: WorkspaceStatistics = { statistics: null, problem: null };

/** Reads the statistics of the first folder that has some. */
export async function readWorkspaceStatistics(roots: readonly WorkspaceRoot[]): Promise<WorkspaceStatistics> {
  for (const { path } of roots) {
    const text = await readText(join(path, STATISTICS_FILE));
    if (text === null) continue;
    const { parseStatistics } = await import("../../database/statistics/statistics-file.ts");
    try {
      return { statistics: parseStatistics(text), problem: null };
    } catch (error) {
      if (!isAksaraError(error)) throw error;
      return { statistics: null, problem: error.message };
    }
  }
  return NONE;
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch {
    // Absent, a folder, not readable: all the same to a plan, which then says that it guesses.
    return null;
  }
}
