import type { TokenUsage } from "../model-stream.ts";
import { PRICES } from "../prices.generated.ts";
import { matches, type Price, type PriceRow, type Rate } from "./price-table.ts";

/** Vendors' names in front of a model, as OpenRouter has them → the provider whose prices it passes on. */
const PASSED_ON: Readonly<Record<string, string>> = {
  anthropic: "anthropic",
  openai: "openai",
  google: "google",
  mistralai: "mistral",
  "x-ai": "xai",
};

/** A dollar in the unit of the sums: prices for a million tokens are whole numbers of millionths of a dollar. */
const UNITS_PER_DOLLAR = 1e12;

/**
 * Dollars that an answer cost; null when model, price or usage is unknown. Sums whole numbers, so that nothing but the
 * last division rounds.
 *
 * @param at milliseconds since the epoch; some prices hold from a day on, or at some hours
 */
export function costOf(kind: string, model: string, usage: TokenUsage, at = Date.now()): number | null {
  if (kind === "noop") return 0;
  const row = rowOf(kind, model);
  const price = row === null ? null : priceAt(row, new Date(at));
  if (price === null || usage.input === null || usage.output === null) return null;
  const cacheRead = usage.cacheRead ?? 0;
  const cacheWrite = usage.cacheWrite ?? 0;
  const prompt = usage.input + cacheRead + cacheWrite;
  const [input, read, write, output] = price;
  const units = [
    unitsOf(input, prompt, usage.input),
    // A provider without a price for its cache takes that of the input.
    unitsOf(read ?? input, prompt, cacheRead),
    unitsOf(write ?? input, prompt, cacheWrite),
    unitsOf(output, prompt, usage.output),
  ];
  let sum = 0;
  for (const each of units) {
    if (each === null) return null;
    sum += each;
  }
  return sum / UNITS_PER_DOLLAR;
}

/** Tokens that prompt and answer of a model may have together; null when unknown. */
export function contextWindowOf(kind: string, model: string): number | null {
  return rowOf(kind, model)?.[1] ?? null;
}

function rowOf(kind: string, model: string): PriceRow | null {
  const name = model.toLowerCase();
  if (kind === "openrouter" || kind === "scripted") return passedOn(name);
  const table = PRICES[kind === "azure" ? "openai" : kind];
  return table?.find(([match]) => matches(match, name)) ?? null;
}

/** Suffixes (`:free`, `:nitro`) change the price. */
function passedOn(name: string): PriceRow | null {
  const [, vendor, model] = /^([a-z-]+)\/([^:]+)$/.exec(name) ?? [];
  const kind = PASSED_ON[vendor ?? ""];
  return kind === undefined || model === undefined ? null : rowOf(kind, model);
}

function priceAt(row: PriceRow, at: Date): Price | null {
  const [, , ...prices] = row;
  return prices.findLast((price) => holds(price[4], at)) ?? null;
}

function holds(condition: string | undefined, at: Date): boolean {
  if (condition === undefined) return true;
  const instant = at.toISOString();
  const hours = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(condition);
  if (hours === null) return instant.slice(0, 10) >= condition;
  const [, from = "", until = ""] = hours;
  const now = instant.slice(11, 16);
  return from <= until ? now >= from && now < until : now >= from || now < until;
}

function unitsOf(rate: Rate, prompt: number, tokens: number): number | null {
  if (tokens === 0) return 0;
  const dollars = dollarsPerMillion(rate, prompt);
  return dollars === null ? null : Math.round(dollars * 1e6) * tokens;
}

/** Above a tier's start the whole request has the tier's price. */
function dollarsPerMillion(rate: Rate, prompt: number): number | null {
  if (rate === null || typeof rate === "number") return rate;
  let dollars = rate[0] ?? null;
  for (let at = 1; at + 1 < rate.length; at += 2) {
    if (prompt > (rate[at] ?? Number.POSITIVE_INFINITY)) dollars = rate[at + 1] ?? dollars;
  }
  return dollars;
}
