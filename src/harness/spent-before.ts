import { foldRun } from "../agent/run/run-state.ts";
import { readJournal } from "../records/journal.ts";
import type { Store } from "../storage/store.ts";

/** What a run of a tree has used, by the name of its agent. */
export interface Spent {
  readonly agent: string;
  readonly spent: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly costUsd: number | null;
    readonly estimated: boolean;
  };
}

/** What a tree of runs has used before it goes on: of its root, and of every run that was handed a task below it. */
export async function spentBefore(store: Store, rootRunId: string): Promise<readonly Spent[]> {
  const all: Spent[] = [];
  const left = [rootRunId];
  const seen = new Set<string>();
  for (let runId = left.pop(); runId !== undefined; runId = left.pop()) {
    if (seen.has(runId)) continue;
    seen.add(runId);
    const records = await readJournal(store, runId);
    const { started, inputTokens, outputTokens, costUsd, estimated } = foldRun(records);
    if (!started) continue;
    all.push({ agent: started.agent, spent: { inputTokens, outputTokens, costUsd, estimated } });
    for (const record of records) if (record.type === "handoff") left.push(record.childRunId);
  }
  return all;
}
