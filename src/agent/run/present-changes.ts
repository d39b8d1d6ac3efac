import { isAksaraError, isCancelled } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import type { ApprovalRequest, FileChange } from "../../protocol/agent.ts";
import { sha256 } from "../../workspace/hash.ts";
import { applyChanges, changesPreview, fileChanges, type PlannedChange } from "../files/change-set.ts";
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
  const preview = changesPreview(planned);
  const diff = preview.kind === "diff" ? preview.files.map((file) => file.diff).join("") : "";
  if (!(await isApproved(planned, run))) return diff;
  const changes = fileChanges(planned);
  await announce(changes, run);
  const call = run.log.state.call(APPLY_STEP);
  if (!call) return diff;
  try {
    await applyChanges(planned, disk, run.store.blobs);
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    await recordResult(call, { ...refusal(error), outcome: "failed" }, run);
    return diff;
  }
  const output = changes.map(({ uri }) => `changed ${uri}`).join("\n");
  await recordResult(call, { ...doneResult(output), changes: [...changes] }, run);
  return null;
}

async function isApproved(planned: readonly PlannedChange[], run: RunParts): Promise<boolean> {
  const { approver, log, clock, signal } = run;
  if (!approver || signal.aborted) return false;
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
    preview: changesPreview(planned),
    scopes: ["once"],
    fingerprint,
  };
  await approver.open?.(request);
  await log.record({ type: "approval", id: request.id, request }, true);
  try {
    const answer = await clock.waiting(() => approver.ask(request, signal));
    await log.record({ type: "approval-answered", id: request.id, answer, by: "person" }, true);
    return answer.outcome === "approve";
  } catch (error) {
    if (isCancelled(error)) return false;
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
