import { AksaraError } from "../../errors.ts";
import type { AgentUsage } from "../../protocol/agent.ts";

/** An answer shorter than this is not worth its call. */
const SHORTEST_ANSWER = 64;

export interface PoolLimits {
  /** Tokens of all runs together, prompts included. */
  readonly maxTotalTokens: number;
  /** Dollars; null: not bounded. */
  readonly maxCostUsd: number | null;
}

/** What a call may use at most, taken out of the pool until it is settled. */
export interface Reservation {
  readonly input: number;
  readonly output: number;
  readonly costUsd: number;
}

interface Spent {
  inputTokens: number;
  outputTokens: number;
  /** Null when the price of a call was not known. */
  costUsd: number | null;
  estimated: boolean;
}

/** Dollars of a call; null when the price is not known. */
type Price = (input: number, output: number) => number | null;

/**
 * What the runs of one tree may still use together. Reserved before each call and settled after it, so that runs which
 * go on at the same time cannot spend the same tokens twice.
 */
export class BudgetPool {
  readonly limits: PoolLimits;
  readonly #spent = new Map<string, Spent>();
  #tokens = 0;
  #costUsd = 0;

  constructor(limits: PoolLimits) {
    this.limits = limits;
  }

  /** Tokens that are used or reserved. */
  get usedTokens(): number {
    return this.#tokens;
  }

  /**
   * Takes a prompt and the longest answer that is still paid for.
   * @throws TOKEN_BUDGET_EXCEEDED, COST_BUDGET_EXCEEDED
   */
  reserve(input: number, wantedOutput: number, price: Price): Reservation {
    const { maxTotalTokens, maxCostUsd } = this.limits;
    const left = maxTotalTokens - this.#tokens - input;
    let output = Math.min(wantedOutput, left);
    if (output < Math.min(SHORTEST_ANSWER, wantedOutput))
      throw new AksaraError(
        "TOKEN_BUDGET_EXCEEDED",
        `The agents of this run have used ${this.#tokens} of ${maxTotalTokens} tokens; the next prompt has about ${input}.`,
        { hint: "Raise maxTotalTokens, or give the agents a smaller task." },
      );
    let costUsd = 0;
    if (maxCostUsd !== null) {
      const prompt = price(input, 0);
      const whole = price(input, output);
      if (prompt === null || whole === null)
        throw new AksaraError(
          "COST_BUDGET_EXCEEDED",
          "The price of this model is not known, so no budget can hold.",
        );
      const room = maxCostUsd - this.#costUsd - prompt;
      const perToken = (whole - prompt) / output;
      if (perToken > 0) output = Math.min(output, Math.floor(room / perToken));
      if (room < 0 || output < Math.min(SHORTEST_ANSWER, wantedOutput))
        throw new AksaraError(
          "COST_BUDGET_EXCEEDED",
          `The agents of this run have used $${this.#costUsd.toFixed(4)} of $${maxCostUsd}.`,
          { hint: "Raise maxCostUsd, or give the agents a smaller task." },
        );
      costUsd = prompt + perToken * output;
    }
    this.#tokens += input + output;
    this.#costUsd += costUsd;
    return { input, output, costUsd };
  }

  /** Puts what a call used in the place of what was reserved for it. */
  settle(agent: string, reserved: Reservation, used: Spent): void {
    this.#tokens -= reserved.input + reserved.output;
    this.#costUsd -= reserved.costUsd;
    this.note(agent, used);
  }

  /** Counts what was used before: by a run that goes on after a restart. */
  note(agent: string, used: Spent): void {
    this.#tokens += used.inputTokens + used.outputTokens;
    this.#costUsd += used.costUsd ?? 0;
    const before = this.#spent.get(agent);
    this.#spent.set(agent, {
      inputTokens: (before?.inputTokens ?? 0) + used.inputTokens,
      outputTokens: (before?.outputTokens ?? 0) + used.outputTokens,
      costUsd:
        before?.costUsd === null || used.costUsd === null ? null : (before?.costUsd ?? 0) + used.costUsd,
      estimated: (before?.estimated ?? false) || used.estimated,
    });
  }

  /** What an agent and those below it have used. */
  spentBy(agent: string): AgentUsage {
    const own = [...this.#spent].filter(([name]) => name === agent || name.startsWith(`${agent}/`));
    const sum = (pick: (spent: Spent) => number) => own.reduce((total, [, spent]) => total + pick(spent), 0);
    const inputTokens = sum((spent) => spent.inputTokens);
    const outputTokens = sum((spent) => spent.outputTokens);
    return {
      inputTokens,
      outputTokens,
      totalTokens: inputTokens + outputTokens,
      estimated: own.some(([, { estimated }]) => estimated),
      costUsd: own.some(([, { costUsd }]) => costUsd === null) ? null : sum((spent) => spent.costUsd ?? 0),
    };
  }
}
