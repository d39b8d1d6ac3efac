/**
 * Makes the database that the lab starts from: initialised once here instead of on every machine. `node
 * scripts/lab-template.ts` prints where it is.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase, packDatabase } from "../src/database/lab/open-database.ts";
import { TEMPLATE_FILE } from "../src/database/lab/template-file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pglite = join(root, "node_modules/@electric-sql/pglite");

/** Absolute path of the image; made when nothing that it depends on was made into one before. */
export async function labTemplate(): Promise<string> {
  const file = join(root, "out/lab-template", await versionKey(), TEMPLATE_FILE);
  if (existsSync(file)) return file;
  const database = await openDatabase({ assetsDir: join(pglite, "dist"), extensions: [] }, null);
  await database.exec("VACUUM FREEZE");
  const image = await packDatabase(database, "template", 9);
  await database.close();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, image);
  await rename(`${file}.${process.pid}`, file);
  return file;
}

async function versionKey(): Promise<string> {
  const hash = createHash("sha256");
  for (const path of [
    join(pglite, "package.json"),
    join(root, "src/database/lab/open-database.ts"),
    join(root, "src/database/lab/memory-files.ts"),
    join(root, "src/database/lab/data-image.ts"),
  ]) {
    hash.update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await labTemplate());
  // The engine keeps the process alive after it was closed.
  process.exit(0);
}
