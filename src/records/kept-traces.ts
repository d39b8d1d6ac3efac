import type { Store } from "../storage/store.ts";
import { readJournal } from "./journal.ts";
import type { JournalRecord } from "./journal-record.ts";
import { type Trace, traceOf } from "./trace.ts";

/** A run with all that were handed a task by it or below it, as a trace; null when it was never begun. */
export async function readTrace(store: Store, rootRunId: string): Promise<Trace | null> {
  const journals: (readonly JournalRecord[])[] = [];
  const runs = new Set([rootRunId]);
  // A set goes on with what is added to it, and takes each run once.
  for (const runId of runs) {
    const records = await readJournal(store, runId);
    journals.push(records);
    for (const record of records) if (record.type === "handoff") runs.add(record.childRunId);
  }
  return traceOf(journals);
}

/** The latest traces of a store, whoever's they are: of single agents and of runtimes. */
export async function latestTraces(store: Store, most: number): Promise<readonly Trace[]> {
  const found: Trace[] = [];
  // Ids of runs begin with their time.
  for (const runId of [...(await store.logs.list())].reverse()) {
    if (found.length >= most) break;
    const [started] = await readJournal(store, runId);
    if (started?.type !== "run-started" || (started.labels.root ?? runId) !== runId) continue;
    const trace = await readTrace(store, runId);
    if (trace) found.push(trace);
  }
  return found;
}
