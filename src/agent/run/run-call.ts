import { AksaraError, type ErrorCode, isAksaraError, isCancelled, throwIfCancelled } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import type {
  ApprovalAnswer,
  ApprovalRequest,
  CallResult,
  ChosenFile,
  Decision,
} from "../../protocol/agent.ts";
import { sha256 } from "../../workspace/hash.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import { decide, scopesFor } from "../approvals/decide.ts";
import { chooseParts } from "../files/change-parts.ts";
import { fileChanges, keepContents } from "../files/change-set.ts";
import { parseInput } from "../tools/parse-input.ts";
import { PLAN_TOOL } from "../tools/propose-plan.ts";
import { classOfCall, type Intent, NO_INTENT, type Tool } from "../tools/tool.ts";
import { contextOf, type ReadyCall } from "./call-context.ts";
import { failedResult } from "./call-results.ts";
import { executeCall } from "./execute-call.ts";
import type { RunParts } from "./run-parts.ts";
import type { CallState } from "./run-state.ts";

/** How often a person is asked about one call whose meaning changes under their hands. */
const MOST_QUESTIONS = 5;

/**
 * Brings one call to its one result: looks at it, decides, asks where a person must, announces it, runs it. What the
 * model must know is in the result; thrown is only what ends the run.
 * @throws CANCELLED, and what the store throws
 */
export async function runCall(call: CallState, run: RunParts): Promise<void> {
  throwIfCancelled(run.signal);
  const started = performance.now();
  const result = await resultOf(call, run).catch((error: unknown) => {
    if (isCancelled(error) || !isAksaraError(error)) throw error;
    if (error.code === "STORE_UNAVAILABLE" || error.code === "THREAD_BUSY") throw error;
    return refusal(error);
  });
  await finishCall(call, { ...result, durationMs: roundMs(performance.now() - started) }, run);
}

/** Writes the result of a call, and tells the hooks. */
export async function finishCall(call: CallState, result: CallResult, run: RunParts): Promise<void> {
  await recordResult(call, result, run);
  await run.hooks.afterTool?.(call.tool, {
    output: result.output,
    isError: result.isError,
    durationMs: result.durationMs,
  });
}

/** Writes the result of a call: the one that it has. */
export async function recordResult(call: CallState, result: CallResult, run: RunParts): Promise<void> {
  const isEffect = call.action !== null && call.action.class !== "read";
  await run.log.record({ type: "result", id: call.id, tool: call.tool, result }, isEffect);
  for (const { uri, hash } of result.reads) run.files.noteSeen(uri, hash);
  for (const { uri, after } of [...result.changes, ...result.held])
    if (after !== null) run.files.noteSeen(uri, after);
  if (result.changes.length > 0) run.workspace.refresh(result.changes.map(({ uri }) => uri));
}

/** A call that was decided about and is not to run. */
class RefusedCall extends AksaraError {
  readonly decision: Decision;

  constructor(code: ErrorCode, message: string, hint: string, decision: Decision) {
    super(code, message, { hint });
    this.decision = decision;
  }
}

/** A result for a call that did not run. */
export function refusal(error: AksaraError): CallResult {
  const text = error.hint === null ? error.message : `${error.message}\n${error.hint}`;
  return {
    ...failedResult(text, error.code, "not-run"),
    decision: error instanceof RefusedCall ? error.decision : null,
  };
}

async function resultOf(call: CallState, run: RunParts): Promise<CallResult> {
  const tool = findTool(call, run);
  if (call.malformed !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `The arguments of ${call.tool} are no JSON.`, {
      hint: "Make the call again with a JSON object.",
    });
  // What a person or a hook changed before a restart is what counts.
  const proposed = call.approval && isYes(call.approval.answer) ? call.approval.request.input : call.input;
  const input = await hooked(tool, parseInput(tool, proposed), run);
  const ready = await permitted(call, tool, input, run);
  if (tool.name === PLAN_TOOL) await run.log.record({ type: "plan", plan: ready.input }, true);
  return await executeCall(call, tool, ready, run);
}

