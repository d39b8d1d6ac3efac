import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Extensions, ParserOptions } from "@electric-sql/pglite";
import { PGlite, types } from "@electric-sql/pglite";
import { type DataImage, decodeImage, encodeImage } from "./data-image.ts";
import type { LabExtension } from "./lab-extensions.ts";
import { fileSystemOf, ImageFileSystem, takeImage } from "./memory-files.ts";

export interface DatabaseAssets {
  /** Absolute folder with `pglite.wasm`, `pglite.data`, `initdb.wasm` and the extensions. */
  readonly assetsDir: string;
  readonly extensions: readonly LabExtension[];
}

/** One session needs little; what is set aside for many would count against the memory of the child. */
const SETTINGS = [
  "shared_buffers=1MB",
  "max_connections=5",
  "jit=off",
  "autovacuum=off",
  // Reading statistics and planning must not change with what ran before.
  "compute_query_id=off",
  "default_statistics_target=100",
];

/**
 * PostgreSQL in this process, with its files in memory. With an image it takes some 0.5 s, without one the database is
 * initialised first, which takes seconds.
 */
export async function openDatabase(assets: DatabaseAssets, image: DataImage | null): Promise<PGlite> {
  const { assetsDir, extensions } = assets;
  const asset = (name: string): Promise<Uint8Array<ArrayBuffer>> => readFile(join(assetsDir, name));
  const [pgliteWasmModule, bundle] = await Promise.all([
    asset("pglite.wasm").then((bytes) => WebAssembly.compile(bytes)),
    asset("pglite.data"),
  ]);
  const shared = {
    pgliteWasmModule,
    fsBundle: new Blob([bundle]),
    extensions: extensionsIn(assetsDir, extensions),
    parsers: PLAIN_VALUES,
    startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ["-c", setting])],
  };
  if (image !== null) return await PGlite.create({ ...shared, fs: new ImageFileSystem(image) });
  return await PGlite.create({
    ...shared,
    initdbWasmModule: await WebAssembly.compile(await asset("initdb.wasm")),
    // With the default collation "C" an index serves LIKE 'x%', which on most servers it does not.
    initDbStartParams: ["--locale=en_US.UTF-8", "--encoding=UTF8", "--wal-segsize=1"],
  });
}

/** The image in a file; null when there is none, or what is there is no image. */
export async function readImageFile(path: string): Promise<DataImage | null> {
  try {
    return decodeImage(gunzipSync(await readFile(path)));
  } catch {
    // A cache: whatever is wrong with the file, the database is made anew.
    return null;
  }
}

/** The database as it is, packed for a file. `level`: of gzip, 1 to 9. */
export async function packDatabase(database: PGlite, label: string, level: number): Promise<Uint8Array> {
  await database.exec("CHECKPOINT");
  const answer = await database.query<{ name: string }>(
    "SELECT pg_walfile_name(pg_current_wal_lsn()) AS name",
  );
  const image = takeImage(fileSystemOf(database), label, answer.rows[0]?.name ?? "");
  return gzipSync(encodeImage(image), { level });
}

function extensionsIn(assetsDir: string, names: readonly LabExtension[]): Extensions {
  return Object.fromEntries(
    names.map((name) => {
      const bundlePath = pathToFileURL(join(assetsDir, `${name}.tar.gz`));
      return [name, { name, setup: async () => ({ bundlePath }) }];
    }),
  );
}

const asText = (text: string): string => text;
const asNumber = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

/** Values that survive JSON: what has no exact form there stays as PostgreSQL writes it. */
const PLAIN_VALUES: ParserOptions = {
  [types.INT8]: asText,
  [types.FLOAT4]: asNumber,
  [types.FLOAT8]: asNumber,
  [types.BYTEA]: asText,
  [types.DATE]: asText,
  [types.TIMESTAMP]: asText,
  [types.TIMESTAMPTZ]: asText,
};
