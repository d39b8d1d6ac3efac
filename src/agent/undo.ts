import { AksaraError } from "../errors.ts";
import { holdLease, Journal, readJournal } from "../records/journal.ts";
import type { Lease, Store } from "../storage/store.ts";
import { applyChanges, type PlannedChange } from "./files/change-set.ts";
import type { WorkspaceFiles } from "./files/workspace-files.ts";
import { type CallState, foldRun, type RunState } from "./run/run-state.ts";
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
  const only = "runId" in target ? target.callId : undefined;
  const trees = await runsOf(target, store);
  const calls = trees.flatMap((tree) => changesIn(tree, only));
  const rowsKept = trees.flatMap((tree) => rowCallsIn(tree, only));
  if (calls.length === 0)
    throw new AksaraError(
      "CONTEXT_NOT_FOUND",
      "There is no change of a file to take back there.",
      rowsKept.length === 0 ? {} : { hint: "Rows of a database were changed; those are not taken back." },
    );
  const undone = undoneIn(calls);
  // Whoever works in a session writes its journals; what cannot be written down is not done.
  const leases = new Map<string, Lease>();
  try {
    for (const { started } of undone.keys())
      if (started && !leases.has(started.sessionId))
        leases.set(started.sessionId, await holdLease(store, `session:${started.sessionId}`));
    const made = calls.map(({ call }) => call);
    const planned = await plannedUndo(made, store, files);
    await applyChanges(planned, files, store.blobs);
    for (const [{ started }, ids] of undone) {
      const lease = started && leases.get(started.sessionId);
      if (!lease) continue;
      const { journal } = await Journal.open(store, started.runId, { agent: started.agent, lease, now });
      try {
        await journal.append({ type: "undone", calls: ids }, true);
      } finally {
        await journal.close();
      }
    }
    return {
      files: planned.map(({ uri }) => uri),
      calls: calls.map(({ state, call }) => ({ runId: state.started?.runId ?? "", callId: call.id })),
      rowsKept,
    };
  } finally {
    for (const lease of leases.values()) await store.leases.release(lease);
  }
}

/** A run with those that its calls handed a task to. */
interface RunTree {
  readonly state: RunState;
  /** By the call that began each. */
  readonly below: ReadonlyMap<string, RunTree>;
}

/** A call that changed something by itself, with the calls above that led to it. */
interface Change {
  readonly state: RunState;
  readonly call: CallState;
  readonly above: readonly { readonly state: RunState; readonly call: CallState }[];
}

/** Calls by themselves, in the order in which they were made; what a run below did is its own. */
function* callsIn({ state, below }: RunTree, only?: string, above: Change["above"] = []): Iterable<Change> {
  if (only !== undefined && !state.calls.some(({ id }) => id === only))
    throw new AksaraError("CONTEXT_NOT_FOUND", `There is no step ${only} in this run.`);
  for (const call of state.calls) {
    if (only !== undefined && call.id !== only) continue;
    const tree = below.get(call.id);
    if (tree) yield* callsIn(tree, undefined, [...above, { state, call }]);
    else yield { state, call, above };
  }
}

function rowCallsIn(tree: RunTree, only: string | undefined): UndoReport["rowsKept"] {
  return [...callsIn(tree, only)].flatMap(({ state, call: { id, tool, action, result } }) =>
    action?.class === "data" && (result?.outcome === "done" || result?.outcome === "unknown")
      ? [{ runId: state.started?.runId ?? "", callId: id, tool }]
      : [],
  );
}

function changesIn(tree: RunTree, only: string | undefined): readonly Change[] {
  return [...callsIn(tree, only)].filter(
    ({ state, call }) => !state.undone.has(call.id) && (call.result?.changes.length ?? 0) > 0,
  );
}

/** Calls that nothing is left of, by their run: those that handed a task on hear of it as well. */
function undoneIn(changes: readonly Change[]): ReadonlyMap<RunState, readonly string[]> {
  const undone = new Map<RunState, string[]>();
  for (const { state, call, above } of changes)
    for (const each of [...above, { state, call }]) {
      const known = undone.get(each.state) ?? [];
      if (!known.includes(each.call.id)) undone.set(each.state, [...known, each.call.id]);
    }
  return undone;
}

async function runsOf(target: UndoTarget, store: Store): Promise<readonly RunTree[]> {
  if ("runId" in target) return [await treeOf(await readRun(store, target.runId), store)];
  const session = await findSession(store, target.sessionId);
  if (!session) throw new AksaraError("RUN_NOT_FOUND", `There is no session ${target.sessionId}.`);
  const trees: RunTree[] = [];
  for (const runId of session.runs) trees.push(await treeOf(await readRun(store, runId), store));
  if (!target.lastTurnOnly) return trees;
  const last = trees.findLast((tree) => changesIn(tree, undefined).length > 0);
  return last ? [last] : [];
}

async function treeOf(state: RunState, store: Store): Promise<RunTree> {
  const below = new Map<string, RunTree>();
  for (const runId of state.handedTo) {
    const child = foldRun(await readJournal(store, runId));
    const call = child.started?.labels.call;
    if (call !== undefined) below.set(call, await treeOf(child, store));
  }
  return { state, below };
}

/** What files become: for each the state before the first of the changes, if it still is in the state after the last. */
async function plannedUndo(
  calls: readonly CallState[],
  store: Store,
  files: WorkspaceFiles,
): Promise<readonly PlannedChange[]> {
  const spans = new Map<string, { readonly first: string | null; last: string | null }>();
  for (const call of calls)
    for (const { uri, before, after } of [...(call.result?.changes ?? []), ...call.corrections]) {
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

export function changedSince(uri: string): AksaraError {
  return new AksaraError("EDIT_CONFLICT", `${uri} has been changed since. Nothing was taken back.`, {
    hint: "Take back the later change first, or restore the file by hand.",
  });
}
