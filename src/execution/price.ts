import type { TokenUsage } from "../providers/model-stream.ts";

/** US dollars for one token of each class. */
export interface Price {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** What a model costs; null when nobody knows. Port. */
export type PriceTable = (providerKind: string, model: string) => Price | null;

/** Providers that run here and cost nothing but the machine. Their runs have no price, and no budget stops them. */
const FREE_KINDS: ReadonlySet<string> = new Set([
  "ollama",
  "lmstudio",
  "vllm",
  "llamacpp",
  "scripted",
  "noop",
]);

export function isFree(providerKind: string): boolean {
  return FREE_KINDS.has(providerKind);
}

/** Dollars of one call; null when price or counts are unknown, never zero for that. */
export function costOf(usage: TokenUsage | null, price: Price | null): number | null {
  if (!usage || !price || usage.input === null || usage.output === null) return null;
  return (
    usage.input * price.input +
    (usage.cacheRead ?? 0) * price.cacheRead +
    (usage.cacheWrite ?? 0) * price.cacheWrite +
    usage.output * price.output
  );
}
