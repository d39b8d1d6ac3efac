import { fstatSync, writeSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AksaraError, isAksaraError } from "../errors.ts";
import type { Logs } from "./store.ts";
import { compareNames, logConflict } from "./store-rules.ts";

/** A log that this process writes to. */
interface OpenLog {
  readonly file: FileHandle;
  length: number;
  /** Bytes after the last entry; another size means another writer. */
  size: number;
}

/** Bytes that are written without leaving the thread. */
const LARGEST_SMALL = 64 * 1024;

/** Handles kept open; the one used longest ago is closed. */
const OPEN_LOGS = 16;

/**
 * Logs as files of one JSON document a line. A last line that a crash tore is cut off before the next is written, and
 * kept beside the log as `<name>.torn`.
 */
export class JsonlLogs implements Logs {
  readonly #folder: string;
  readonly #open = new Map<string, OpenLog>();
  /** Work on one log is done in order. */
  readonly #tails = new Map<string, Promise<unknown>>();
  #closed = false;

  /** `folder` is made with the first log. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  append(log: string, length: number, entries: readonly unknown[], durable: boolean): Promise<number> {
    return this.#inOrder(log, async () => {
      const opened = this.#open.get(log) ?? (await this.#openForWriting(log));
      // What is small goes to the system's cache at once: a round through the thread pool takes ten times as long.
      const { size } = fstatSync(opened.file.fd);
      if (size !== opened.size) {
        await this.#forget(log);
        throw logConflict(log, length, (await this.#entries(log)).lines.length);
      }
      if (opened.length !== length) throw logConflict(log, length, opened.length);
      const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      try {
        if (bytes.length > LARGEST_SMALL) await opened.file.write(bytes, 0, bytes.length, size);
        else if (bytes.length > 0) writeWhole(opened.file.fd, bytes, size);
        if (durable) await opened.file.datasync();
      } catch (error) {
        // How much of it is there is not known; the next writer finds out.
        await this.#forget(log);
        throw error;
      }
      opened.size = size + bytes.length;
      opened.length += entries.length;
      return opened.length;
    });
  }

  read(log: string, from = 0): Promise<readonly unknown[]> {
    return this.#inOrder(log, async () => {
      const { lines } = await this.#entries(log);
      return lines.slice(from).map((line) => JSON.parse(line));
    });
  }

  async list(): Promise<readonly string[]> {
    this.#demandOpen();
    const names = await this.#guard(() =>
      readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      }),
    );
    return names
      .flatMap((name) => (name.endsWith(".jsonl") ? [name.slice(0, -".jsonl".length)] : []))
      .sort(compareNames);
  }

  delete(log: string): Promise<void> {
    return this.#inOrder(log, async () => {
      await this.#forget(log);
      await rm(this.#path(log), { force: true });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#tails.values());
    await Promise.all([...this.#open.keys()].map((log) => this.#forget(log)));
  }

  async #openForWriting(log: string): Promise<OpenLog> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const oldest of this.#open.keys()) {
      if (this.#open.size < OPEN_LOGS) break;
      await this.#forget(oldest);
    }
    const { lines, size, torn } = await this.#entries(log);
    const file = await open(this.#path(log), "a+", 0o600);
    await file.close();
    // Opened for reading and writing: on Linux a handle that appends ignores positions.
    const handle = await open(this.#path(log), "r+", 0o600);
    if (torn.length > 0) {
      await writeFile(`${this.#path(log)}.torn`, torn, { flag: "a", mode: 0o600 });
      await handle.truncate(size);
    }
    const opened: OpenLog = { file: handle, length: lines.length, size };
    this.#open.set(log, opened);
    return opened;
  }

  /** Whole entries as text, the bytes they take, and what stands torn behind them. */
  async #entries(log: string): Promise<{ lines: string[]; size: number; torn: Buffer }> {
    const bytes = await readFile(this.#path(log)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return Buffer.alloc(0);
      throw error;
    });
    const lines: string[] = [];
    let size = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, size)) {
      const line = bytes.toString("utf8", size, end);
      if (!isJson(line)) break;
      lines.push(line);
      size = end + 1;
    }
    const rest = bytes.subarray(size);
    if (rest.toString("utf8").split("\n").slice(1).some(isJson))
      throw new AksaraError(
        "STORE_UNAVAILABLE",
        `The journal ${log} is damaged in line ${lines.length + 1}.`,
        {
          hint: "Move the file away, or cut it off before that line.",
        },
      );
    return { lines, size, torn: rest };
  }

  #inOrder<Result>(log: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(log) ?? Promise.resolve();
    const done = before.then(() => {
      this.#demandOpen();
      return this.#guard(work);
    });
    const tail = done.then(
      () => undefined,
      () => undefined,
    );
    this.#tails.set(log, tail);
    tail.then(() => {
      if (this.#tails.get(log) === tail) this.#tails.delete(log);
    });
    return done;
  }

  async #guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (isAksaraError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new AksaraError("STORE_UNAVAILABLE", `A journal cannot be used: ${reason}`, { cause: error });
    }
  }

  #demandOpen(): void {
    if (this.#closed) throw new AksaraError("STORE_UNAVAILABLE", "The store is closed.");
  }

  async #forget(log: string): Promise<void> {
    const opened = this.#open.get(log);
    this.#open.delete(log);
    await opened?.file.close();
  }

  #path(log: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,119}$/.test(log))
      throw new AksaraError("RUNTIME_ERROR", `"${log}" is no name of a log.`);
    return join(this.#folder, `${log}.jsonl`);
  }
}

function writeWhole(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function isJson(line: string): boolean {
  if (line === "") return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
