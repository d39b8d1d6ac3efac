import { AksaraError, throwIfCancelled } from "../../errors.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../protocol/agent.ts";

/** Asks a person. Waiting costs no time of the run; an aborted signal ends it. Port. */
export interface Approver {
  /**
   * Hears a question before it is told to anybody, so that who is told can answer at once. Says whether it has an answer
   * already, from before a restart: then nobody has to be told again.
   */
  open?(request: ApprovalRequest): Promise<"waiting" | "answered">;
  /** @throws CANCELLED, QuestionLeftOpen */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
}

/**
 * Nobody answers now, and the question stays open: the run ends without deciding, and asks again when it goes on.
 */
export class QuestionLeftOpen extends Error {
  override readonly name = "QuestionLeftOpen";
}

interface Pending {
  readonly request: ApprovalRequest;
  readonly answer: (answer: ApprovalAnswer) => void;
}

/** Questions that wait for an answer from somewhere else: a panel, another request. */
export class PendingApprovals implements Approver {
  readonly #pending = new Map<string, Pending>();
  readonly #answered = new Set<string>();
  readonly #onChange: (() => void) | null;

  constructor(onChange: (() => void) | null = null) {
    this.#onChange = onChange;
  }

  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    throwIfCancelled(signal);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#pending.delete(request.id);
        reject(new AksaraError("CANCELLED", "The run was cancelled while it waited for an approval."));
        this.#onChange?.();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(request.id, {
        request,
        answer: (answer) => {
          signal.removeEventListener("abort", onAbort);
          resolve(answer);
        },
      });
      this.#onChange?.();
    });
  }

  /** In the order in which they were asked. */
  list(): readonly ApprovalRequest[] {
    return [...this.#pending.values()].map(({ request }) => request);
  }

  /** @throws APPROVAL_UNKNOWN, APPROVAL_ALREADY_ANSWERED */
  respond(id: string, answer: ApprovalAnswer): void {
    const pending = this.#pending.get(id);
    if (!pending) {
      if (this.#answered.has(id))
        throw new AksaraError("APPROVAL_ALREADY_ANSWERED", `The approval ${id} has been answered.`);
      throw new AksaraError("APPROVAL_UNKNOWN", `There is no approval ${id}.`);
    }
    this.#pending.delete(id);
    this.#answered.add(id);
    pending.answer(answer);
    this.#onChange?.();
  }
}

export type ApprovalCallback = (
  tool: string,
  input: unknown,
  request: ApprovalRequest,
) => boolean | ApprovalAnswer | Promise<boolean | ApprovalAnswer>;

/** A function of the caller as an approver: true approves this once, false rejects. */
export function callbackApprover(callback: ApprovalCallback): Approver {
  return {
    ask: async (request, signal) => {
      throwIfCancelled(signal);
      const answer = await Promise.race([
        Promise.resolve(callback(request.tool, request.input, request)),
        untilAborted(signal),
      ]);
      return typeof answer === "boolean" ? { outcome: answer ? "approve" : "reject" } : answer;
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      "abort",
      () => reject(new AksaraError("CANCELLED", "The run was cancelled while it waited for an approval.")),
      { once: true },
    );
  });
}
