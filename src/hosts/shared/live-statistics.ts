import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ReadStatistics } from "../../database/live/read-statistics.ts";

/**
 * Reads the statistics of a person's database over a connection that can only read.
 * @throws what `connectPostgres` throws
 */
export async function readLiveStatistics(url: string, signal?: AbortSignal): Promise<ReadStatistics> {
  const [{ connectPostgres }, { readStatistics }] = await Promise.all([
    import("../../database/live/connect-postgres.ts"),
    import("../../database/live/read-statistics.ts"),
  ]);
  const database = await connectPostgres(url, { signal });
  try {
    return await readStatistics(database, new Date().toISOString().slice(0, 10));
  } finally {
    await database.close();
  }
}

/** Whole or not at all: an editor may read the file at any moment. */
export async function writeStatisticsFile(path: string, file: ReadStatistics["file"]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(file, null, 2)}\n`);
  await rename(unfinished, path);
}
