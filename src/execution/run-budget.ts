import { AksaraError } from "../errors.ts";
import type { RunWarning } from "../protocol/execution.ts";
import type { ModelCapabilities, TokenUsage } from "../providers/model-stream.ts";
import { costOf, type Price } from "./price.ts";

/** Bounds of one run, all its calls together. What is absent is not bounded by us. */
export interface RunLimits {
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly maxTotalTokens?: number | undefined;
  readonly maxCostUsd?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
}

/** An answer shorter than this is not worth its call, unless somebody asked for one that short. */
const SHORTEST_ANSWER = 64;

/** What the calls of a run may still use. Reserved before each call, settled after it. */
export class RunBudget {
  readonly #limits: RunLimits;
  readonly #price: Price | null;
  readonly #free: boolean;
  #tokens = 0;
  #output = 0;
  #input = 0;
  #cost = 0;

  /** `free`: the provider costs nothing, so an unknown price stops nothing. */
  constructor(limits: RunLimits, price: Price | null, free: boolean) {
    this.#limits = limits;
    this.#price = price;
    this.#free = free;
  }

  /**
   * Output tokens that the next call may ask for; null when nothing bounds them. `input` is an estimate.
   * @throws TOKEN_BUDGET_EXCEEDED, COST_BUDGET_EXCEEDED before anything is sent
   */
  reserve(
    input: number,
    capabilities: Pick<ModelCapabilities, "contextWindow" | "maxOutputTokens">,
  ): number | null {
    const { maxInputTokens, maxOutputTokens, maxTotalTokens } = this.#limits;
    if (maxInputTokens !== undefined && this.#input + input > maxInputTokens)
      throw exceeded(
        "maxInputTokens",
        `The prompt has about ${input} tokens; ${maxInputTokens} are allowed.`,
      );
    const bounds = [
      ...(maxOutputTokens === undefined
        ? []
        : [{ name: "maxOutputTokens", left: maxOutputTokens - this.#output }]),
      ...(maxTotalTokens === undefined
        ? []
        : [{ name: "maxTotalTokens", left: maxTotalTokens - this.#tokens - input }]),
      ...this.#costBound(input),
    ];
    const shortest = Math.min(SHORTEST_ANSWER, maxOutputTokens ?? SHORTEST_ANSWER);
    for (const { name, left } of bounds) {
      if (left >= shortest) continue;
      throw exceeded(
        name,
        `The prompt has about ${input} tokens; ${name} leaves ${Math.max(0, left)} for an answer.`,
      );
    }
    if (bounds.length === 0) return null;
    const { contextWindow, maxOutputTokens: most } = capabilities;
    const room = contextWindow === null || contextWindow <= input ? [] : [contextWindow - input];
    return Math.min(...bounds.map(({ left }) => left), ...(most === null ? [] : [most]), ...room);
  }

  /** Counts what a call used; estimates stand in for what the provider did not say. */
  settle(usage: TokenUsage | null, estimate: { readonly input: number; readonly output: number }): void {
    const input = promptTokens(usage) ?? estimate.input;
    const output = usage?.output ?? estimate.output;
    this.#input += input;
    this.#output += output;
    this.#tokens += input + output;
    this.#cost +=
      costOf(usage, this.#price) ??
      (this.#price ? estimate.input * this.#price.input + estimate.output * this.#price.output : 0);
  }

  /** Limits that the run went over all the same: counts were estimates, and providers do not always stop. */
  overruns(): readonly RunWarning[] {
    const { maxInputTokens, maxOutputTokens, maxTotalTokens, maxCostUsd } = this.#limits;
    const found: RunWarning[] = [];
    const check = (name: string, used: number, limit: number | undefined) => {
      if (limit === undefined || used <= limit) return;
      const money = name === "maxCostUsd";
      found.push({
        code: money ? "COST_BUDGET_EXCEEDED" : "TOKEN_BUDGET_EXCEEDED",
        message: `The answer was kept, but went over ${name}: ${money ? used.toFixed(6) : used} of ${limit}.`,
      });
    };
    check("maxInputTokens", this.#input, maxInputTokens);
    check("maxOutputTokens", this.#output, maxOutputTokens);
    check("maxTotalTokens", this.#tokens, maxTotalTokens);
    check("maxCostUsd", this.#cost, maxCostUsd);
    return found;
  }

  #costBound(input: number): readonly { readonly name: string; readonly left: number }[] {
    const { maxCostUsd } = this.#limits;
    if (maxCostUsd === undefined || this.#free) return [];
    if (!this.#price)
      throw new AksaraError(
        "COST_BUDGET_EXCEEDED",
        "The price of this model is not known, so no budget can hold.",
        {
          hint: "Choose another model, or bound the run by tokens instead of money.",
        },
      );
    const left = maxCostUsd - this.#cost - input * this.#price.input;
    return [
      {
        name: "maxCostUsd",
        left: this.#price.output === 0 ? (left >= 0 ? 1e9 : 0) : Math.floor(left / this.#price.output),
      },
    ];
  }
}

/** All tokens of a prompt, cached or not; null when the provider did not say. */
export function promptTokens(usage: TokenUsage | null): number | null {
  return usage === null || usage.input === null
    ? null
    : usage.input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
}

function exceeded(limit: string, message: string): AksaraError {
  return new AksaraError(limit === "maxCostUsd" ? "COST_BUDGET_EXCEEDED" : "TOKEN_BUDGET_EXCEEDED", message, {
    hint: `Raise ${limit}, or build the pack with a smaller token budget.`,
  });
}
