import type { Store } from "../storage/store.ts";

/*
 * Runs whose journals were written to since somebody last looked. A mark is set when a journal is opened and when it is
 * closed; whoever has read the journal, and knows that nobody writes to it, takes it away.
 */

const SPACE = "run-marks";

export interface MarkedRun {
  readonly runId: string;
  /** Held by whoever writes to the journal. */
  readonly lease: string;
}

export async function markRun(store: Store, { runId, lease }: MarkedRun): Promise<void> {
  await store.values.set(SPACE, runId, lease);
}

export async function markedRuns(store: Store): Promise<readonly MarkedRun[]> {
  return (await store.values.list(SPACE)).map(({ key, value }) => ({ runId: key, lease: String(value) }));
}

export async function unmarkRun(store: Store, runId: string): Promise<void> {
  await store.values.delete(SPACE, runId);
}
