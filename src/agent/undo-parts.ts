import { AksaraError } from "../errors.ts";
import type { ChosenFile, FileChange } from "../protocol/agent.ts";
import { Journal } from "../records/journal.ts";
import type { Store } from "../storage/store.ts";
import { chooseParts } from "./files/change-parts.ts";
import { applyChanges, fileChanges, type PlannedChange } from "./files/change-set.ts";
import { type FileContent, WorkspaceFiles } from "./files/workspace-files.ts";
import type { RunState } from "./run/run-state.ts";
import { readRun } from "./sessions.ts";
import { changedSince } from "./undo.ts";
import type { AgentWorkspace } from "./workspace-port.ts";

/** A step of a run. */
export interface StepId {
  readonly runId: string;
  readonly callId: string;
}

/** What a step made of a file, as it stands now. */
export interface StepChange {
  readonly uri: string;
  readonly before: FileContent | null;
  readonly after: Buffer | null;
}

interface UndoServices {
  readonly store: Store;
  readonly workspace: Pick<AgentWorkspace, "roots" | "refresh">;
  readonly now: () => number;
}

/** What a step changed in files, without what a person took back of it. @throws RUN_NOT_FOUND, STORE_UNAVAILABLE */
export async function stepChanges(step: StepId, store: Store): Promise<readonly StepChange[]> {
  return await contentsOf(netChanges(await readRun(store, step.runId), step.callId), store);
}

/**
 * Takes back a part of what a step changed: of each file that is named, only the changes that are named stay. The files
 * must still be as the step left them. Gives the files.
 * @throws EDIT_CONFLICT, RUN_NOT_FOUND, THREAD_BUSY, STORE_UNAVAILABLE
 */
export async function undoParts(
  step: StepId,
  kept: readonly ChosenFile[],
  { store, workspace, now }: UndoServices,
): Promise<readonly string[]> {
  const files = new WorkspaceFiles(workspace.roots, false);
  const state = await readRun(store, step.runId);
  const made = await contentsOf(netChanges(state, step.callId), store);
  const { planned } = chooseParts(made, kept);
  const { started } = state;
  // Whoever works in the session writes its journals; what is not written down is not done.
  const { journal } = await Journal.open(store, step.runId, {
    agent: started?.agent ?? "",
    lease: `session:${started?.sessionId ?? ""}`,
    now,
  });
  try {
    const back = await wayBack(planned, made, files);
    await applyChanges(back, files, store.blobs);
    await journal.append({ type: "undone-part", call: step.callId, changes: [...fileChanges(back)] }, true);
    const uris = back.map(({ uri }) => uri);
    workspace.refresh(uris);
    return uris;
  } finally {
    await journal.close();
  }
}

const NOTHING = Buffer.alloc(0);

/** From what the files are, which is what the step had left, to the part of it that stays. @throws EDIT_CONFLICT */
async function wayBack(
  planned: readonly PlannedChange[],
  made: readonly StepChange[],
  files: WorkspaceFiles,
): Promise<readonly PlannedChange[]> {
  const back: PlannedChange[] = [];
  for (const { uri, after } of planned) {
    const before = await files.find(uri);
    const left = made.find((change) => change.uri === uri)?.after ?? null;
    if (
      Buffer.compare(before?.bytes ?? NOTHING, left ?? NOTHING) !== 0 ||
      (before === null) !== (left === null)
    )
      throw changedSince(uri);
    back.push({ uri, before, after });
  }
  return back;
}

function netChanges(state: RunState, callId: string): readonly FileChange[] {
  const call = state.calls.find(({ id }) => id === callId);
  if (!call || state.undone.has(callId)) return [];
  const net = new Map<string, FileChange>();
  for (const change of [...(call.result?.changes ?? []), ...call.corrections])
    net.set(change.uri, { ...change, before: (net.get(change.uri) ?? change).before });
  return [...net.values()].filter(({ before, after }) => before !== after);
}

async function contentsOf(changes: readonly FileChange[], store: Store): Promise<readonly StepChange[]> {
  const content = async (uri: string, hash: string | null): Promise<Buffer | null> => {
    if (hash === null) return null;
    const kept = await store.blobs.get(hash);
    if (kept) return Buffer.from(kept);
    throw new AksaraError("STORE_UNAVAILABLE", `What ${uri} was is not kept any more.`);
  };
  const found: StepChange[] = [];
  for (const { uri, before, after } of changes) {
    const bytes = await content(uri, before);
    found.push({
      uri,
      before: bytes === null || before === null ? null : { uri, bytes, hash: before },
      after: await content(uri, after),
    });
  }
  return found;
}
