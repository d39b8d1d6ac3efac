import { readTrace } from "../records/kept-traces.ts";
import type { Threads } from "../records/threads.ts";
import type { Trace, TraceFilter } from "../records/trace.ts";
import { TraceIndex } from "../records/trace-index.ts";
import { matchesFilter } from "../records/trace-summary.ts";
import type { Store } from "../storage/store.ts";

/** The traces of one tenant: its journals, read as spans. */
export class Traces {
  readonly #store: Store;
  readonly #threads: Threads;
  readonly #index: TraceIndex;

  constructor(store: Store, threads: Threads) {
    this.#store = store;
    this.#threads = threads;
    this.#index = new TraceIndex(store);
  }

  /** Null when there is none, or it is another tenant's. */
  async get(traceId: string): Promise<Trace | null> {
    const all = await this.#threads.list();
    const isOurs = all.some(({ runs }) => runs.some(({ runId, task }) => runId === traceId && task !== null));
    return isOurs ? await readTrace(this.#store, traceId) : null;
  }

  /** The latest first. */
  async list(filter: TraceFilter = {}): Promise<readonly Trace[]> {
    const runs = (await this.#threads.list()).flatMap((thread) => thread.runs);
    const own = new Set(runs.flatMap(({ runId, task }) => (task === null ? [] : [runId])));
    const found: Trace[] = [];
    for (const summary of await this.#index.list()) {
      if (!own.has(summary.traceId) || !matchesFilter(summary, filter)) continue;
      const trace = await readTrace(this.#store, summary.traceId);
      if (trace) found.push(trace);
    }
    return found;
  }
}
