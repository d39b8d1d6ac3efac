import { randomBytes } from "node:crypto";
import type { Approver } from "../../agent/approvals/approver.ts";
import type { DirectCallResult } from "../../agent/direct-call.ts";
import { AksaraError } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../protocol/agent.ts";
import { sha256 } from "../../workspace/hash.ts";

/** How far a call has come: it is done, or a person is to be asked. */
export type CallStep =
  | { readonly type: "done"; readonly done: DirectCallResult }
  | { readonly type: "asks"; readonly id: string; readonly request: ApprovalRequest };

interface AskedCall {
  /** Of the tool and its arguments: a call that goes on is the same call. */
  readonly key: string;
  readonly controller: AbortController;
  readonly finished: Promise<DirectCallResult>;
  question: { readonly request: ApprovalRequest; answer(answer: ApprovalAnswer): void } | null;
  onQuestion: (() => void) | null;
  expiry: NodeJS.Timeout | null;
}

/** How long a question waits for its answer, in milliseconds; then it counts as rejected. */
const PATIENCE = 10 * 60_000;
const MOST_WAITING = 100;

/**
 * Calls that stop in the middle to ask, and go on with a later request of the same client: that is how the protocol asks
 * where no connection stays open. What runs is the call that was begun, so nothing is done twice by asking twice.
 */
export class AskedCalls {
  readonly #calls = new Map<string, AskedCall>();
  readonly #patience: number;

  constructor(patience = PATIENCE) {
    this.#patience = patience;
  }

  /** Begins a call. `run` gets who asks the person, and a signal that fires when nobody will answer any more. */
  async begin(
    tool: string,
    input: unknown,
    run: (approver: Approver, signal: AbortSignal) => Promise<DirectCallResult>,
    signal: AbortSignal,
  ): Promise<CallStep> {
    if (this.#calls.size >= MOST_WAITING)
      throw new AksaraError("RATE_LIMITED", "Too many calls wait for an approval.", {
        hint: "Answer some of them first.",
      });
    const id = randomBytes(12).toString("base64url");
    const controller = new AbortController();
    const ask = (request: ApprovalRequest, until: AbortSignal) => this.#ask(id, request, until);
    const call: AskedCall = {
      key: keyOf(tool, input),
      controller,
      finished: Promise.resolve().then(() => run({ ask }, controller.signal)),
      question: null,
      onQuestion: null,
      expiry: null,
    };
    this.#calls.set(id, call);
    call.finished
      .catch(() => undefined)
      .finally(() => {
        if (call.expiry) clearTimeout(call.expiry);
        this.#calls.delete(id);
      });
    return await this.#next(id, call, signal);
  }

  /**
   * Goes on with a call that asked. Without an answer it asks again.
   * @throws APPROVAL_UNKNOWN for one that is over, or that was another call
   */
  async goOn(
    id: string,
    tool: string,
    input: unknown,
    answer: ApprovalAnswer | null,
    signal: AbortSignal,
  ): Promise<CallStep> {
    const call = this.#calls.get(id);
    if (!call || call.key !== keyOf(tool, input))
      throw new AksaraError("APPROVAL_UNKNOWN", "No such call waits for an approval.", {
        hint: "It was answered before, or nobody answered in time. Make the call anew.",
      });
    if (answer && call.question) {
      const { question } = call;
      call.question = null;
      question.answer(answer);
    }
    return await this.#next(id, call, signal);
  }

  /** Ends what waits, as cancelled; resolves when nothing runs any more. */
  async dispose(): Promise<void> {
    const calls = [...this.#calls.values()];
    for (const { controller } of calls) controller.abort();
    await Promise.allSettled(calls.map(({ finished }) => finished));
  }

  /** Until the call is done or asks. The client giving up ends a call only while it waits for it. */
  async #next(id: string, call: AskedCall, signal: AbortSignal): Promise<CallStep> {
    const onAbort = () => call.controller.abort();
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const asked = new Promise<void>((resolve) => {
        call.onQuestion = resolve;
        if (call.question) resolve();
      });
      const done = await Promise.race([call.finished, asked]);
      if (done) return { type: "done", done };
      if (!call.question) return { type: "done", done: await call.finished };
      return { type: "asks", id, request: call.question.request };
    } finally {
      signal.removeEventListener("abort", onAbort);
      call.onQuestion = null;
    }
  }

  #ask(id: string, request: ApprovalRequest, until: AbortSignal): Promise<ApprovalAnswer> {
    return new Promise((resolve, reject) => {
      const call = this.#calls.get(id);
      if (!call || until.aborted) {
        reject(new AksaraError("CANCELLED", "The call was cancelled while it waited for an approval."));
        return;
      }
      const settle = () => {
        if (call.expiry) clearTimeout(call.expiry);
        call.expiry = null;
        until.removeEventListener("abort", onAbort);
      };
      const onAbort = () => {
        settle();
        reject(new AksaraError("CANCELLED", "The call was cancelled while it waited for an approval."));
      };
      const answer = (given: ApprovalAnswer) => {
        settle();
        resolve(given);
      };
      until.addEventListener("abort", onAbort, { once: true });
      call.question = { request, answer };
      call.expiry = setTimeout(() => {
        call.question = null;
        answer({ outcome: "reject", feedback: "Nobody answered in time." });
      }, this.#patience);
      call.expiry.unref();
      call.onQuestion?.();
    });
  }
}

function keyOf(tool: string, input: unknown): string {
  return sha256(canonicalJson({ tool, input }));
}
