import { AksaraError } from "../errors.ts";
import type { RunWarning } from "../protocol/execution.ts";
import type { ModelCapabilities, TokenUsage } from "../providers/model-stream.ts";
import { costOf } from "../providers/pricing/cost.ts";
import { describeProvider, type ProviderKind } from "../providers/provider-descriptors.ts";

/** Bounds of one run, all its calls together. What is absent is not bounded by us. */
export interface RunLimits {
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly maxTotalTokens?: number | undefined;
  readonly maxCostUsd?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
}

type Bound = keyof Omit<RunLimits, "timeoutSeconds">;

/** An answer shorter than this is not worth its call, unless somebody asked for one that short. */
const SHORTEST_ANSWER = 64;

/** What the calls of a run may still use. Reserved before each call, settled after it. */
export class RunBudget {
  readonly #limits: RunLimits;
  readonly #kind: ProviderKind;
  readonly #model: string;
  readonly #used: Record<Bound, number> = {
    maxInputTokens: 0,
    maxOutputTokens: 0,
    maxTotalTokens: 0,
    maxCostUsd: 0,
  };

  constructor(limits: RunLimits, kind: ProviderKind, model: string) {
    this.#limits = limits;
    this.#kind = kind;
    this.#model = model;
  }

  /**
   * Output tokens that the next call may ask for; null when nothing bounds them. `input` is an estimate.
   * @throws TOKEN_BUDGET_EXCEEDED, COST_BUDGET_EXCEEDED before anything is sent
   */
  reserve(
    input: number,
    capabilities: Pick<ModelCapabilities, "contextWindow" | "maxOutputTokens">,
  ): number | null {
    this.#demandInput(input);
    const bounds = [
      this.#bound("maxOutputTokens", 0),
      this.#bound("maxTotalTokens", input),
      this.#costBound(input),
    ].filter((bound) => bound !== null);
    const shortest = Math.min(SHORTEST_ANSWER, this.#limits.maxOutputTokens ?? SHORTEST_ANSWER);
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
    this.#used.maxInputTokens += input;
    this.#used.maxOutputTokens += output;
    this.#used.maxTotalTokens += input + output;
    const cost = usage ? costOf(this.#kind, this.#model, usage) : null;
    this.#used.maxCostUsd += cost ?? this.#cost(input, output) ?? 0;
  }

  /** Limits that the run went over all the same: counts were estimates, and providers do not always stop. */
  overruns(): readonly RunWarning[] {
    return (Object.keys(this.#used) as Bound[]).flatMap((name) => {
      const limit = this.#limits[name];
      const used = this.#used[name];
      if (limit === undefined || used <= limit) return [];
      const amounts =
        name === "maxCostUsd" ? `$${used.toFixed(6)} of $${limit}` : `${used} of ${limit} tokens`;
      return [{ code: codeOf(name), message: `The answer was kept, but went over ${name}: ${amounts}.` }];
    });
  }

  #demandInput(input: number): void {
    const limit = this.#limits.maxInputTokens;
    if (limit === undefined || this.#used.maxInputTokens + input <= limit) return;
    throw exceeded("maxInputTokens", `The prompt has about ${input} tokens; ${limit} are allowed.`);
  }

  #bound(name: Bound, reserved: number): { readonly name: Bound; readonly left: number } | null {
    const limit = this.#limits[name];
    return limit === undefined ? null : { name, left: limit - this.#used[name] - reserved };
  }

  #costBound(input: number): { readonly name: Bound; readonly left: number } | null {
    const limit = this.#limits.maxCostUsd;
    if (limit === undefined || describeProvider(this.#kind).local) return null;
    const prompt = this.#cost(input, 0);
    const withOne = this.#cost(input, 1);
    if (prompt === null || withOne === null)
      throw new AksaraError(
        "COST_BUDGET_EXCEEDED",
        "The price of this model is not known, so no budget can hold.",
        {
          hint: "Choose another model, or bound the run by tokens instead of money.",
        },
      );
    const left = limit - this.#used.maxCostUsd - prompt;
    const perToken = withOne - prompt;
    if (perToken <= 0) return left < 0 ? { name: "maxCostUsd", left: 0 } : null;
    return { name: "maxCostUsd", left: Math.floor(left / perToken) };
  }

  #cost(input: number, output: number): number | null {
    return costOf(this.#kind, this.#model, { input, cacheRead: 0, cacheWrite: 0, output, reasoning: null });
  }
}

/** All tokens of a prompt, cached or not; null when the provider did not say. */
export function promptTokens(usage: TokenUsage | null): number | null {
  return usage === null || usage.input === null
    ? null
    : usage.input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
}

function exceeded(name: Bound, message: string): AksaraError {
  return new AksaraError(codeOf(name), message, {
    hint: `Raise ${name}, or build the pack with a smaller token budget.`,
  });
}

function codeOf(name: Bound): "COST_BUDGET_EXCEEDED" | "TOKEN_BUDGET_EXCEEDED" {
  return name === "maxCostUsd" ? "COST_BUDGET_EXCEEDED" : "TOKEN_BUDGET_EXCEEDED";
}
