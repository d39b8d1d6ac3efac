import type { SpanKind, TraceRow, TraceView } from "../../src/protocol/trace.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { elapsedWords } from "../ui/run-numbers.ts";

/** What a kind of span is called, for one and as a choice. */
export function kindWords(kind: SpanKind): string {
  switch (kind) {
    case "flow":
      return t("Flow");
    case "agent":
      return t("Agent");
    case "model":
      return t("Model");
    case "tool":
      return t("Tool");
    case "approval":
      return t("Waiting for an answer");
    case "pause":
      return t("Interrupted");
  }
}

export const KIND_ICONS: Readonly<Record<SpanKind, IconName>> = {
  flow: "run-all",
  agent: "hubot",
  model: "sparkle",
  tool: "tools",
  approval: "question",
  pause: "debug-pause",
};

/** Short times keep what tells them apart. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < 1000) return t("{0} ms", Math.round(milliseconds));
  const hours = milliseconds / 3_600_000;
  if (hours < 1) return elapsedWords(milliseconds);
  return hours < 48 ? t("{0} h", hours.toFixed(1)) : t("{0} days", Math.round(hours / 24));
}

export function rowDuration({ start, end }: TraceRow): string {
  return end === null ? t("not ended") : durationWords(end - start);
}

/** Read, and written. */
export function rowTokens({ tokens }: TraceRow): string {
  return tokens === null ? "" : `${formatNumber(tokens.input)} → ${formatNumber(tokens.output)}`;
}

export function statusWords(status: TraceView["status"]): string {
  switch (status) {
    case "complete":
      return t("finished");
    case "error":
      return t("failed");
    case "interrupted":
      return t("interrupted");
    case "running":
      return t("not ended");
  }
}
