import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalRecord } from "../../../src/records/journal-record.ts";
import { demandPaired, lines, runUntilDeath } from "../../support/killed-process.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";
import { type KillPoint, openKillable } from "./killed-agent.ts";

const CHILD = join(import.meta.dirname, "killed-agent.ts");
/** What a process left behind. */
export interface Left {
  readonly folder: string;
  readonly killed: boolean;
  remove(): Promise<void>;
}

/** Runs an agent in a process of its own until it dies or is done. */
export async function runAgentUntilDeath(
  kill: KillPoint | null,
  killAfterMs: number | null = null,
): Promise<Left> {
  const temporary = await makeTemporaryFolder("killed");
  const project = join(temporary.folder, "project");
  await mkdir(project);
  await writeFile(join(project, "notes.txt"), "one\ntwo\n");
  await writeFile(join(project, "other.txt"), "three\n");
  const args = kill ? [kill.when, String(kill.number)] : ["none"];
  const killed = await runUntilDeath(CHILD, [temporary.folder, ...args], killAfterMs);
  return { folder: temporary.folder, killed, remove: temporary.remove };
}

/** Goes on with what a killed process left, and demands that nothing was lost, doubled or left open. */
export async function demandWhole(
  { folder }: Left,
  what: string,
): Promise<"resumed" | "nothing begun" | "was done"> {
  const { runtime, store, dispose } = await openKillable(folder, null);
  try {
    const [runId, ...others] = await store.logs.list();
    assert.deepEqual(others, [], what);
    let outcome: "resumed" | "nothing begun" | "was done" = "resumed";
    if (runId === undefined) return "nothing begun";
    const before = (await store.logs.read(runId)) as JournalRecord[];
    if (before.length === 0) return "nothing begun";
    if (before.at(-1)?.type === "complete") outcome = "was done";
    else {
      const result = await runtime.resume(runId);
      assert.equal(result.success, true, `${what}: ${result.error}`);
    }
    const records = (await store.logs.read(runId)) as JournalRecord[];
    const isUnknown = demandPaired(records, what);
    assert.equal(records.filter(({ type }) => type === "complete").length, 1, what);
    const paid = await lines(join(folder, "paid.log"));
    assert.deepEqual(paid, [...new Set(paid)], `${what}: nothing is paid twice`);
    if (!isUnknown) {
      assert.deepEqual(paid, ["alice", "bob"], what);
      assert.equal(await readFile(join(folder, "project/notes.txt"), "utf8"), "one\n2\n", what);
      assert.equal(await readFile(join(folder, "project/other.txt"), "utf8"), "3\n", what);
    }
    return outcome;
  } finally {
    await dispose();
  }
}

/** The journal of a run that nobody disturbs. */
export async function recordsOfWhole(): Promise<readonly JournalRecord[]> {
  const whole = await runAgentUntilDeath(null);
  const { store, dispose } = await openKillable(whole.folder, null);
  try {
    const [runId = ""] = await store.logs.list();
    return (await store.logs.read(runId)) as JournalRecord[];
  } finally {
    await dispose();
    await whole.remove();
  }
}
