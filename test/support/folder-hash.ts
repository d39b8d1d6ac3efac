import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Files below a folder, each with the hash of its bytes, in the order of their names. */
export async function hashFolder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    files.sort().map(
      async (file) =>
        `${file} ${createHash("sha256")
          .update(await readFile(file))
          .digest("hex")}`,
    ),
  );
}
