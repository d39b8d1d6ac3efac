import type { Store } from "../storage/store.ts";
import { readJournal } from "./journal.ts";
import type { JournalRecord } from "./journal-record.ts";
import { type Trace, traceOf } from "./trace.ts";

/** A run with all that were handed a task by it or below it, as a trace; null when it was never begun. */
export async function readTrace(store: Store, rootRunId: string): Promise<Trace | null> {
  return traceOf(await readJournals(store, rootRunId));
}

/** The journals of a run and of all below it, the root first. */
export async function readJournals(
  store: Store,
  rootRunId: string,
): Promise<readonly (readonly JournalRecord[])[]> {
  const journals: (readonly JournalRecord[])[] = [];
  const runs = new Set([rootRunId]);
  // A set goes on with what is added to it, and takes each run once.
  for (const runId of runs) {
    const records = await readJournal(store, runId);
    journals.push(records);
    for (const record of records) if (record.type === "handoff") runs.add(record.childRunId);
  }
  return journals;
}

/** The run that a trace is named by: the one, above all others, that a run belongs to. Null for an unknown run. */
export async function rootOf(store: Store, runId: string): Promise<string | null> {
  const [started] = await readJournal(store, runId);
  return started?.type === "run-started" ? (started.labels.root ?? runId) : null;
}
