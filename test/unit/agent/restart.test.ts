import assert from "node:assert/strict";
import { join } from "node:path";
import { isAksaraError } from "../../../src/errors.ts";
import { lines } from "../../support/killed-process.ts";
import { type KillPoint, openKillable } from "./killed-agent.ts";
import { demandWhole, recordsOfWhole, runAgentUntilDeath } from "./killed-runs.ts";

/** Points in time at which a process is killed from outside; more with AKSARA_KILLS. */
const RANDOM_KILLS = Number(process.env.AKSARA_KILLS ?? 6);

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
        const dead = await runAgentUntilDeath(point);
        try {
          assert.ok(dead.killed, `${point.when} write ${point.number}`);
          await demandWhole(dead, `${point.when} write ${point.number}`);
        } finally {
          await dead.remove();
        }
      }
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
      const left = await runAgentUntilDeath({ when: "after", number });
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
      const left = await runAgentUntilDeath(null, 150 + Math.floor(Math.random() * 900));
      try {
        await demandWhole(left, `random ${at}`);
      } finally {
        await left.remove();
      }
    }
  });

  it("a run that is complete has nothing to go on with, and one that is not there is not found", async () => {
    const left = await runAgentUntilDeath(null);
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
