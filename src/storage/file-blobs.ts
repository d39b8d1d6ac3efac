import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AksaraError } from "../errors.ts";
import type { Blobs } from "./store.ts";

/** Contents as files named by their hash, readable by their owner alone. */
export function fileBlobs(folder: string, demandOpen: () => void): Blobs {
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash);
  return {
    put: async (content, durable) => {
      demandOpen();
      const hash = createHash("sha256").update(content).digest("hex");
      const path = pathOf(hash);
      const found = await stat(path).catch(() => null);
      if (found?.size === content.length) return hash;
      try {
        await write(path, content, durable);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new AksaraError("STORE_UNAVAILABLE", `A content cannot be kept: ${reason}`, { cause: error });
      }
      return hash;
    },
    get: async (hash) => {
      demandOpen();
      if (!/^[0-9a-f]{64}$/.test(hash)) return null;
      const content = await readFile(pathOf(hash)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw new AksaraError("STORE_UNAVAILABLE", `A content cannot be read: ${error.message}`, {
          cause: error,
        });
      });
      if (content === null) return null;
      return createHash("sha256").update(content).digest("hex") === hash ? content : null;
    },
  };
}

async function write(path: string, content: Uint8Array, durable: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(content);
    if (durable) await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
