import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { JournalRecord } from "../../src/records/journal-record.ts";
import type { Store } from "../../src/storage/store.ts";

/** Ends this process without a chance to do anything more. */
export function die(): never {
  process.kill(process.pid, "SIGKILL");
  // The signal needs a moment; nothing may happen in it.
  for (;;);
}

/** `entries`: how many records a write has; null for one that is none of a log. */
export type AroundWrite = <Result>(make: () => Promise<Result>, entries: number | null) => Promise<Result>;

/** The same store; what is written to it goes through `around`. */
export function watchWrites(store: Store, around: AroundWrite): Store {
  const { values, logs, leases, blobs, kind } = store;
  return {
    kind,
    leases,
    blobs,
    close: () => store.close(),
    values: {
      get: (...args) => values.get(...args),
      list: (...args) => values.list(...args),
      set: (...args) => around(() => values.set(...args), null),
      delete: (...args) => around(() => values.delete(...args), null),
    },
    logs: {
      append: (...args) => around(() => logs.append(...args), args[2].length),
      read: (...args) => logs.read(...args),
      list: () => logs.list(),
      delete: (log) => logs.delete(log),
    },
  };
}

/** Runs a program in a process of its own until it ends; whether it was killed. */
export async function runUntilDeath(
  program: string,
  args: readonly string[],
  killAfterMs: number | null = null,
): Promise<boolean> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  const timer = killAfterMs === null ? null : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const signal = await new Promise((resolve) => child.once("close", (_code, by) => resolve(by)));
  if (timer) clearTimeout(timer);
  return signal === "SIGKILL";
}

/** Lines of a file; none when there is no file. */
export async function lines(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

/** Demands that every call of a run has exactly one result and that numbers grow; whether an outcome is unknown. */
export function demandPaired(records: readonly JournalRecord[], what: string): boolean {
  const called = records.flatMap((record) =>
    record.type === "model-answered"
      ? record.content.flatMap((item) => (item.type === "tool-call" ? [item.id] : []))
      : [],
  );
  const results = records.flatMap((record) => (record.type === "result" ? [record.id] : []));
  assert.deepEqual(results.toSorted(), called.toSorted(), `${what}: every call has exactly one result`);
  const seqs = records.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].toSorted((a, b) => a - b),
    `${what}: numbers grow`,
  );
  return records.some((record) => record.type === "result" && record.result.outcome === "unknown");
}
