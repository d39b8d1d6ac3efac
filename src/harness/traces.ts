import { readTrace } from "../records/kept-traces.ts";
import type { Threads } from "../records/threads.ts";
import type { Trace, TraceFilter } from "../records/trace.ts";
import type { Store } from "../storage/store.ts";

/** The traces of one tenant: its journals, read as spans. */
export class Traces {
  readonly #store: Store;
  readonly #threads: Threads;

  constructor(store: Store, threads: Threads) {
    this.#store = store;
    this.#threads = threads;
  }

  /** Null when there is none, or it is another tenant's. */
  async get(traceId: string): Promise<Trace | null> {
    const all = await this.#threads.list();
    const isOurs = all.some(({ runs }) => runs.some(({ runId, task }) => runId === traceId && task !== null));
    return isOurs ? await readTrace(this.#store, traceId) : null;
  }

  /** The latest first. */
  async list({ threadId, evalRunId, testCaseId }: TraceFilter = {}): Promise<readonly Trace[]> {
    const threads = (await this.#threads.list()).filter(
      ({ id }) => threadId === undefined || id === threadId,
    );
    const found: Trace[] = [];
    for (const { runs } of threads)
      for (const { runId, task } of runs) {
        const trace = task === null ? null : await readTrace(this.#store, runId);
        const fits =
          trace !== null &&
          (evalRunId === undefined || trace.evalRunId === evalRunId) &&
          (testCaseId === undefined || trace.testCaseId === testCaseId);
        if (fits) found.push(trace);
      }
    return found.sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  }
}
