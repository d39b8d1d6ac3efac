import type {
  AgentEventOf,
  ApprovalAnswer,
  ApprovalRequest,
  CallResult,
  Decision,
  FileChange,
} from "../../protocol/agent.ts";
import type { AssistantContent, ModelMessage } from "../../providers/model-stream.ts";
import type { JournalRecord, ModelAnswered, RunStarted } from "../../records/journal-record.ts";
import { sizeOf } from "./message-size.ts";

/** A call as far as it has come. */
export interface CallState {
  readonly id: string;
  readonly tool: string;
  /** As the model wrote it; after a hook or a person changed it, as it ran. */
  input: unknown;
  /** The text, when it was no JSON. */
  readonly malformed: string | null;
  readonly iteration: number;
  action: AgentEventOf<"action"> | null;
  /** The last question about it, and its answer. */
  approval: { readonly request: ApprovalRequest; answer: ApprovalAnswer | null } | null;
  result: CallResult | null;
  /** What a person took back of its changes afterwards, a part at a time. */
  corrections: readonly FileChange[];
}

/** What a run is: a fold over its records. The same function serves the running one and one that is read again. */
export class RunState {
  started: RunStarted | null = null;
  readonly messages: ModelMessage[] = [];
  /** Calls in the order in which the model made them. */
  readonly calls: CallState[] = [];
  /** Calls of the last answer, while some have no result. */
  open: CallState[] = [];
  /** Estimated tokens of `messages`. */
  contextTokens = 0;
  iterations = 0;
  inputTokens = 0;
  outputTokens = 0;
  costUsd: number | null = 0;
  estimated = false;
  /** What the last answer said, for the result. */
  text = "";
  lastFinish: string | null = null;
  /** A call of the model without an answer: what it may have cost. */
  asked: { readonly reservedInput: number } | null = null;
  /** The plan that a person approved; null while there is none. */
  plan: unknown = null;
  readonly callIds = new Set<string>();
  ended: AgentEventOf<"complete" | "error" | "interrupted"> | null = null;
  /** Outputs that were too long to be shown whole, by their hash. */
  readonly references: string[] = [];
  /** Runs of others that it handed a task to. */
  readonly handedTo: string[] = [];
  readonly undone = new Set<string>();
  /** The messages stand for what was said in the runs before as well. */
  coversPast = false;
  readonly notices: { readonly kind: string }[] = [];
  /** The number of records is not kept; the time of the last one is. */
  lastAt = "";

