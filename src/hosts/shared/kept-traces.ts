import { redactValue } from "../../flows/pack/redaction.ts";
import { flowContentsOf, flowTraceOf } from "../../records/flow-trace.ts";
import { readJournal } from "../../records/journal.ts";
import { readJournals, readTrace, rootOf } from "../../records/kept-traces.ts";
import type { RunTrace, RunTraceStore } from "../../records/run-trace.ts";
import { contentsOf, type SpanContent } from "../../records/span-content.ts";
import { titleOf } from "../../records/task-title.ts";
import type { Trace } from "../../records/trace.ts";
import { TraceIndex } from "../../records/trace-index.ts";
import { matchesFilter, type SummaryFilter, type TraceSummary } from "../../records/trace-summary.ts";
import type { Store } from "../../storage/store.ts";

/** A trace in a list: of one agent, of a runtime's agents, or of a flow. */
export interface ListedTrace extends TraceSummary {
  readonly kind: "agent" | "runtime" | "flow";
}

/** All that was run in a workspace: by agents, and flows by themselves. */
export class KeptTraces {
  readonly #store: Store;
  readonly #flows: RunTraceStore | null;
  readonly #index: TraceIndex;

  /** `flows`: null where runs of flows are not kept. */
  constructor(store: Store, flows: RunTraceStore | null) {
    this.#store = store;
    this.#flows = flows;
    this.#index = new TraceIndex(store);
  }

  /** The latest first. @throws STORE_UNAVAILABLE */
  async list(filter: SummaryFilter, most: number): Promise<readonly ListedTrace[]> {
    const agents = (await this.#index.list()).filter((summary) => matchesFilter(summary, filter));
    const flows = await this.#latestFlows(filter, most);
    const listed: ListedTrace[] = [
      ...agents.slice(0, most).map((each) => ({
        ...each,
        kind: each.threadId === null ? ("agent" as const) : ("runtime" as const),
      })),
      ...flows.map((each) => ({ ...each, kind: "flow" as const })),
    ];
    return listed.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, most);
  }

  /** The trace that a run belongs to; null for what is no id of a run that was kept, a name of a file among it. */
  async open(id: string): Promise<Trace | null> {
    if (!isRunId(id)) return null;
    const root = await rootOf(this.#store, id);
    if (root !== null) return await readTrace(this.#store, root);
    const flow = await this.flow(id);
    return flow && flowTraceOf(flow);
  }

  /** What a trace is called in a list; "" for one that nobody asked for by a text. */
  async titleOf(traceId: string): Promise<string> {
    const [started] = isRunId(traceId) ? await readJournal(this.#store, traceId) : [];
    if (started?.type === "run-started") return titleOf(started.task);
    const flow = await this.flow(traceId);
    return flow ? flowTitle(flow) : "";
  }

  /** What was said in each span of a trace, without secrets. */
  async contents(traceId: string): Promise<ReadonlyMap<string, SpanContent>> {
    if (!isRunId(traceId)) return new Map();
    const journals = await readJournals(this.#store, traceId);
    const flow = journals[0]?.length ? null : await this.flow(traceId);
    const contents = flow ? [flowContentsOf(flow)] : journals.map(contentsOf);
    return new Map(
      contents.flatMap((each) => [...each].map(([spanId, content]) => [spanId, redactValue(content)])),
    );
  }

  /** Null when no run of a flow has that id. */
  async flow(id: string): Promise<RunTrace | null> {
    return (await this.#flows?.load(id)) ?? null;
  }

  async #latestFlows(filter: SummaryFilter, most: number): Promise<readonly TraceSummary[]> {
    const found: TraceSummary[] = [];
    for (const id of (await this.#flows?.list()) ?? []) {
      if (found.length >= most) break;
      const run = await this.flow(id);
      const summary = run && flowSummary(run);
      if (summary && matchesFilter(summary, filter)) found.push(summary);
    }
    return found;
  }
}

function flowSummary(run: RunTrace): TraceSummary {
  const { spans: _, ...head } = flowTraceOf(run);
  return { ...head, conversation: head.traceId, title: flowTitle(run) };
}

function flowTitle({ prompt_pack: pack }: RunTrace): string {
  return [pack.action_key, pack.target?.name ?? ""].join(" ").trim();
}

function isRunId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id);
}
