import { AksaraError } from "../errors.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../protocol/agent.ts";
import type { KeyValues } from "../storage/store.ts";
import { TenantRecords } from "./tenant-records.ts";

/** A question of an agent to a person, for as long as it takes to be answered. */
export interface Gate {
  readonly id: string;
  readonly tenant: string;
  readonly threadId: string;
  /** The run that was asked for from outside: what `resume` takes. */
  readonly rootRunId: string;
  readonly runId: string;
  /** The agent that asks, with the way to it. */
  readonly agent: string;
  readonly request: ApprovalRequest;
  /** ISO 8601. */
  readonly askedAt: string;
  /** Null: it never expires. */
  readonly expiresAt: string | null;
  /** `withdrawn`: the run was cancelled, nobody has to answer any more. */
  readonly state: "open" | "answered" | "withdrawn" | "expired";
  readonly answer: ApprovalAnswer | null;
  readonly answeredAt: string | null;
}

export type NewGate = Pick<Gate, "id" | "threadId" | "rootRunId" | "runId" | "agent" | "request">;

/** The gates of one tenant. They outlive the process that asked. */
export class Gates {
  readonly #records: TenantRecords<Gate>;
  readonly #now: () => number;
  readonly #timeoutMs: number | null;

  /** `timeoutMs`: a gate that nobody answers in it counts as rejected; null: never. */
  constructor(values: KeyValues, tenant: string, now: () => number, timeoutMs: number | null) {
    this.#records = new TenantRecords(values, "gates", tenant, now);
    this.#now = now;
    this.#timeoutMs = timeoutMs;
  }

  /** Writes a question. One that is known stays as it is, with its answer; one that was withdrawn is open again. */
  async open(gate: NewGate): Promise<Gate> {
    const now = this.#now();
    const opened: Gate = {
      ...gate,
      tenant: this.#records.tenant,
      askedAt: new Date(now).toISOString(),
      expiresAt: this.#timeoutMs === null ? null : new Date(now + this.#timeoutMs).toISOString(),
      state: "open",
      answer: null,
      answeredAt: null,
    };
    const stored = await this.#records.change(gate.id, (before) =>
      before !== null && before.state !== "withdrawn" ? null : opened,
    );
    return stored ?? opened;
  }

  /** Null when there is none. */
  async find(id: string): Promise<Gate | null> {
    const gate = await this.#records.find(id);
    return gate?.state === "open" && this.#isOver(gate) ? await this.#expire(id) : gate;
  }

  /** Those that wait for an answer, in the order in which they were asked. */
  async listOpen(): Promise<readonly Gate[]> {
    const gates = await this.#records.list();
    return gates
      .filter((gate) => gate.state === "open" && !this.#isOver(gate))
      .sort((a, b) => (a.askedAt < b.askedAt ? -1 : a.askedAt > b.askedAt ? 1 : a.id < b.id ? -1 : 1));
  }

  /** @throws APPROVAL_UNKNOWN, APPROVAL_ALREADY_ANSWERED */
  async answer(id: string, answer: ApprovalAnswer): Promise<Gate> {
    const known = await this.find(id);
    if (known === null) throw new AksaraError("APPROVAL_UNKNOWN", `There is no approval ${id}.`);
    const answeredAt = this.#records.now();
    let isOurs = false;
    const gate = await this.#records.change(id, (before) => {
      isOurs = before?.state === "open";
      return before && isOurs ? { ...before, state: "answered", answer, answeredAt } : null;
    });
    if (gate && isOurs) return gate;
    const why =
      gate?.state === "withdrawn"
        ? "is not needed any more: its run was cancelled"
        : gate?.state === "expired"
          ? "has expired, and counts as rejected"
          : "has been answered";
    throw new AksaraError("APPROVAL_ALREADY_ANSWERED", `The approval ${id} ${why}.`);
  }

  /** Its run was cancelled. */
  async withdraw(id: string): Promise<void> {
    await this.#records.change(id, (before) =>
      before?.state === "open" ? { ...before, state: "withdrawn" } : null,
    );
  }

  async #expire(id: string): Promise<Gate | null> {
    return await this.#records.change(id, (before) =>
      before?.state === "open"
        ? {
            ...before,
            state: "expired",
            answer: { outcome: "reject", feedback: "Nobody answered in time." },
            answeredAt: before.expiresAt,
          }
        : null,
    );
  }

  #isOver({ expiresAt }: Gate): boolean {
    return expiresAt !== null && Date.parse(expiresAt) <= this.#now();
  }
}
