import type { RunTokens } from "../../src/protocol/execution.ts";
import { t } from "./l10n.ts";
import { formatNumber } from "./numbers.ts";

/** How long something took, or has taken so far. */
export function elapsedWords(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return t("{0} s", seconds < 10 ? seconds.toFixed(1) : Math.round(seconds));
  return t("{0} min {1} s", Math.floor(seconds / 60), Math.round(seconds % 60));
}

/** What is unknown is said to be unknown, never 0. */
export function tokenWords({ prompt, completion }: RunTokens): string {
  return prompt === null || completion === null
    ? t("Tokens: unknown")
    : t("{0} tokens in, {1} out", formatNumber(prompt), formatNumber(completion));
}

export function costWords(dollars: number | null): string {
  return dollars === null ? t("Cost: unknown") : t("Cost: {0}", formatDollars(dollars));
}

/** Day and minute, in figures, as the person's language orders them. */
export function dateWords(at: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

/** Small sums keep two digits that say something. */
export function formatDollars(value: number): string {
  const language = document.documentElement.lang || undefined;
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: "USD",
    ...(value !== 0 && value < 0.1 ? { maximumSignificantDigits: 2 } : {}),
  }).format(value);
}
