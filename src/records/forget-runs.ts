import type { Store } from "../storage/store.ts";
import { readJournals } from "./kept-traces.ts";
import { TraceIndex } from "./trace-index.ts";
import type { TraceSummary } from "./trace-summary.ts";

/** Where conversations stand by which their runs are found. */
const CONVERSATIONS = ["sessions", "threads"];

/**
 * Deletes the conversations in which nothing was done since a time (ISO 8601), with their journals; gives how many
 * runs that were. One goes as a whole or not at all, and never while something in it is still open.
 * @throws STORE_UNAVAILABLE
 */
export async function forgetRuns(store: Store, before: string): Promise<number> {
  const index = new TraceIndex(store);
  const conversations = Map.groupBy(await index.list(), ({ conversation }) => conversation);
  const old = [...conversations].filter(([, runs]) => runs.every((run) => isOver(run, before)));
  if (old.length === 0) return 0;
  const gone = new Set(old.flatMap(([, runs]) => runs.map(({ traceId }) => traceId)));
  for (const runId of gone)
    for (const [started] of (await readJournals(store, runId)).toReversed())
      if (started) await store.logs.delete(started.runId);
  for (const space of CONVERSATIONS)
    for (const { key, value } of await store.values.list(space)) {
      const { runs } = value as { readonly runs: readonly (string | { readonly runId: string })[] };
      const ids = runs.map((run) => (typeof run === "string" ? run : run.runId));
      if (ids.some((id) => gone.has(id))) await store.values.delete(space, key);
    }
  await index.forget(gone);
  return gone.size;
}

/** A run that failed can be gone on with, but nobody has for as long. */
function isOver({ status, startedAt, endedAt }: TraceSummary, before: string): boolean {
  return (status === "complete" || status === "error") && (endedAt ?? startedAt) < before;
}
