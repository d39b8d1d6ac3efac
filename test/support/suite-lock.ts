import { rmSync } from "node:fs";
import { link, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "./processes.ts";

/** Held while a suite or a bench with a real VS Code runs; one at a time on a machine, or they slow each other. */
export interface SuiteLock {
  /** Gives the lock back. Doing it twice is harmless. */
  release(): void;
}

/** Locks that this process holds: a suite may open a second server beside its first. */
const held = new Map<string, { holders: number; readonly release: () => void }>();

const lockFile = path.join(os.tmpdir(), "aksara-studio-suite.lock");

/**
 * Waits for the lock, unless this process holds it already. One whose process is gone is taken over.
 * @throws Error naming the holder when it is not free within `limitMs` (default half an hour).
 */
export async function lockSuite(
  options: { readonly file?: string; readonly limitMs?: number; readonly log?: (line: string) => void } = {},
): Promise<SuiteLock> {
  const file = options.file ?? lockFile;
  const own = held.get(file);
  if (own !== undefined) return share(file, own);
  const end = Date.now() + (options.limitMs ?? 30 * 60_000);
  let told = false;
  for (;;) {
    if (await take(file)) break;
    const holder = await readHolder(file);
    if (holder !== undefined && !isAlive(holder)) {
      await removeStale(file, holder);
      continue;
    }
    if (Date.now() >= end)
      throw new Error(`Process ${holder} holds ${file}; delete the file if that is wrong`);
    if (!told) options.log?.(`Waiting for another suite (process ${holder}) …`);
    told = true;
    await delay(250);
  }
  const release = (): void => {
    process.off("exit", release);
    held.delete(file);
    rmSync(file, { force: true });
  };
  process.on("exit", release);
  const lock = { holders: 0, release };
  held.set(file, lock);
  return share(file, lock);
}

/** Gives the lock to one holder more; the last one to release it gives it back. */
function share(file: string, lock: { holders: number; readonly release: () => void }): SuiteLock {
  lock.holders += 1;
  let released = false;
  return {
    release: () => {
      if (released || held.get(file) !== lock) return;
      released = true;
      lock.holders -= 1;
      if (lock.holders === 0) lock.release();
    },
  };
}

/** A link appears with its content in one step, so nobody ever reads a lock without its holder. */
async function take(file: string): Promise<boolean> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "suite-lock-"));
  const own = path.join(folder, "lock");
  try {
    await writeFile(own, String(process.pid));
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readHolder(file: string): Promise<number | undefined> {
  try {
    return Number(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Of several that see the same dead holder, one rename succeeds; if it caught a fresh lock, that one is put back. */
async function removeStale(file: string, dead: number): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if ((await readHolder(aside)) !== dead) await link(aside, file);
  await rm(aside, { force: true });
}
