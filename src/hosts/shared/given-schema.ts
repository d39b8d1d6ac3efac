import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { LabSchema } from "../../database/schema/lab-schema.ts";
import type { Statistics } from "../../database/statistics/statistics.ts";
import { AksaraError } from "../../errors.ts";

/** A schema that stands for that of the workspace. */
export interface GivenSchema {
  readonly schema: LabSchema;
  /** Null: those of the workspace, where there are some. */
  readonly statistics: Statistics | null;
}

/** A schema alone is never as large; what is has the rows in it. */
const LARGEST_DUMP = 64 * 1024 * 1024;

/**
 * Reads the file of a dump.
 * @throws INVALID_REQUEST for what cannot be read, is too large, of another database, or no schema
 */
export async function schemaOfDump(path: string): Promise<GivenSchema> {
  const { dumpSchema } = await import("../../database/schema/dump-schema.ts");
  const source = basename(path);
  const refuse = (error: unknown): never => {
    const why = error instanceof Error ? error.message : String(error);
    throw new AksaraError("INVALID_REQUEST", `The dump cannot be read: ${why}`, { cause: error });
  };
  const { size } = await stat(path).catch(refuse);
  if (size > LARGEST_DUMP)
    throw new AksaraError("INVALID_REQUEST", `${source} is larger than 64 MB.`, {
      hint: "The schema is enough: pg_dump --schema-only.",
    });
  return { schema: dumpSchema(await readFile(path, "utf8").catch(refuse), source), statistics: null };
}

/**
 * Reads schema and statistics of a person's database over a connection that can only read; no value is looked at.
 * @throws what `connectPostgres` throws
 */
export async function schemaOfDatabase(url: string, signal?: AbortSignal): Promise<GivenSchema> {
  const [{ connectPostgres }, { readSchema }, { readStatistics }, { parseStatistics }] = await Promise.all([
    import("../../database/live/connect-postgres.ts"),
    import("../../database/live/read-schema.ts"),
    import("../../database/live/read-statistics.ts"),
    import("../../database/statistics/statistics-file.ts"),
  ]);
  const database = await connectPostgres(url, { signal });
  try {
    const { file } = await readStatistics(database, new Date().toISOString().slice(0, 10));
    const schema = await readSchema(database, database.place);
    const statistics = parseStatistics(JSON.stringify(file));
    return { schema, statistics: { ...statistics, source: `${database.place} (${file.engine})` } };
  } finally {
    await database.close();
  }
}
