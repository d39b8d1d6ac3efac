import { execFile } from "node:child_process";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { TEMPLATE_FILE } from "../../src/database/lab/template-file.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pglite = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));

/** The child's entry file, from source. */
export const LAB_CHILD = join(root, "src/database/lab/lab-child.ts");

/** A folder as the build makes it, of links: PGlite's files and the image of a fresh database. */
export async function labAssets(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "scripts/lab-template.ts")]);
  const template = stdout.trim();
  const folder = join(dirname(template), "assets");
  await mkdir(folder, { recursive: true });
  const names = (await readdir(pglite)).filter((name) => /\.(?:wasm|data|tar\.gz)$/.test(name));
  await Promise.all([
    link(template, join(folder, TEMPLATE_FILE)),
    ...names.map((name) => link(join(pglite, name), join(folder, name))),
  ]);
  return folder;
}

async function link(target: string, path: string): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
