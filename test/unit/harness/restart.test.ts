import assert from "node:assert/strict";
import { join } from "node:path";
import type { JournalRecord } from "../../../src/records/journal-record.ts";
import { demandPaired, lines, runUntilDeath } from "../../support/killed-process.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";
import { type Killable, type KillPoint, openKillable, runOn } from "./killed-runtime.ts";

const CHILD = join(import.meta.dirname, "killed-runtime.ts");
/** At about how many moments a process is killed; at every write, before it and after it, with AKSARA_KILLS=all. */
const KILLS =
  process.env.AKSARA_KILLS === "all" ? Number.POSITIVE_INFINITY : Number(process.env.AKSARA_KILLS ?? 10);

/** Every call of every run has exactly one result, numbers grow, and each run ends once. */
async function demandWholeJournals({ store }: Killable, what: string): Promise<boolean> {
  let isUnknown = false;
  for (const runId of await store.logs.list()) {
    const records = (await store.logs.read(runId)) as JournalRecord[];
    if (demandPaired(records, `${what}: ${runId}`)) isUnknown = true;
    assert.equal(records.filter(({ type }) => type === "complete").length <= 1, true, what);
  }
  return isUnknown;
}

async function demandGoneOn(folder: string, what: string): Promise<void> {
  const killable = await openKillable(folder, null);
  try {
    const { runtime } = killable;
    const [interrupted, ...others] = await runtime.listInterrupted();
    assert.deepEqual(others, [], what);
    const [run] = (await runtime.listThreads())[0]?.runs ?? [];
    if (interrupted) {
      assert.equal(interrupted.reason === "stopped", false, what);
      const last = await runOn(killable, runtime.query("", "t", interrupted.resumeToken), folder);
      assert.equal(last?.type, "complete", `${what}: ${JSON.stringify(last).slice(0, 400)}`);
    } else if (run !== undefined) assert.equal(run.progress, "complete", what);
    else return;
    const isUnknown = await demandWholeJournals(killable, what);
    const paid = await lines(join(folder, "paid.log"));
    assert.deepEqual(paid, [...new Set(paid)], `${what}: nothing is paid twice`);
    const [plan, ...plans] = await runtime.listPlans("t");
    assert.deepEqual(plans, [], `${what}: one plan`);
    if (!isUnknown) {
      assert.deepEqual(paid, ["alice", "bob", "carol"], what);
      assert.deepEqual([plan?.state, plan?.revision], ["completed", 1], what);
    } else assert.equal(plan?.state, "failed", what);
    const asked = await lines(join(folder, "asked.log"));
    assert.equal(new Set(asked).size, 1, `${what}: one question, the plan`);
    assert.deepEqual(await runtime.listPendingApprovals(), [], `${what}: no gate is left`);
    assert.deepEqual(await runtime.listInterrupted(), [], what);
  } finally {
    await killable.dispose();
  }
}

describe("a runtime whose process is killed in the middle of a plan", function () {
  this.timeout(Number.isFinite(KILLS) ? 600_000 : 0);

  it("H18 goes on after a SIGKILL at its writes, does no step twice, and forgets no gate", async () => {
    const whole = await makeTemporaryFolder("whole");
    const killable = await openKillable(whole.folder, null);
    await runOn(killable, killable.runtime.query("THE TASK", "t"), whole.folder);
    const writes = killable.writes();
    await killable.dispose();
    await whole.remove();
    assert.ok(writes > 40, `${writes} writes`);
    const every = Math.max(1, Math.ceil((writes * 2) / KILLS));
    const points = Array.from({ length: writes }, (_, at): KillPoint[] => [
      { when: "before", write: at + 1 },
      { when: "after", write: at + 1 },
    ]).flat();
    // The last writes are always among them: there several records have to agree about the end.
    const left = points.filter(({ write }, at) => at % every === 0 || write > writes - 4);
    await Promise.all([work(), work()]);

    async function work(): Promise<void> {
      for (let point = left.shift(); point; point = left.shift()) {
        const temporary = await makeTemporaryFolder("killed");
        const what = `${point.when} write ${point.write} of ${writes}`;
        try {
          const wasKilled = await runUntilDeath(CHILD, [temporary.folder, point.when, String(point.write)]);
          assert.ok(wasKilled || point.write >= writes - 1, what);
          await demandGoneOn(temporary.folder, what);
        } finally {
          await temporary.remove();
        }
      }
    }
  });
});
