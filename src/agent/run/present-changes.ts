import { isAksaraError, isCancelled } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import type { ApprovalRequest, FileChange } from "../../protocol/agent.ts";
import { sha256 } from "../../workspace/hash.ts";
import { type ChosenPart, chooseParts } from "../files/change-parts.ts";
import {
  applyChanges,
  changesPreview,
  divisiblePreview,
  fileChanges,
  keepContents,
  type PlannedChange,
} from "../files/change-set.ts";
import { WorkspaceFiles } from "../files/workspace-files.ts";
import { doneResult } from "./call-results.ts";
import { recordResult, refusal } from "./run-call.ts";
import type { RunParts } from "./run-parts.ts";
import type { RunState } from "./run-state.ts";

/** Name and id of the step that makes what was held back. */
export const APPLY_STEP = "apply_changes";

/**
 * Presents what a sandboxed run held back as one set, and makes it when a person says so. Gives the diff of what was
 * not made; null when there is nothing.
 */
export async function presentChanges(run: RunParts): Promise<string | null> {
  const { overlay, roots } = run.files;
  if (!overlay || overlay.size === 0) return null;
  const disk = new WorkspaceFiles(roots, false);
  const planned: PlannedChange[] = [];
  for (const [uri, after] of [...overlay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = await disk.find(uri);
    if ((before?.hash ?? null) !== (after === null ? null : sha256(after)))
      planned.push({ uri, before, after });
  }
  if (planned.length === 0) return null;
  const diff = changesPreview(planned)
    .files.map((file) => file.diff)
    .join("");
  const part = await approvedPart(planned, run);
  if (part === null) return diff;
  const changes = fileChanges(part.planned);
  await announce(changes, run);
  const call = run.log.state.call(APPLY_STEP);
  if (!call) return diff;
  try {
    await applyChanges(part.planned, disk, run.store.blobs);
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    await recordResult(call, { ...refusal(error), outcome: "failed" }, run);
    return diff;
  }
  const output = changes.map(({ uri }) => `changed ${uri}`).join("\n");
  await recordResult(call, { ...doneResult(output), changes: [...changes] }, run);
  return part.leftOut === "" ? null : part.leftOut;
}

/** What a person wants of it; null where that is nothing. @throws EDIT_CONFLICT where it is not what was shown */
async function approvedPart(planned: readonly PlannedChange[], run: RunParts): Promise<ChosenPart | null> {
  const { approver, log, clock, signal } = run;
  if (!approver || signal.aborted) return null;
  const changes = fileChanges(planned);
  const fingerprint = sha256(canonicalJson(changes));
  const request: ApprovalRequest = {
    id: `${log.runId}.${APPLY_STEP}.${fingerprint.slice(0, 8)}`,
    about: "sandbox",
    callId: null,
    tool: APPLY_STEP,
    input: { files: planned.map(({ uri }) => uri) },
    class: "write",
    decision: { verdict: "ask", rule: "sandbox", why: "These changes were held back.", risk: "medium" },
    preview: divisiblePreview(planned),
    scopes: ["once"],
    fingerprint,
  };
  await keepContents(planned, run.store.blobs);
  await approver.open?.(request);
  await log.record({ type: "approval", id: request.id, request }, true);
  try {
    const answer = await clock.waiting(() => approver.ask(request, signal));
    await log.record({ type: "approval-answered", id: request.id, answer, by: "person" }, true);
    if (answer.outcome === "approve") return { planned, leftOut: "" };
    return answer.outcome === "revise" && answer.chosen ? chooseParts(planned, answer.chosen) : null;
  } catch (error) {
    if (isCancelled(error)) return null;
    throw error;
  }
}

async function announce(changes: readonly FileChange[], run: RunParts): Promise<void> {
  await run.log.record(
    {
      type: "action",
      id: APPLY_STEP,
      tool: APPLY_STEP,
      input: { files: changes.map(({ uri }) => uri) },
      class: "write",
      decision: { verdict: "ask", rule: "sandbox", why: "These changes were held back.", risk: "medium" },
      attempt: 1,
      changes: [...changes],
    },
    true,
  );
}

/** What a run that goes on had held back before. */
export async function restoreHeld(state: RunState, run: Pick<RunParts, "files" | "store">): Promise<void> {
  for (const { result } of state.calls)
    for (const { uri, after } of result?.held ?? []) {
      const content = after === null ? null : await run.store.blobs.get(after);
      run.files.holdBack(uri, content === null ? null : Buffer.from(content));
    }
}
