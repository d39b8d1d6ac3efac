import { AksaraError } from "../errors.ts";
import { Journal } from "../records/journal.ts";
import type { Store } from "../storage/store.ts";
import { applyChanges, type PlannedChange } from "./files/change-set.ts";
import type { WorkspaceFiles } from "./files/workspace-files.ts";
import type { CallState, RunState } from "./run/run-state.ts";
import { findSession, readRun } from "./sessions.ts";

/** What is to be taken back: one step of a run, a run (which is a turn of its session), or all of a session. */
export type UndoTarget =
  | { readonly runId: string; readonly callId?: string | undefined }
  | { readonly sessionId: string; readonly lastTurnOnly?: boolean | undefined };

export interface UndoReport {
  /** Files that are as they were before. */
  readonly files: readonly string[];
  /** Calls whose changes were taken back. */
  readonly calls: readonly { readonly runId: string; readonly callId: string }[];
  /** Calls that changed rows of a database, which nothing takes back. */
  readonly rowsKept: readonly { readonly runId: string; readonly callId: string; readonly tool: string }[];
}

/**
 * Takes changes back, all of them or none. A file that was changed since, by whomever, is left alone, and then nothing
 * is taken back: somebody's work is not ours to throw away.
 * @throws EDIT_CONFLICT, RUN_NOT_FOUND, THREAD_BUSY
 */
export async function undoCalls(
  target: UndoTarget,
  store: Store,
  files: WorkspaceFiles,
  now: () => number,
): Promise<UndoReport> {
  const states = await runsOf(target, store);
  const calls = states.flatMap((state) =>
    callsOf(state, "runId" in target ? target.callId : undefined).map((call) => ({ state, call })),
  );
  const rowsKept = states.flatMap((state) =>
    rowCallsOf(state, "runId" in target ? target.callId : undefined),
  );
  if (calls.length === 0)
    throw new AksaraError(
      "CONTEXT_NOT_FOUND",
      "There is no change of a file to take back there.",
      rowsKept.length === 0 ? {} : { hint: "Rows of a database were changed; those are not taken back." },
    );
  const planned = await plannedUndo(
    calls.map(({ call }) => call),
    store,
    files,
  );
  await applyChanges(planned, files, store.blobs);
  for (const state of states) {
    const undone = calls.filter((each) => each.state === state).map(({ call }) => call.id);
    const { started } = state;
    if (undone.length === 0 || !started) continue;
    const { journal } = await Journal.open(store, started.runId, {
      agent: started.agent,
      lease: `session:${started.sessionId}`,
      now,
    });
    try {
      await journal.append({ type: "undone", calls: undone }, true);
    } finally {
      await journal.close();
    }
  }
  return {
    files: planned.map(({ uri }) => uri),
    calls: calls.map(({ state, call }) => ({ runId: state.started?.runId ?? "", callId: call.id })),
    rowsKept,
  };
}

function rowCallsOf({ calls, started }: RunState, only: string | undefined): UndoReport["rowsKept"] {
  return calls
    .filter(
      ({ id, action, result }) =>
        (only === undefined || id === only) &&
        action?.class === "data" &&
        (result?.outcome === "done" || result?.outcome === "unknown"),
    )
    .map(({ id, tool }) => ({ runId: started?.runId ?? "", callId: id, tool }));
}

async function runsOf(target: UndoTarget, store: Store): Promise<readonly RunState[]> {
  if ("runId" in target) return [await readRun(store, target.runId)];
  const session = await findSession(store, target.sessionId);
  if (!session) throw new AksaraError("RUN_NOT_FOUND", `There is no session ${target.sessionId}.`);
  const states: RunState[] = [];
  for (const runId of session.runs) states.push(await readRun(store, runId));
  if (!target.lastTurnOnly) return states;
  const last = states.findLast((state) => callsOf(state, undefined).length > 0);
  return last ? [last] : [];
}

function callsOf(state: RunState, only: string | undefined): readonly CallState[] {
  if (only !== undefined && !state.calls.some(({ id }) => id === only))
    throw new AksaraError("CONTEXT_NOT_FOUND", `There is no step ${only} in this run.`);
  return state.calls.filter(
    (call) =>
      (only === undefined || call.id === only) &&
      !state.undone.has(call.id) &&
      (call.result?.changes.length ?? 0) > 0,
  );
}

/** What files become: for each the state before the first of the changes, if it still is in the state after the last. */
async function plannedUndo(
  calls: readonly CallState[],
  store: Store,
  files: WorkspaceFiles,
): Promise<readonly PlannedChange[]> {
  const spans = new Map<string, { readonly first: string | null; last: string | null }>();
  for (const call of calls)
    for (const { uri, before, after } of call.result?.changes ?? []) {
      const span = spans.get(uri);
      if (!span) spans.set(uri, { first: before, last: after });
      else if (span.last !== before) throw changedSince(uri);
      else span.last = after;
    }
  const planned: PlannedChange[] = [];
  for (const [uri, { first, last }] of spans) {
    if (first === last) continue;
    const before = await files.find(uri);
    if ((before?.hash ?? null) !== last) throw changedSince(uri);
    const content = first === null ? null : await store.blobs.get(first);
    if (first !== null && content === null)
      throw new AksaraError(
        "STORE_UNAVAILABLE",
        `What ${uri} was before is not kept any more. Nothing was taken back.`,
      );
    planned.push({ uri, before, after: content === null ? null : Buffer.from(content) });
  }
  return planned;
}

function changedSince(uri: string): AksaraError {
  return new AksaraError("EDIT_CONFLICT", `${uri} has been changed since. Nothing was taken back.`, {
    hint: "Take back the later change first, or restore the file by hand.",
  });
}
