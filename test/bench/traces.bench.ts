import { join } from "node:path";
import { newTraceId } from "../../src/records/run-trace.ts";
import { TraceIndex } from "../../src/records/trace-index.ts";
import { matchesFilter, type SummaryFilter } from "../../src/records/trace-summary.ts";
import { SqliteStore } from "../../src/storage/sqlite-store.ts";
import type { Store } from "../../src/storage/store.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { type Bench, median, milliseconds } from "./bench.ts";

const TRACES = 10_000;
const RUNS = 9;
const workerFile = join(import.meta.dirname, "../../src/storage/sqlite-worker.ts");
const FILTER: SummaryFilter = { status: "error", agent: "coordinator", text: "orders of" };

/** Journals as runs leave them, shortened to what a list reads of them. */
async function fill(store: Store): Promise<void> {
  const begin = Date.parse("2026-01-01T00:00:00Z");
  for (let at = 0; at < TRACES; at++) {
    const now = begin + at * 60_000;
    const runId = newTraceId(now);
    const stamp = { at: new Date(now).toISOString(), runId, agent: at % 3 === 0 ? "agent" : "coordinator" };
    const usage = {
      inputTokens: at,
      outputTokens: 10,
      totalTokens: at + 10,
      estimated: false,
      costUsd: 0.01,
    };
    await store.logs.append(
      runId,
      0,
      [
        {
          ...stamp,
          seq: 1,
          type: "run-started",
          version: 1,
          sessionId: `session-${at % 500}`,
          turn: 1,
          task: `Make the list of orders of customer ${at} cheap, and write down what you did`,
          mode: "default",
          interactive: false,
          tools: [],
          provider: "scripted",
          model: "m",
          labels: { thread: `thread-${at % 500}` },
        },
        {
          ...stamp,
          seq: 2,
          type: at % 20 === 0 ? "error" : "complete",
          code: "TOOL_FAILED",
          result: { usage },
        },
      ],
      false,
    );
  }
}

async function listed(store: Store): Promise<readonly [milliseconds: number, found: number]> {
  const start = performance.now();
  const found = (await new TraceIndex(store).list()).filter((each) => matchesFilter(each, FILTER)).length;
  return [performance.now() - start, found];
}

export const bench: Bench = {
  title: `Traces: ${TRACES} in a store on the disk, listed and filtered (median of ${RUNS})`,
  run: async () => {
    const temporary = await makeTemporaryFolder("bench-traces");
    const folder = join(temporary.folder, "state");
    const store = await SqliteStore.open({ folder, workerFile });
    try {
      await fill(store);
      const [first] = await listed(store);
      const samples: number[] = [];
      const worked: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        const before = process.cpuUsage();
        const [spent, found] = await listed(store);
        const { user, system } = process.cpuUsage(before);
        worked.push((user + system) / 1000);
        if (found === 0) throw new Error("the filter found nothing");
        samples.push(spent);
      }
      const value = median(samples);
      return [
        { what: "the first time, from the journals", value: milliseconds(first) },
        { what: "afterwards", value: milliseconds(value), bar: "≤ 50 ms", met: value <= 50 },
        { what: "of that, work of all threads", value: milliseconds(median(worked)) },
      ];
    } finally {
      await store.close();
      await temporary.remove();
    }
  },
};
