import assert from "node:assert/strict";
import { join } from "node:path";
import { forgetRuns } from "../../../src/records/forget-runs.ts";
import { Journal, readJournal } from "../../../src/records/journal.ts";
import type { NewRecord } from "../../../src/records/journal-record.ts";
import { newTraceId } from "../../../src/records/run-trace.ts";
import { TraceIndex } from "../../../src/records/trace-index.ts";
import { matchesFilter } from "../../../src/records/trace-summary.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import { SqliteStore } from "../../../src/storage/sqlite-store.ts";
import type { Store } from "../../../src/storage/store.ts";
import { SQLITE_WORKER } from "../../support/scripted-workspace.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const RESULT = {
  success: true,
  output: "done",
  error: null,
  usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7, estimated: false, costUsd: null },
};

function beginning(sessionId: string, task: string, labels: Record<string, string> = {}): NewRecord {
  return {
    type: "run-started",
    version: 1,
    sessionId,
    turn: 1,
    task,
    mode: "default",
    interactive: false,
    tools: [],
    provider: "scripted",
    model: "m",
    labels,
  } as NewRecord;
}

const END = { type: "complete", output: "done", result: RESULT } as unknown as NewRecord;

for (const kind of ["memory", "sqlite"] as const)
  describe(`the list of traces, ${kind}`, () => {
    let temporary: TemporaryFolder;
    let store: Store;
    let now = Date.parse("2026-03-01T10:00:00Z");

    beforeEach(async () => {
      temporary = await makeTemporaryFolder("trace-index");
      store =
        kind === "memory"
          ? new MemoryStore()
          : await SqliteStore.open({ folder: join(temporary.folder, "state"), workerFile: SQLITE_WORKER });
    });
    afterEach(async () => {
      await store.close();
      await temporary.remove();
    });

    const open = async (runId: string, session: string): Promise<Journal> =>
      (
        await Journal.open(store, runId, {
          agent: "agent",
          lease: `session:${session}`,
          now: () => now,
        })
      ).journal;
    const run = async (task: string, session: string, labels: Record<string, string> = {}) => {
      now += 60_000;
      const runId = newTraceId(now);
      const journal = await open(runId, session);
      await journal.append(beginning(session, task, labels), false);
      await journal.append(END, false);
      await journal.close();
      return runId;
    };
    const statuses = async () =>
      (await new TraceIndex(store).list()).map(({ title, status }) => `${title} ${status}`);

    it("H21 lists runs, the latest first, with what each was asked; not the parts of one", async () => {
      const first = await run("Find slow\nroutes", "s1");
      const second = await run("Write notes", "s2");
      await run("a part", "s2", { root: second });
      const listed = await new TraceIndex(store).list();
      assert.deepEqual(
        listed.map(({ traceId, title, conversation }) => [traceId, title, conversation]),
        [
          [second, "Write notes", "s2"],
          [first, "Find slow", "s1"],
        ],
      );
      assert.equal(listed[0]?.usage?.totalTokens, 7);
      const found = (filter: object) => listed.filter((each) => matchesFilter(each, filter)).length;
      assert.deepEqual(
        [found({ text: "NOTES" }), found({ status: "error" }), found({ agent: "agent", text: "slow" })],
        [1, 0, 1],
      );
    });

    it("H21 knows what was written since it was last asked, by whomever", async () => {
      await run("one", "s1");
      assert.deepEqual(await statuses(), ["one complete"]);
      await run("two", "s1");
      now += 60_000;
      const going = await open(newTraceId(now), "s2");
      await going.append(beginning("s2", "three"), false);
      assert.deepEqual(await statuses(), ["three running", "two complete", "one complete"]);
      await going.append(END, false);
      assert.deepEqual(await statuses(), ["three complete", "two complete", "one complete"]);
      await going.close();
      assert.deepEqual(await statuses(), ["three complete", "two complete", "one complete"]);
      assert.deepEqual(await statuses(), ["three complete", "two complete", "one complete"]);
    });

    it("H18 H21 a run that goes on after it was listed as interrupted is listed as what it became", async () => {
      now += 60_000;
      const runId = newTraceId(now);
      const journal = await open(runId, "s1");
      await journal.append(beginning("s1", "one"), false);
      await journal.append(
        { type: "interrupted", resumeToken: runId, result: RESULT } as unknown as NewRecord,
        false,
      );
      await journal.close();
      assert.deepEqual(await statuses(), ["one interrupted"]);
      const again = await open(runId, "s1");
      await again.append({ type: "run-resumed" } as NewRecord, false);
      await again.append(END, false);
      await again.close();
      assert.deepEqual(await statuses(), ["one complete"]);
    });

    it("H21 journals of before there was a list are in it", async () => {
      const id = newTraceId(now);
      await store.logs.append(
        id,
        0,
        [{ ...beginning("s", "old"), seq: 1, at: new Date(now).toISOString(), runId: id, agent: "agent" }],
        true,
      );
      assert.deepEqual(await statuses(), ["old running"]);
    });

    it("H21 more runs than one block of the list holds", async () => {
      for (let at = 0; at < 30; at++) await run(`first ${at}`, `s${at}`);
      assert.equal((await statuses()).length, 30);
      const entries: Promise<unknown>[] = [];
      for (let at = 0; at < 520; at++) entries.push(run(`later ${at}`, `t${at}`));
      await Promise.all(entries);
      const listed = await new TraceIndex(store).list();
      assert.equal(new Set(listed.map(({ traceId }) => traceId)).size, 550);
      assert.ok((await store.values.list("trace-index")).length > 1);
    });

    it("H21 deletes old conversations as a whole, and none that is open or was gone on with", async () => {
      const old = await run("old", "s1");
      const part = await run("part of old", "s1-part", { root: old });
      const journal = await open(old, "s1");
      await journal.append(
        { type: "handoff", id: "c", agent: "clerk", childRunId: part } as unknown as NewRecord,
        false,
      );
      await journal.append(END, false);
      await journal.close();
      const kept = await run("kept", "s2");
      now += 60_000;
      const left = newTraceId(now);
      const going = await open(left, "s3");
      await going.append(beginning("s3", "left open"), false);
      await going.close();
      await store.values.set("sessions", "s1", { id: "s1", runs: [old] });
      await store.values.set("sessions", "s2", { id: "s2", runs: [kept] });
      await store.values.set("threads", "tenant/t", { id: "t", runs: [{ runId: old }] });
      now += 86_400_000;
      await run("gone on with", "s2");
      const before = new Date(now - 3_600_000).toISOString();
      assert.equal(await forgetRuns(store, before), 1);
      assert.deepEqual(await statuses(), ["gone on with complete", "left open running", "kept complete"]);
      assert.deepEqual(await readJournal(store, old), []);
      assert.deepEqual(await readJournal(store, part), []);
      assert.equal(await store.values.get("sessions", "s1"), null);
      assert.notEqual(await store.values.get("sessions", "s2"), null);
      assert.deepEqual(await store.values.list("threads"), []);
      assert.equal(await forgetRuns(store, before), 0);
    });
  });
