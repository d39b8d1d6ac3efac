import type {
  AgentEvent,
  AgentEventOf,
  AgentMode,
  AgentResult,
  AgentUsage,
  CallResult,
} from "../../../protocol/agent.ts";
import type { ChatCallState, ChatItem, ChatItemOf, ChatUsage, TurnEnd } from "../../../protocol/chat.ts";
import type { JournalRecord, ModelAnswered, RunStarted } from "../../../records/journal-record.ts";
import { inPlace } from "./in-place.ts";
import { readMessage } from "./message-text.ts";
import { planAfter } from "./plan-progress.ts";
import { callId, endId, ITERATION, newRun, orderOf, type Run, TURN, textId } from "./transcript-run.ts";

/** What an entry changes in what is shown. */
export type TranscriptChange =
  | { readonly type: "item"; readonly item: ChatItem }
  | { readonly type: "item-gone"; readonly id: string }
  | { readonly type: "text"; readonly id: string; readonly offset: number; readonly text: string };

/** Characters of a result that are shown; the model may have read more. */
const SHOWN_OUTPUT = 6_000;

/** The last thing that a person asked for. */
export interface LastTurn {
  readonly run: string;
  readonly mode: AgentMode;
  /** Several agents work at it. */
  readonly byCompany: boolean;
  /** Null while nothing says how it ended. */
  readonly end: TurnEnd | null;
}

/**
 * What stands in a thread, from what its runs write and say. Journals that are read again and runs that go on take the
 * same way, so that both show the same.
 */
export class Transcript {
  readonly #items = new Map<string, ChatItem>();
  readonly #runs = new Map<string, Run>();

