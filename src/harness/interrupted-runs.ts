import { foldRun } from "../agent/run/run-state.ts";
import type { AgentEventOf } from "../protocol/agent.ts";
import { readJournal } from "../records/journal.ts";
import type { RunProgress, ThreadRun } from "../records/threads.ts";
import type { Store } from "../storage/store.ts";
import type { Company } from "./company.ts";
import { sessionOf } from "./seat.ts";

/** A run that can be gone on with. */
export interface InterruptedRun {
  readonly resumeToken: string;
  readonly threadId: string;
  readonly agent: string;
  readonly task: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** `waiting` for a person, `stopped` by somebody, or `died` with its process. */
  readonly reason: "waiting" | "stopped" | "died";
}

type Known = Pick<Company, "threads" | "store" | "spec">;

/** Runs that can be gone on with, the latest first. `waiting`: those that a person is asked by. */
export async function interruptedRuns(
  company: Known,
  waiting: ReadonlySet<string>,
  isRunning: (runId: string) => boolean,
): Promise<readonly InterruptedRun[]> {
  const found: InterruptedRun[] = [];
  for (const { id, runs } of await company.threads.list())
    for (const run of runs.filter(({ task, runId }) => task !== null && !isRunning(runId))) {
      const reason = await reasonOf(run, id, waiting, company);
      const { runId: resumeToken, agent, task, startedAt } = run;
      if (reason !== null)
        found.push({ resumeToken, threadId: id, agent, task: task ?? "", startedAt, reason });
    }
  return found.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

async function reasonOf(
  { runId, progress }: ThreadRun,
  threadId: string,
  waiting: ReadonlySet<string>,
  company: Known,
): Promise<InterruptedRun["reason"] | null> {
  if (progress === "interrupted") return waiting.has(runId) ? "waiting" : "stopped";
  if (progress !== "running") return null;
  const session = await sessionOfRun(threadId, runId, company);
  const holder = await company.store.leases.holderOf(`session:${session}`);
  if (holder !== null) return null;
  const end = await endOfRun(runId, company.store);
  if (end === null) return "died";
  // Its process died between its end and the note of it.
  await company.threads.settle(threadId, runId, end);
  return end === "interrupted" ? (waiting.has(runId) ? "waiting" : "stopped") : null;
}

/** The conversation that a run began in; of one that has not begun, that of its thread. */
export async function sessionOfRun(
  threadId: string,
  runId: string | null,
  { store, spec }: Pick<Company, "store" | "spec">,
): Promise<string> {
  const started = runId === null ? null : (await readJournal(store, runId))[0];
  if (started?.type === "run-started") return started.sessionId;
  return sessionOf(spec.tenant.resourceId, threadId);
}

/** How the journal of a run ends; null while it has no end. */
export async function endOfRun(runId: string, store: Store): Promise<RunProgress | null> {
  const { ended } = foldRun(await readJournal(store, runId));
  return ended === null ? null : progressAfter(ended);
}

export function progressAfter({ type }: AgentEventOf<"complete" | "error" | "interrupted">): RunProgress {
  return type === "error" ? "failed" : type;
}
