import { type Approver, QuestionLeftOpen } from "../agent/approvals/approver.ts";
import { LeftBehind } from "../agent/options.ts";
import { AksaraError } from "../errors.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../protocol/agent.ts";
import type { Gate, Gates } from "../records/gates.ts";
import type { PlanBook } from "../records/plan-book.ts";
import type { Seat } from "./seat.ts";
import { planIdOf } from "./seat.ts";
import type { ProposedPlan } from "./spec/plan-spec.ts";

/** How often a question that waits looks whether another process has answered it, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

interface Waiting {
  readonly wake: () => void;
  readonly leave: () => void;
}

/** Lets agents wait at gates, and people answer them: in this process, in another one, or after a restart. */
export class GateKeeper {
  readonly #gates: Gates;
  readonly #plans: PlanBook;
  /** Another process may answer. */
  readonly #isShared: boolean;
  readonly #waiting = new Map<string, Waiting>();
  #isClosed = false;

  constructor(gates: Gates, plans: PlanBook, isShared: boolean) {
    this.#gates = gates;
    this.#plans = plans;
    this.#isShared = isShared;
  }

  /** Runs with a question that nobody has answered. */
  async waitingRuns(): Promise<ReadonlySet<string>> {
    return new Set((await this.#gates.listOpen()).map(({ rootRunId }) => rootRunId));
  }

  /** Who the agent of a seat asks. `plan`: the name of what it plans; null when it plans nothing. */
  approverOf(seat: Seat, plan: string | null): Approver {
    const open = async (request: ApprovalRequest): Promise<Gate> => {
      if (request.about === "plan" && plan !== null)
        await this.#plans.propose({
          id: planIdOf(seat.runId),
          threadId: seat.tree.threadId,
          spec: plan,
          callId: request.callId ?? "",
          ...(request.input as ProposedPlan),
        });
      return await this.#gates.open({
        id: request.id,
        threadId: seat.tree.threadId,
        rootRunId: seat.tree.rootRunId,
        runId: seat.runId,
        agent: seat.path.join("/"),
        request,
      });
    };
    return {
      open: async (request) => ((await open(request)).answer === null ? "waiting" : "answered"),
      ask: async (request, signal) => {
        const answer = await this.#answerTo(await open(request), seat, signal);
        if (request.about === "plan" && plan !== null) await this.#decidePlan(planIdOf(seat.runId), answer);
        return answer;
      },
    };
  }

  /** @throws APPROVAL_UNKNOWN, APPROVAL_ALREADY_ANSWERED */
  async respond(id: string, answer: ApprovalAnswer): Promise<Gate> {
    const gate = await this.#gates.answer(id, answer);
    this.#waiting.get(id)?.wake();
    return gate;
  }

  /** Everything that waits, now or later, is left open: it is asked again when its run goes on. */
  close(): void {
    this.#isClosed = true;
    for (const { leave } of this.#waiting.values()) leave();
  }

  async #answerTo(gate: Gate, seat: Seat, signal: AbortSignal): Promise<ApprovalAnswer> {
    if (gate.answer) return gate.answer;
    const { about } = gate.request;
    const canBeLeft = about === "tool" || about === "plan";
    if (seat.tree.approvals === "leave-open") {
      if (canBeLeft) throw new QuestionLeftOpen();
      await this.#gates.withdraw(gate.id);
      return { outcome: "reject", feedback: "Nobody is here to ask." };
    }
    return await seat.waiting(() => this.#wait(gate, signal));
  }

  async #wait(gate: Gate, signal: AbortSignal): Promise<ApprovalAnswer> {
    let wake: () => void = () => undefined;
    let isLeft = this.#isClosed;
    const waiting: Waiting = {
      wake: () => wake(),
      leave: () => {
        isLeft = true;
        wake();
      },
    };
    const onAbort = () => wake();
    this.#waiting.set(gate.id, waiting);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const { answer } = (await this.#gates.find(gate.id)) ?? gate;
        if (answer) return answer;
        if (isLeft) throw new QuestionLeftOpen();
        if (signal.aborted) {
          // Who takes the run up finds the question as it is.
          if (!(signal.reason instanceof LeftBehind)) await this.#gates.withdraw(gate.id);
          throw new AksaraError("CANCELLED", "The run was cancelled while it waited for an approval.");
        }
        await this.#orLater(woken, gate);
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#waiting.delete(gate.id);
    }
  }

  /** Until somebody here answers, the gate expires, or it is time to look what others have answered. */
  async #orLater(woken: Promise<void>, { expiresAt }: Gate): Promise<void> {
    const untilExpired = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - Date.now();
    const milliseconds = Math.max(0, Math.min(untilExpired, this.#isShared ? LOOK_EVERY_MS : untilExpired));
    if (!Number.isFinite(milliseconds)) return await woken;
    let timer: NodeJS.Timeout | null = null;
    const later = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(milliseconds + 1, 2 ** 31 - 1));
    });
    await Promise.race([woken, later]);
    if (timer) clearTimeout(timer);
  }

  async #decidePlan(id: string, { outcome, feedback, partial }: ApprovalAnswer): Promise<void> {
    const said = feedback === undefined ? {} : { feedback };
    if (outcome === "reject") await this.#plans.decide(id, "rejected", said);
    else if (outcome === "revise" && partial === undefined) await this.#plans.decide(id, "revise", said);
    else await this.#plans.decide(id, "approved", { ...said, approvedBy: "person" });
  }
}
