import { AksaraError } from "../errors.ts";
import type { KeyValues } from "../storage/store.ts";
import { TenantRecords } from "./tenant-records.ts";

export type PlanState =
  | "draft"
  | "proposed"
  | "approved"
  | "rejected"
  | "revise"
  | "executing"
  | "completed"
  | "failed"
  | "cancelled";
export type StepState = "pending" | "running" | "done" | "failed" | "skipped";

/** What may follow a state. */
const NEXT: Readonly<Record<PlanState, readonly PlanState[]>> = {
  draft: ["proposed"],
  proposed: ["approved", "rejected", "revise", "cancelled"],
  revise: ["proposed", "cancelled"],
  rejected: ["proposed"],
  approved: ["executing", "cancelled", "proposed"],
  executing: ["completed", "failed", "cancelled"],
  failed: ["executing", "cancelled", "proposed"],
  cancelled: ["executing", "proposed"],
  completed: ["proposed"],
};

export interface PlanStep {
  /** From 1. */
  readonly number: number;
  /** One variant of the plan's actions, with its `type`. */
  readonly action: { readonly type: string } & Readonly<Record<string, unknown>>;
  readonly state: StepState;
  /** What came of it, as the agent read it. */
  readonly output: string | null;
  /** It was cut off before: whether it happened is not known. */
  readonly uncertain: boolean;
}

export interface PlanRecord {
  readonly id: string;
  readonly tenant: string;
  readonly threadId: string;
  /** Name of its PlanSpec. */
  readonly spec: string;
  readonly goal: string;
  readonly state: PlanState;
  readonly steps: readonly PlanStep[];
  /** 1 for the first proposal, one more with each that takes its place. */
  readonly revision: number;
  /** The call by which it was proposed last. */
  readonly callId: string;
  /** Null while it is not approved. */
  readonly approvedBy: "person" | "policy" | null;
  readonly feedback: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Proposal {
  readonly id: string;
  readonly threadId: string;
  readonly spec: string;
  readonly callId: string;
  readonly goal: string;
  readonly actions: readonly PlanStep["action"][];
}

/** The plans of one tenant, and what has become of their steps. */
export class PlanBook {
  readonly #records: TenantRecords<PlanRecord>;

  constructor(values: KeyValues, tenant: string, now: () => number) {
    this.#records = new TenantRecords(values, "plans", tenant, now);
  }

  find(id: string): Promise<PlanRecord | null> {
    return this.#records.find(id);
  }

  /** All, or those of a thread, the latest first. */
  async list(threadId?: string): Promise<readonly PlanRecord[]> {
    const plans = await this.#records.list();
    return plans
      .filter((plan) => threadId === undefined || plan.threadId === threadId)
      .sort((a, b) =>
        a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : a.id < b.id ? 1 : -1,
      );
  }

  /** Writes a proposal; the same one again changes nothing, another one of the same plan takes its place. */
  async propose(proposal: Proposal): Promise<PlanRecord> {
    const { actions, ...rest } = proposal;
    const steps = actions.map(
      (action, at): PlanStep => ({
        number: at + 1,
        action,
        state: "pending",
        output: null,
        uncertain: false,
      }),
    );
    return await this.#change(proposal.id, (before, now) => {
      if (
        before?.callId === proposal.callId &&
        JSON.stringify(before.steps.map(({ action }) => action)) === JSON.stringify(actions)
      )
        return null;
      if (before) demandNext(before, "proposed");
      return {
        ...rest,
        tenant: this.#records.tenant,
        steps,
        state: "proposed",
        revision: before?.callId === proposal.callId ? before.revision : (before?.revision ?? 0) + 1,
        approvedBy: before?.callId === proposal.callId ? before.approvedBy : null,
        feedback: null,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      };
    });
  }

  /** What was decided about a proposal. */
  async decide(
    id: string,
    state: "approved" | "rejected" | "revise",
    more: Partial<Pick<PlanRecord, "approvedBy" | "feedback">> = {},
  ): Promise<PlanRecord> {
    return await this.#change(id, (before, now) => {
      const plan = demand(before, id);
      if (plan.state === state) return null;
      demandNext(plan, state);
      return { ...plan, ...more, state, updatedAt: now };
    });
  }

  /** Begins, or goes on with what has not been done. One that is completed stays so: only its end was not told yet. */
  async execute(id: string): Promise<PlanRecord> {
    return await this.#change(id, (before, now) => {
      const plan = demand(before, id);
      if (plan.state === "executing" || plan.state === "completed") return null;
      demandNext(plan, "executing");
      const steps = plan.steps.map((step) =>
        step.state === "done" ? step : { ...step, state: "pending" as const, output: null },
      );
      return { ...plan, steps, state: "executing", updatedAt: now };
    });
  }

  /** What becomes of a step. A failed one ends the plan, and those after it are skipped. */
  async step(
    id: string,
    number: number,
    state: "running" | "done" | "failed",
    output: string | null,
    uncertain = false,
  ): Promise<PlanRecord> {
    return await this.#change(id, (before, now) => {
      const plan = demand(before, id);
      const steps = plan.steps.map((step) =>
        step.number === number
          ? {
              ...step,
              state,
              output,
              uncertain: state === "failed" ? uncertain : state === "running" && step.uncertain,
            }
          : state === "failed" && step.number > number
            ? { ...step, state: "skipped" as const }
            : step,
      );
      const isDone = steps.every((step) => step.state === "done");
      const next = state === "failed" ? "failed" : isDone ? "completed" : plan.state;
      return { ...plan, steps, state: next, updatedAt: now };
    });
  }

  /** Its execution was stopped. */
  async cancel(id: string): Promise<void> {
    await this.#change(id, (before, now) =>
      before?.state === "executing" ? { ...before, state: "cancelled", updatedAt: now } : null,
    );
  }

  async #change(
    id: string,
    change: (before: PlanRecord | null, now: string) => PlanRecord | null,
  ): Promise<PlanRecord> {
    const now = this.#records.now();
    return demand(await this.#records.change(id, (before) => change(before, now)), id);
  }
}

function demand(plan: PlanRecord | null, id: string): PlanRecord {
  if (plan) return plan;
  throw new AksaraError("RUN_NOT_FOUND", `There is no plan ${id}.`);
}

function demandNext(plan: PlanRecord, state: PlanState): void {
  if (NEXT[plan.state].includes(state)) return;
  throw new AksaraError(
    "INVALID_REQUEST",
    `The plan ${plan.id} is ${plan.state}: it cannot become ${state}.`,
  );
}
