import type { PGlite } from "@electric-sql/pglite";
import { DATA_FOLDER, fileSystemOf, type MemoryFile } from "./memory-files.ts";

/** A table or index, and how many blocks of 8 KiB it is to have. */
export interface VirtualSize {
  readonly oid: number;
  /** As `pg_relation_filepath` says. */
  readonly path: string;
  readonly blocks: number;
}

const BLOCK = 8192;
/** PostgreSQL starts another file after this many blocks. */
const SEGMENT_BLOCKS = 131_072;
/** Blocks of the table on which it is tried whether sizes can be made up at all. */
const PROBE_BLOCKS = 1_000;

/**
 * Gives tables without rows a size. PostgreSQL's planner takes the blocks of a table from the length of its file, so the
 * statistics alone leave it at nothing. Here the length is set without any content: the files are in memory, and their
 * length is a number. Nothing may read or write such a table: only EXPLAIN, which does not look inside.
 */
export async function withVirtualSizes<Result>(
  database: PGlite,
  sizes: readonly VirtualSize[],
  use: () => Promise<Result>,
): Promise<Result> {
  const undo: (() => void)[] = [];
  const segmented: number[] = [];
  try {
    for (const size of sizes) {
      undo.push(inflate(database, size));
      if (size.blocks >= SEGMENT_BLOCKS) segmented.push(size.oid);
    }
    return await use();
  } finally {
    for (const deflate of undo.reverse()) deflate();
    // The engine remembers the files it opened for a table, and counts from the last; touching the table's entry makes
    // it look again.
    if (segmented.length > 0) {
      await database.exec(`UPDATE pg_class SET relname = relname WHERE oid IN (${segmented.join(", ")})`);
    }
  }
}

/** Whether the planner believes in sizes that are made up. It is asked once at every start, on a table of its own. */
export async function virtualSizesWork(database: PGlite): Promise<boolean> {
  await database.exec("BEGIN; CREATE TABLE aksara_probe (a int)");
  try {
    const found = await database.query<{ oid: number; path: string }>(
      "SELECT oid::int, pg_relation_filepath(oid) AS path FROM pg_class WHERE relname = 'aksara_probe'",
    );
    const probe = found.rows[0];
    if (probe === undefined) return false;
    const planned = await withVirtualSizes(database, [{ ...probe, blocks: PROBE_BLOCKS }], () =>
      database.query<{ "QUERY PLAN": readonly { Plan: { "Total Cost": number } }[] }>(
        "EXPLAIN (FORMAT JSON) SELECT * FROM aksara_probe",
      ),
    );
    const cost = planned.rows[0]?.["QUERY PLAN"][0]?.Plan["Total Cost"] ?? 0;
    return cost >= PROBE_BLOCKS;
  } finally {
    await database.exec("ROLLBACK");
  }
}

/** Returns what takes the size away again. */
function inflate(database: PGlite, { path, blocks }: VirtualSize): () => void {
  const files = fileSystemOf(database);
  const absolute = `${DATA_FOLDER}/${path}`;
  const first = files.lookupPath(absolute).node;
  const real = first.usedBytes;
  const added: string[] = [];
  const grow = (file: MemoryFile, count: number): void => {
    file.usedBytes = Math.max(file.usedBytes, count * BLOCK);
  };
  grow(first, Math.min(blocks, SEGMENT_BLOCKS));
  for (let segment = 1; segment * SEGMENT_BLOCKS <= blocks; segment++) {
    const name = `${absolute}.${segment}`;
    files.create(name, 0o600);
    added.push(name);
    const { node } = files.lookupPath(name);
    node.contents = new Uint8Array(0);
    grow(node, Math.min(blocks - segment * SEGMENT_BLOCKS, SEGMENT_BLOCKS));
  }
  return () => {
    first.usedBytes = real;
    for (const name of added) files.unlink(name);
  };
}
