import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAksaraError } from "../../../src/errors.ts";
import type { JournalRecord } from "../../../src/records/journal-record.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";
import { type KillPoint, openKillable } from "./killed-agent.ts";

const CHILD = join(import.meta.dirname, "killed-agent.ts");
/** Points in time at which a process is killed from outside; more with AKSARA_KILLS. */
const RANDOM_KILLS = Number(process.env.AKSARA_KILLS ?? 6);

interface Left {
  readonly folder: string;
  readonly killed: boolean;
  remove(): Promise<void>;
}

/** Runs an agent in a process of its own until it dies or is done. */
async function runUntilDeath(kill: KillPoint | null, killAfterMs: number | null = null): Promise<Left> {
  const temporary = await makeTemporaryFolder("killed");
  const project = join(temporary.folder, "project");
  await mkdir(project);
  await writeFile(join(project, "notes.txt"), "one\ntwo\n");
  await writeFile(join(project, "other.txt"), "three\n");
  const args = kill ? [kill.when, String(kill.number)] : ["none"];
  const child = spawn(process.execPath, [CHILD, temporary.folder, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const timer = killAfterMs === null ? null : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const signal = await new Promise((resolve) => child.once("close", (_code, by) => resolve(by)));
  if (timer) clearTimeout(timer);
  return { folder: temporary.folder, killed: signal === "SIGKILL", remove: temporary.remove };
}

async function lines(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

/** Goes on with what a killed process left, and demands that nothing was lost, doubled or left open. */
async function demandWhole(
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
    const answered = records.flatMap((record) =>
      record.type === "model-answered"
        ? record.content.flatMap((item) => (item.type === "tool-call" ? [item.id] : []))
        : [],
    );
    const results = records.flatMap((record) => (record.type === "result" ? [record.id] : []));
    assert.deepEqual(results.toSorted(), answered.toSorted(), `${what}: every call has exactly one result`);
    const seqs = records.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      [...new Set(seqs)].toSorted((a, b) => a - b),
      `${what}: numbers grow`,
    );
    assert.equal(records.filter(({ type }) => type === "complete").length, 1, what);
    const paid = await lines(join(folder, "paid.log"));
    assert.deepEqual(paid, [...new Set(paid)], `${what}: nothing is paid twice`);
    const unknown = records.some((record) => record.type === "result" && record.result.outcome === "unknown");
    if (!unknown) {
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
async function recordsOfWhole(): Promise<readonly JournalRecord[]> {
  const whole = await runUntilDeath(null);
  const { store, dispose } = await openKillable(whole.folder, null);
  try {
    const [runId = ""] = await store.logs.list();
    return (await store.logs.read(runId)) as JournalRecord[];
  } finally {
    await dispose();
    await whole.remove();
  }
}

describe("an agent whose process is killed", function () {
  this.timeout(600_000);

  it("A04 H18 goes on after a SIGKILL at every write of its journal, and does nothing twice", async () => {
    const records = await recordsOfWhole();
    // Before a write all that leads to it has happened, effects too; after an announcement its effect has not.
    const points = records.flatMap((record, at): KillPoint[] => [
      { when: "before", number: at + 1 },
      ...(record.type === "action" ? [{ when: "after", number: at + 1 } as const] : []),
    ]);
    assert.ok(points.length > 25, `${points.length} points`);
    const left = [...points];
    await Promise.all([work(), work()]);

    async function work(): Promise<void> {
      for (let point = left.shift(); point; point = left.shift()) {
        const dead = await runUntilDeath(point);
        try {
          assert.ok(dead.killed, `${point.when} write ${point.number}`);
          await demandWhole(dead, `${point.when} write ${point.number}`);
        } finally {
          await dead.remove();
        }
      }
    }
  });

  // prove: src/agent/run/recover-calls.ts :: if (settled?.outcome === "not-run") left.push(call); => if (settled?.outcome !== "done") left.push(call);
  for (const when of ["in-effect", "after-effect"] as const)
    it(`A04 says that it does not know whether an effect happened that was cut off (${when}), and does not repeat it`, async () => {
      const left = await runUntilDeath({ when, number: 1 });
      try {
        assert.ok(left.killed);
        assert.equal(await demandWhole(left, when), "resumed");
        assert.deepEqual(await lines(join(left.folder, "paid.log")), when === "in-effect" ? [] : ["alice"]);
      } finally {
        await left.remove();
      }
    });

  it("H18 asks again what nobody had answered, and does not ask again what somebody had", async () => {
    // The third question is about paying bob: cut off right after it was written, then right after it was answered.
    for (const [type, asked] of [
      ["approval", 2],
      ["approval-answered", 2],
    ] as const) {
      const records = await recordsOfWhole();
      const number = records.findLastIndex((record) => record.type === type) + 1;
      const left = await runUntilDeath({ when: "after", number });
      try {
        assert.ok(left.killed);
        await demandWhole(left, `after ${type}`);
        assert.equal((await lines(join(left.folder, "asked.log"))).length, asked, type);
      } finally {
        await left.remove();
      }
    }
  });

  it(`H18 goes on after a SIGKILL at ${RANDOM_KILLS} random moments`, async () => {
    for (let at = 0; at < RANDOM_KILLS; at++) {
      const left = await runUntilDeath(null, 150 + Math.floor(Math.random() * 900));
      try {
        await demandWhole(left, `random ${at}`);
      } finally {
        await left.remove();
      }
    }
  });

  it("a run that is complete has nothing to go on with, and one that is not there is not found", async () => {
    const left = await runUntilDeath(null);
    const { runtime, store, dispose } = await openKillable(left.folder, null);
    try {
      const [runId = ""] = await store.logs.list();
      await assert.rejects(
        runtime.resume(runId),
        (error) => isAksaraError(error) && error.code === "INVALID_REQUEST",
      );
      for (const id of ["0".repeat(32), "../state"])
        await assert.rejects(
          runtime.resume(id),
          (error) => isAksaraError(error) && error.code === "RUN_NOT_FOUND",
        );
    } finally {
      await dispose();
      await left.remove();
    }
  });
});