  apply(record: JournalRecord): void {
    this.lastAt = record.at;
    switch (record.type) {
      case "run-started":
        this.started = record;
        this.#say(userMessage(record.task));
        break;
      case "model-asked":
        this.iterations = Math.max(this.iterations, record.iteration);
        this.#countLost();
        this.asked = { reservedInput: record.reservedInput };
        break;
      case "model-answered":
        this.#answer(record);
        break;
      case "action": {
        const call = this.call(record.id) ?? this.#ownStep(record);
        call.action = record;
        call.input = record.input;
        break;
      }
      case "approval": {
        const call = record.request.callId === null ? null : this.call(record.request.callId);
        if (call) call.approval = { request: record.request, answer: null };
        break;
      }
      case "approval-answered": {
        const call = this.calls.find(({ approval }) => approval?.request.id === record.id);
        if (call?.approval) call.approval.answer = record.answer;
        break;
      }
      case "result":
        this.#finish(record.id, record.result);
        break;
      case "plan":
        this.plan = record.plan;
        break;
      case "notice":
        this.notices.push({ kind: record.kind });
        this.#say(userMessage(record.text));
        break;
      case "compacted":
        for (const message of this.messages.slice(1, record.keepFrom)) this.contextTokens -= sizeOf(message);
        this.messages.splice(1, record.keepFrom - 1);
        this.#say(userMessage(record.digest), 1);
        break;
      case "conversation-compacted":
        this.messages.length = 0;
        this.contextTokens = 0;
        this.coversPast = true;
        this.#say(userMessage(record.digest));
        break;
      case "run-resumed":
        this.ended = null;
        this.#countLost();
        break;
      case "undone":
        for (const call of record.calls) this.undone.add(call);
        this.#say(userMessage(`The person took back what these calls changed: ${record.calls.join(", ")}.`));
        break;
      case "undone-part": {
        const call = this.call(record.call);
        if (call) call.corrections = [...call.corrections, ...record.changes];
        const files = record.changes.map(({ uri }) => uri).join(", ");
        this.#say(
          userMessage(`The person took back a part of what the call ${record.call} changed in ${files}.`),
        );
        break;
      }
      case "complete":
      case "error":
      case "interrupted":
        this.ended = record;
        break;
      case "reference":
        this.references.push(record.reference.id);
        break;
      case "handoff":
        this.handedTo.push(record.childRunId);
        break;
      case "usage":
        break;
    }
  }

  call(id: string): CallState | null {
    return this.open.find((call) => call.id === id) ?? this.calls.findLast((call) => call.id === id) ?? null;
  }

  #say(message: ModelMessage, at = this.messages.length): void {
    this.contextTokens += sizeOf(message);
    this.messages.splice(at, 0, message);
  }

  #answer(record: ModelAnswered): void {
    this.asked = null;
    this.inputTokens += promptTokens(record) ?? record.estimate.input;
    this.outputTokens += record.usage?.output ?? record.estimate.output;
    if (record.usage?.output == null || promptTokens(record) === null) this.estimated = true;
    this.costUsd = this.costUsd === null || record.costUsd === null ? null : this.costUsd + record.costUsd;
    this.lastFinish = record.finish;
    const text = record.content.map((item) => (item.type === "text" ? item.text : "")).join("");
    if (text.trim() !== "") this.text = text;
    this.#say({ role: "assistant", content: record.content as readonly AssistantContent[] });
    this.open = record.content.flatMap((item) =>
      item.type === "tool-call"
        ? [
            {
              id: item.id,
              tool: item.name,
              input: item.input,
              malformed: record.malformed[item.id] ?? null,
              iteration: record.iteration,
              action: null,
              approval: null,
              result: null,
              corrections: [],
            },
          ]
        : [],
    );
    this.calls.push(...this.open);
    for (const { id } of this.open) this.callIds.add(id);
  }

  /** A step of the agent itself, which no model asked for. */
  #ownStep(record: AgentEventOf<"action">): CallState {
    const step: CallState = {
      id: record.id,
      tool: record.tool,
      input: record.input,
      malformed: null,
      iteration: this.iterations,
      action: record,
      approval: null,
      result: null,
      corrections: [],
    };
    this.calls.push(step);
    this.callIds.add(record.id);
    return step;
  }

  #finish(id: string, result: CallResult): void {
    const call = this.call(id);
    // A call has one result: a second one would be a defect, and must not reach the model.
    if (!call || call.result) return;
    call.result = result;
    if (result.spent) {
      this.inputTokens += result.spent.inputTokens;
      this.outputTokens += result.spent.outputTokens;
      const { costUsd } = result.spent;
      this.costUsd = this.costUsd === null || costUsd === null ? null : this.costUsd + costUsd;
    }
    if (!this.open.includes(call)) return;
    if (this.open.some((each) => each.result === null)) return;
    this.#say({ role: "tool", results: this.open.map(toolResult) });
    this.open = [];
  }

  /** A call of the model that never answered has cost what was reserved for it. */
  #countLost(): void {
    if (!this.asked) return;
    this.inputTokens += this.asked.reservedInput;
    this.estimated = true;
    this.asked = null;
  }
}

export function foldRun(records: Iterable<JournalRecord>): RunState {
  const state = new RunState();
  for (const record of records) state.apply(record);
  return state;
}

/**
 * The conversation of a run for the runs after it. Calls that have no result, because the process died and nobody went
 * on with the run, get one that says so: a call without a result is refused by every provider.
 */
export function closedMessages(state: RunState): readonly ModelMessage[] {
  if (state.open.length === 0) return state.messages;
  const results = state.open.map((call) =>
    call.result
      ? toolResult(call)
      : {
          callId: call.id,
          name: call.tool,
          output: "The run was cut off before this call had a result. Whether it happened is not known.",
          isError: true,
        },
  );
  return [...state.messages, { role: "tool", results }];
}

/** How a decided call is shown in the list of actions. */
export function approvalOf(call: CallState): {
  decision: Pick<Decision, "verdict" | "rule" | "why">;
  answer: ApprovalAnswer["outcome"] | null;
} {
  const decision = call.action?.decision ??
    call.result?.decision ??
    call.approval?.request.decision ?? { verdict: "deny" as const, rule: "not-run", why: "It was not run." };
  return { decision, answer: call.approval?.answer?.outcome ?? null };
}

export function userMessage(text: string): ModelMessage {
  return { role: "user", content: [{ type: "text", text }] };
}

function toolResult(call: CallState) {
  return {
    callId: call.id,
    name: call.tool,
    output: call.result?.output ?? "",
    isError: call.result?.isError ?? true,
  };
}

function promptTokens({ usage }: ModelAnswered): number | null {
  if (usage?.input == null) return null;
  return usage.input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
}
