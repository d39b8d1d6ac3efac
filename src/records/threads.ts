import type { KeyValues } from "../storage/store.ts";
import { TenantRecords } from "./tenant-records.ts";

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
  readonly #records: TenantRecords<ThreadRecord>;

  constructor(values: KeyValues, tenant: string, now: () => number) {
    this.#records = new TenantRecords(values, "threads", tenant, now);
  }

  /** Null when there is none. */
  find(id: string): Promise<ThreadRecord | null> {
    return this.#records.find(id);
  }

  /** All, the latest first. */
  async list(): Promise<readonly ThreadRecord[]> {
    return (await this.#records.list()).toSorted((a, b) => (lastOf(a) < lastOf(b) ? 1 : -1));
  }

  /** Writes that a run begins, or goes on; gives the runs of its agent before it. */
  async begin(
    threadId: string,
    run: Pick<ThreadRun, "runId" | "agent" | "task">,
  ): Promise<readonly string[]> {
    const startedAt = this.#records.now();
    const thread = await this.#records.change(threadId, (before) => {
      const known = before ?? { id: threadId, tenant: this.#records.tenant, startedAt, runs: [] };
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
    await this.#records.change(threadId, (before) =>
      before === null
        ? null
        : { ...before, runs: before.runs.map((run) => (run.runId === runId ? { ...run, progress } : run)) },
    );
  }
}

function lastOf({ runs, startedAt }: ThreadRecord): string {
  return runs.at(-1)?.startedAt ?? startedAt;
}
