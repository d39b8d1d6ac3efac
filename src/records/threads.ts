import type { KeyValues } from "../storage/store.ts";
import { changeValue, tenantKey } from "./change-value.ts";

const SPACE = "threads";

/** How far a run has come: `running` also when its process died. */
export type RunProgress = "running" | "complete" | "failed" | "interrupted";

/** A run of an agent in a thread. */
export interface ThreadRun {
  readonly runId: string;
  /** Name of the agent. */
  readonly agent: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** What it was asked; null for one that another agent asked. */
  readonly task: string | null;
  readonly progress: RunProgress;
}

/** A conversation with a runtime. */
export interface ThreadRecord {
  readonly id: string;
  readonly tenant: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Runs that were asked for from outside, and those of agents that remember, in the order in which they began. */
  readonly runs: readonly ThreadRun[];
}

/** The conversations of one tenant. */
export class Threads {
  readonly #values: KeyValues;
  readonly #tenant: string;
  readonly #now: () => number;

  constructor(values: KeyValues, tenant: string, now: () => number) {
    this.#values = values;
    this.#tenant = tenant;
    this.#now = now;
  }

  /** Null when there is none. */
  async find(id: string): Promise<ThreadRecord | null> {
    return ((await this.#values.get(SPACE, this.#key(id)))?.value as ThreadRecord | undefined) ?? null;
  }

  /** All, the latest first. */
  async list(): Promise<readonly ThreadRecord[]> {
    const found = await this.#values.list(SPACE, { prefix: `${tenantKey(this.#tenant)}/` });
    const threads = found.map(({ value }) => value as ThreadRecord);
    return threads.sort((a, b) => (lastOf(a) < lastOf(b) ? 1 : -1));
  }

  /** Writes that a run begins, or goes on; gives the runs of its agent before it. */
  async begin(
    threadId: string,
    run: Pick<ThreadRun, "runId" | "agent" | "task">,
  ): Promise<readonly string[]> {
    const startedAt = new Date(this.#now()).toISOString();
    const thread = await changeValue<ThreadRecord>(this.#values, SPACE, this.#key(threadId), (before) => {
      const known = before ?? { id: threadId, tenant: this.#tenant, startedAt, runs: [] };
      const isKnown = known.runs.some(({ runId }) => runId === run.runId);
      const runs = isKnown
        ? known.runs.map((each) =>
            each.runId === run.runId ? { ...each, progress: "running" as const } : each,
          )
        : [...known.runs, { ...run, startedAt, progress: "running" as const }];
      return { ...known, runs };
    });
    const own = thread?.runs.filter(({ agent }) => agent === run.agent).map(({ runId }) => runId) ?? [];
    return own.slice(0, own.indexOf(run.runId));
  }

  /** Writes how a run has ended. */
  async settle(threadId: string, runId: string, progress: RunProgress): Promise<void> {
    await changeValue<ThreadRecord>(this.#values, SPACE, this.#key(threadId), (before) =>
      before === null
        ? null
        : { ...before, runs: before.runs.map((run) => (run.runId === runId ? { ...run, progress } : run)) },
    );
  }

  #key(id: string): string {
    return tenantKey(this.#tenant, id);
  }
}

function lastOf({ runs, startedAt }: ThreadRecord): string {
  return runs.at(-1)?.startedAt ?? startedAt;
}