function findTool(call: CallState, run: RunParts): Tool {
  const tool = run.tools.find(({ name }) => name === call.tool);
  if (tool) return tool;
  const names = run.tools.map(({ name }) => name);
  const near = nearestNames(call.tool, names);
  throw new AksaraError("TOOL_NOT_FOUND", `There is no tool "${call.tool}" in this run.`, {
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Tools are ${names.join(", ")}.`,
  });
}

async function hooked(tool: Tool, input: unknown, run: RunParts): Promise<unknown> {
  const answer = await run.hooks.beforeTool?.(tool.name, input);
  if (answer === false)
    throw new AksaraError("TOOL_NOT_ALLOWED", `${tool.name} was blocked by a hook of the host.`, {
      hint: "Do not try it again; say what you could not do.",
    });
  return typeof answer === "object" && answer !== null ? parseInput(tool, answer) : input;
}

/**
 * Decides about a call, asking as often as what it would do changes: an answer is for exactly the arguments and the
 * files that were shown.
 */
async function permitted(call: CallState, tool: Tool, given: unknown, run: RunParts): Promise<ReadyCall> {
  let input = given;
  const before = call.approval && isYes(call.approval.answer) ? call.approval : null;
  let approved = before?.request.fingerprint ?? null;
  let chosen = before?.answer?.chosen ?? null;
  let revised: string | null = null;
  let asked: Decision | null = null;
  for (let questions = 0; questions <= MOST_QUESTIONS; ) {
    const intent = tool.intend ? await tool.intend(input, contextOf(call, tool, run, [])) : NO_INTENT;
    const decision = await decisionOf(call, tool, input, intent, run);
    if (decision.verdict === "deny") throw denied(tool, decision);
    const fingerprint =
      decision.verdict === "ask" || approved !== null ? fingerprintOf(tool, input, intent) : "";
    const isApproved = approved === fingerprint;
    // What a person has just approved is said to be that, also where the approval now covers more.
    const ready = { input, intent, decision: (isApproved && asked) || decision, part: null };
    if (isApproved && chosen) return partly(ready, chosen);
    if (isApproved || decision.verdict === "allow") return ready;
    // A person wrote these arguments; nobody but them is asked about what they did not see.
    if (revised !== null && revised === dangersOf(intent)) return ready;
    const request = await ask(call, tool, input, intent, decision, fingerprint, run);
    questions++;
    asked = decision;
    const { answer } = request;
    chosen = answer.chosen ?? null;
    switch (answer.outcome) {
      case "approve":
        approved = fingerprint;
        if (
          answer.scope &&
          answer.scope !== "once" &&
          request.scopes.includes(answer.scope) &&
          intent.covers !== null
        )
          await run.grants.give(answer.scope, tool.name, intent.covers, run.sessionId);
        break;
      case "reject":
        throw rejected(tool, answer.feedback, decision);
      case "revise":
        if (isYes(answer)) {
          approved = fingerprint;
          break;
        }
        if (answer.partial === undefined) throw changesWanted(tool, answer.feedback, decision);
        input = parseInput(tool, merged(input, answer.partial));
        revised = dangersOf(intent);
        break;
    }
  }
  throw new AksaraError(
    "APPROVAL_REJECTED",
    `What ${tool.name} would do kept changing while it was asked about.`,
  );
}

/** Whether a person wants what they were shown, or a part of it, without having changed the arguments. */
function isYes(answer: ApprovalAnswer | null): boolean {
  return answer?.outcome === "approve" || (answer?.outcome === "revise" && answer.chosen !== undefined);
}

/** A call of which only a part is made. @throws EDIT_CONFLICT where that is not what was shown */
function partly(ready: ReadyCall, chosen: readonly ChosenFile[]): ReadyCall {
  const part = chooseParts(ready.intent.planned ?? [], chosen);
  return { ...ready, intent: { ...ready.intent, changes: fileChanges(part.planned) }, part };
}

async function decisionOf(
  call: CallState,
  tool: Tool,
  input: unknown,
  intent: Intent,
  run: RunParts,
): Promise<Decision> {
  const { policy, log } = run;
  const toolClass = classOfCall(tool, input);
  const judged = { tool: tool.name, input, callId: call.id };
  const toolPolicy = await run.calls.policyOf(judged);
  if (tool.name === PLAN_TOOL)
    return toolPolicy === "never" && run.mode !== "supervised" && !policy.interactive
      ? { verdict: "allow", rule: "plan-policy", why: "Plans of this agent need no approval.", risk: "low" }
      : { verdict: "ask", rule: "plan", why: "The agent proposes a plan.", risk: "low" };
  if (run.mode === "supervised" && toolClass !== "read" && log.state.plan === null)
    return {
      verdict: "deny",
      rule: "plan-first",
      why: "In supervised mode a plan is approved before anything is changed.",
      risk: tool.risk,
    };
  const isRead = toolClass === "read";
  return decide({
    tool: tool.name,
    class: toolClass,
    risk: tool.risk,
    dangers: intent.dangers,
    touchesProtected: !isRead && intent.changes.some(({ uri }) => run.files.isProtected(uri)),
    policy,
    grant: isRead
      ? null
      : ((await run.calls.grantOf(judged)) ??
        (await run.grants.find(tool.name, intent.covers, run.sessionId))),
    toolPolicy,
    mayHaveHappened: !isRead && mayHaveHappened(call, tool, input, run),
  });
}

/** Whether an equal call of this run was cut off in the middle. */
function mayHaveHappened(call: CallState, tool: Tool, input: unknown, run: RunParts): boolean {
  const wanted = canonicalJson(input);
  return run.log.state.calls.some(
    (other) =>
      other !== call &&
      other.tool === tool.name &&
      other.result?.outcome === "unknown" &&
      canonicalJson(other.input) === wanted,
  );
}

async function ask(
  call: CallState,
  tool: Tool,
  input: unknown,
  intent: Intent,
  decision: Decision,
  fingerprint: string,
  run: RunParts,
): Promise<{
  readonly answer: Awaited<ReturnType<NonNullable<RunParts["approver"]>["ask"]>>;
  readonly scopes: ApprovalRequest["scopes"];
}> {
  const { approver, log, clock, signal } = run;
  if (!approver)
    throw new RefusedCall(
      "APPROVAL_REQUIRED",
      `${tool.name} needs the approval of a person, and nobody is here to ask.`,
      `${decision.why} Do not try it again; say what you could not do.`,
      decision,
    );
  const known = call.approval;
  // A question that was open when the process died is the same question.
  const isSame = known !== null && known.answer === null && known.request.fingerprint === fingerprint;
  const request: ApprovalRequest = isSame
    ? known.request
    : {
        id: `${log.runId}.${call.id}.${log.state.callIds.size}.${fingerprint.slice(0, 8)}`,
        about: tool.name === PLAN_TOOL ? "plan" : "tool",
        callId: call.id,
        tool: tool.name,
        input,
        class: classOfCall(tool, input),
        decision,
        preview: intent.preview,
        scopes: [...scopesFor(decision, intent.covers)],
        fingerprint,
      };
  // Whoever is asked can look at the files whole, also after a restart.
  if (!isSame && intent.planned) await keepContents(intent.planned, run.store.blobs);
  const state = await approver.open?.(request);
  if (!isSame) await log.record({ type: "approval", id: request.id, request }, true);
  // Who listens now did not hear it when it was asked first.
  else if (state === "waiting") log.announce({ type: "approval", id: request.id, request });
  const answer = await clock.waiting(() => approver.ask(request, signal));
  await log.record({ type: "approval-answered", id: request.id, answer, by: "person" }, true);
  return { answer, scopes: request.scopes };
}

/** What exactly is approved: tool, arguments, files as they are and will be, and what is shown of the rest. */
function fingerprintOf(tool: Tool, input: unknown, { preview, changes, state }: Intent): string {
  const shown = preview.kind === "diff" ? null : preview;
  return sha256(
    canonicalJson({ tool: tool.name, input, changes, shown, ...(state === undefined ? {} : { state }) }),
  );
}

function dangersOf({ dangers }: Intent): string {
  return dangers.map(({ name }) => name).join(" ");
}

function merged(input: unknown, partial: Readonly<Record<string, unknown>>): unknown {
  return typeof input === "object" && input !== null && !Array.isArray(input)
    ? { ...input, ...partial }
    : partial;
}

function denied(tool: Tool, decision: Decision): RefusedCall {
  return new RefusedCall(
    "TOOL_NOT_ALLOWED",
    `${tool.name} is not allowed here: ${decision.why}`,
    decision.rule === "plan-first"
      ? "Propose a plan with propose_plan."
      : "Do not look for a way around it; say what you could not do.",
    decision,
  );
}

function rejected(tool: Tool, feedback: string | undefined, decision: Decision): RefusedCall {
  return new RefusedCall(
    "APPROVAL_REJECTED",
    `A person rejected this call of ${tool.name}.`,
    feedback ? `They said: ${feedback}` : "They gave no reason. Do not make the same call again.",
    decision,
  );
}

function changesWanted(tool: Tool, feedback: string | undefined, decision: Decision): RefusedCall {
  return new RefusedCall(
    "APPROVAL_REJECTED",
    `A person wants this call of ${tool.name} changed; it was not run.`,
    feedback ? `They said: ${feedback}` : "Ask them what they want, or propose something else.",
    decision,
  );
}

function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