  /** From top to bottom; what other agents did stands behind the call that handed them their task. */
  get items(): readonly ChatItem[] {
    return inPlace([...this.#items.values()].sort((a, b) => a.order - b.order));
  }

  item(id: string): ChatItem | null {
    return this.#items.get(id) ?? null;
  }

  /** Questions that no answer is known of. */
  get asked(): readonly ChatItemOf<"call">[] {
    return this.items.filter(
      (item): item is ChatItemOf<"call"> =>
        item.kind === "call" && item.state === "asking" && item.approval?.answer === null,
    );
  }

  /** The last turn, and whether anything says how it ended; null before the first. */
  get last(): LastTurn | null {
    const turn = this.#turns.at(-1);
    if (!turn) return null;
    const { runId, mode, labels } = turn.started;
    const end = this.#items.get(endId(runId));
    return {
      run: runId,
      mode,
      byCompany: labels.root !== undefined,
      end: end?.kind === "end" ? end.end : null,
    };
  }

  /** What the last turn has used: its own iterations and calls, and the tokens of all its runs; and the tokens of all. */
  get spent(): {
    readonly iterations: number;
    readonly calls: number;
    readonly turnTokens: number;
    readonly tokens: number;
  } {
    const last = this.#turns.at(-1);
    const own = [...this.#runs.values()].filter(({ place }) => place.run === last?.started.runId);
    return {
      iterations: last?.iteration ?? 0,
      calls: last?.places.size ?? 0,
      turnTokens: own.reduce((sum, { usage }) => sum + (usage?.totalTokens ?? 0), 0),
      tokens: this.usage?.totalTokens ?? 0,
    };
  }

  /** Runs that a person asked for, from the first on. */
  get #turns(): readonly Run[] {
    return [...this.#runs.values()].filter(({ place }) => place.within === undefined);
  }

  /** What all runs have used; null before a model was asked. */
  get usage(): ChatUsage | null {
    const runs = [...this.#runs.values()];
    const used = runs.flatMap(({ usage }) => usage ?? []);
    if (used.length === 0) return null;
    const sum = (pick: (usage: AgentUsage) => number) => used.reduce((all, usage) => all + pick(usage), 0);
    return {
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      totalTokens: sum(({ totalTokens }) => totalTokens),
      estimated: used.some(({ estimated }) => estimated),
      costUsd: used.some(({ costUsd }) => costUsd === null) ? null : sum(({ costUsd }) => costUsd ?? 0),
      context: this.#turns.findLast(({ context }) => context !== null)?.context ?? null,
    };
  }

  /** The turns, from the first on. */
  get runs(): readonly string[] {
    return this.#turns.map(({ started }) => started.runId);
  }

  /** The first message. */
  get title(): string {
    const [first] = this.#runs.values();
    return first ? readMessage(first.started.task).text : "";
  }

  apply(entry: JournalRecord | AgentEvent): readonly TranscriptChange[] {
    if (entry.type === "run-started") return this.#start(entry);
    const run = this.#runs.get(entry.runId);
    if (!run) return [];
    return [...this.#applyTo(run, entry), ...this.#followPlan(run, entry)];
  }

  #applyTo(run: Run, entry: Exclude<JournalRecord, RunStarted> | AgentEvent): readonly TranscriptChange[] {
    switch (entry.type) {
      case "progress":
        run.iteration = entry.iteration;
        return [];
      case "model-asked":
        run.iteration = entry.iteration;
        return this.#forgetHalf(run);
      case "thinking":
        return this.#grow(run, "thinking", entry.content);
      case "text":
        return this.#grow(run, "text", entry.delta);
      case "model-answered":
        return this.#answer(run, entry);
      case "action":
        return [this.#act(run, entry)];
      case "approval":
        return [this.#ask(run, entry)];
      case "approval-answered": {
        const { id, answer } = entry;
        const item = this.asked.find(({ approval }) => approval?.request.id === id);
        if (!item?.approval) return [];
        const goesOn =
          answer.outcome === "approve" || answer.partial !== undefined || answer.chosen !== undefined;
        const approval = { ...item.approval, answer };
        return [this.#set({ ...item, approval, state: goesOn ? "running" : "refused" })];
      }
      case "result":
        return [this.#finish(run, entry)];
      case "notice":
        return entry.kind === "budget" || entry.kind === "loop"
          ? [this.#note(run, entry.kind, entry.seq)]
          : [];
      case "compacted":
        return [this.#note(run, "compacted", entry.seq)];
      case "conversation-compacted":
        return [this.#note(run, "compacted", entry.seq, run.turn * TURN + TURN - 0.5)];
      case "undone":
        return this.#undo(entry.runId, entry.calls);
      case "undone-part":
        return this.#undoPart(entry.runId, entry.call);
      case "run-resumed":
        return this.#remove(endId(entry.runId));
      case "complete":
      case "error":
      case "interrupted":
        return this.#end(run, entry);
      case "usage":
        run.usage = entry.usage;
        return [];
      case "plan":
      case "reference":
      case "handoff":
        return [];
    }
  }

  /** Says of a run whose process went away that nothing says how it ends. */
  leaveOpen(runId: string, elsewhere: boolean): readonly TranscriptChange[] {
    const run = this.#runs.get(runId);
    if (!run) return [];
    const settled = [...this.#items.values()]
      .filter((item): item is ChatItemOf<"call"> => item.kind === "call" && item.run === runId)
      .filter(({ id, state }) => state === "running" && !elsewhere && !this.#isHandOff(id))
      .map((item) => this.#set({ ...item, state: "unknown" }));
    const runs = [...this.#runs.values()].filter(({ place }) => place.run === runId);
    const texts = runs.flatMap((each) => this.#settleText(each));
    return [...texts, ...settled, this.#set(this.#endItem(run, "open", null, { elsewhere }))];
  }

  #undo(runId: string, calls: readonly string[]): readonly TranscriptChange[] {
    const changes = calls.flatMap((call) => {
      const item = this.#items.get(callId(runId, call));
      return item?.kind === "call" ? [this.#set({ ...item, undone: true })] : [];
    });
    const left = [...this.#items.values()].some(
      (item) =>
        item.kind === "call" &&
        item.run === runId &&
        item.within === undefined &&
        item.changed.length > 0 &&
        !item.undone,
    );
    const end = this.#items.get(endId(runId));
    return left || end?.kind !== "end" ? changes : [...changes, this.#set({ ...end, undone: true })];
  }

  #undoPart(runId: string, call: string): readonly TranscriptChange[] {
    const item = this.#items.get(callId(runId, call));
    return item?.kind === "call" ? [this.#set({ ...item, undonePart: true })] : [];
  }

  #start(entry: RunStarted): readonly TranscriptChange[] {
    const { parent } = entry.labels;
    const above = parent === undefined ? undefined : this.#runs.get(parent);
    const run = newRun(entry, above ?? null, this.#turns.length + 1);
    this.#runs.set(entry.runId, run);
    // What others were asked stands in the call that asked them.
    if (above) return [];
    const id = `${entry.runId}.user`;
    const message = { ...readMessage(entry.task) };
    const attached = [...message.attached];
    return [this.#set({ kind: "user", id, order: run.turn * TURN, run: entry.runId, ...message, attached })];
  }

  /** What had come of an answer that is asked for once more. */
  #forgetHalf(run: Run): readonly TranscriptChange[] {
    return (["thinking", "text"] as const).flatMap((kind) => {
      const item = this.#items.get(textId(run, kind));
      return item ? this.#remove(item.id) : [];
    });
  }

  #grow(run: Run, kind: "text" | "thinking", text: string): readonly TranscriptChange[] {
    const id = textId(run, kind);
    const known = this.#items.get(id);
    const changes: TranscriptChange[] = [];
    // Reasoning has ended where the answer begins.
    if (kind === "text") changes.push(...this.#settle(textId(run, "thinking")));
    if (known?.kind === kind) {
      this.#items.set(id, { ...known, text: known.text + text });
      return [...changes, { type: "text", id, offset: known.text.length, text }];
    }
    const order = orderOf(run, run.iteration, kind === "thinking" ? 0 : 1);
    return [...changes, this.#set({ ...run.place, kind, id, order, text, going: true })];
  }

  #answer(run: Run, entry: ModelAnswered): readonly TranscriptChange[] {
    run.iteration = entry.iteration;
    const { usage, estimate } = entry;
    const read =
      usage?.input == null ? estimate.input : usage.input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
    run.context = read + (usage?.output ?? estimate.output);
    const changes = [...this.#settle(textId(run, "thinking"))];
    const id = textId(run, "text");
    const text = entry.content.map((part) => (part.type === "text" ? part.text : "")).join("");
    if (text.trim() === "") changes.push(...this.#remove(id));
    else {
      const order = orderOf(run, run.iteration, 1);
      changes.push(this.#set({ ...run.place, kind: "text", id, order, text: text.trim(), going: false }));
    }
    const calls = entry.content.filter((part) => part.type === "tool-call");
    for (const [index, { id: call, name, input }] of calls.entries()) {
      run.places.set(call, { index, iteration: entry.iteration });
      run.made.set(call, { tool: name, input });
    }
    return changes;
  }

  #act(run: Run, entry: AgentEventOf<"action">): TranscriptChange {
    const { tool, input, decision } = entry;
    const item = this.#call(run, entry.id, tool, input);
    return this.#set({ ...item, class: entry.class, input, decision, state: "running" });
  }

  #ask(run: Run, { request }: AgentEventOf<"approval">): TranscriptChange {
    const { tool, input, decision } = request;
    const item = this.#call(run, request.callId ?? request.id, tool, input);
    const approval = { request, answer: null };
    return this.#set({ ...item, class: request.class, input, decision, approval, state: "asking" });
  }

  #finish(run: Run, { id, tool, result }: AgentEventOf<"result">): TranscriptChange {
    const item = this.#call(run, id, tool, null);
    return this.#set({
      ...item,
      state: stateOf(result),
      decision: result.decision ?? item.decision,
      output: result.output.slice(0, SHOWN_OUTPUT),
      hidden: Math.max(0, result.output.length - SHOWN_OUTPUT),
      errorCode: result.errorCode,
      durationMs: result.durationMs,
      changed: [...result.changes, ...result.held].map(({ uri }) => uri),
    });
  }

  #call(run: Run, call: string, tool: string, input: unknown): ChatItemOf<"call"> {
    const { runId } = run.started;
    const known = this.#items.get(callId(runId, call));
    if (known?.kind === "call") return known;
    const made = run.made.get(call);
    const place = run.places.get(call) ?? { index: ITERATION - 10, iteration: run.iteration };
    return {
      ...run.place,
      kind: "call",
      id: callId(runId, call),
      order: orderOf(run, place.iteration, 2 + place.index),
      call,
      tool: made?.tool ?? tool,
      class: null,
      input: made?.input ?? input,
      state: "running",
      decision: null,
      approval: null,
      output: "",
      hidden: 0,
      errorCode: null,
      durationMs: null,
      changed: [],
      undone: false,
    };
  }

  #note(
    run: Run,
    notice: ChatItemOf<"notice">["notice"],
    seq: number,
    order = orderOf(run, run.iteration, ITERATION - 2),
  ): TranscriptChange {
    const { runId } = run.started;
    return this.#set({ ...run.place, kind: "notice", id: `${runId}.notice.${seq}`, order, notice });
  }

  #end(run: Run, entry: AgentEventOf<"complete" | "error" | "interrupted">): readonly TranscriptChange[] {
    const { result } = entry;
    // How it ended is the result of the call that handed the task on.
    if (run.place.within !== undefined) return this.#settleText(run);
    const end = endOf(entry);
    const item = this.#endItem(run, result.limit === null ? end : "limit", result, {
      code: result.errorCode,
      message: result.error,
      hint: entry.type === "error" ? entry.hint : null,
    });
    return [...this.#settleText(run), ...this.#cutBlock(run, result), this.#set(item)];
  }

  /** What the answer lists for programs at its end is shown as a list, not as JSON. */
  #cutBlock(run: Run, { output }: AgentResult): readonly TranscriptChange[] {
    const item = this.#items.get(textId(run, "text"));
    if (item?.kind !== "text" || item.text === output || !item.text.startsWith(output)) return [];
    return output === "" ? this.#remove(item.id) : [this.#set({ ...item, text: output })];
  }

  #endItem(
    { started, turn }: Run,
    end: TurnEnd,
    result: AgentResult | null,
    rest: Partial<ChatItemOf<"end">>,
  ): ChatItemOf<"end"> {
    return {
      kind: "end",
      id: endId(started.runId),
      order: turn * TURN + TURN - 1,
      run: started.runId,
      end,
      code: null,
      message: null,
      hint: null,
      created: result?.createdFiles ?? [],
      modified: result?.modifiedFiles ?? [],
      deleted: result?.deletedFiles ?? [],
      suggestions: result?.suggestions ?? [],
      findings: result?.findings ?? [],
      usage: result?.usage ?? null,
      durationMs: result?.durationMs ?? null,
      provider: started.provider,
      model: started.model,
      elsewhere: false,
      undone: false,
      ...rest,
    };
  }

  #isHandOff(call: string): boolean {
    return [...this.#runs.values()].some(({ place }) => place.within === call);
  }

  /** A run that carries out a plan: its journal begins with it, and its calls are the steps. */
  #followPlan(run: Run, entry: JournalRecord | AgentEvent): readonly TranscriptChange[] {
    const { plan: name, root } = run.started.labels;
    if (name === undefined || root === undefined) return [];
    const id = `${run.started.runId}.plan`;
    const known = this.#items.get(id);
    const next = planAfter(known?.kind === "plan" ? known : null, entry);
    if (next === null) return [];
    return [this.#set({ ...run.place, ...next, kind: "plan", id, order: run.turn * TURN, plan: name })];
  }

  #settleText(run: Run): readonly TranscriptChange[] {
    return [...this.#settle(textId(run, "thinking")), ...this.#settle(textId(run, "text"))];
  }

  /** Nothing more is added to a text. */
  #settle(id: string): readonly TranscriptChange[] {
    const item = this.#items.get(id);
    const isGoing = (item?.kind === "text" || item?.kind === "thinking") && item.going;
    return isGoing ? [this.#set({ ...item, going: false })] : [];
  }

  #set(item: ChatItem): TranscriptChange {
    this.#items.set(item.id, item);
    return { type: "item", item };
  }

  #remove(id: string): readonly TranscriptChange[] {
    return this.#items.delete(id) ? [{ type: "item-gone", id }] : [];
  }
}

/** One that waits for an answer has not ended. */
function endOf({ type, result }: AgentEventOf<"complete" | "error" | "interrupted">): TurnEnd {
  if (result.stopReason === "waiting") return "open";
  return type === "complete" ? "complete" : type === "interrupted" ? "stopped" : "failed";
}

/** Codes of calls that were kept from running, not failed. */
const REFUSED: readonly (string | null)[] = [
  "APPROVAL_REJECTED",
  "APPROVAL_REQUIRED",
  "TOOL_NOT_ALLOWED",
  "CANCELLED",
];

function stateOf({ isError, errorCode, outcome }: CallResult): ChatCallState {
  if (outcome === "unknown") return "unknown";
  if (!isError) return "done";
  return outcome === "not-run" && REFUSED.includes(errorCode) ? "refused" : "failed";
}
