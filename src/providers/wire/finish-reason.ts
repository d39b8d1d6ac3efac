import type { FinishReason } from "../model-stream.ts";

/** A provider's names of the reasons why an answer ended, and what each means. */
export type FinishReasons = Readonly<Record<string, FinishReason>>;

/** What a provider's name means; `unknown` for one that nobody knows, also where every object has a member of that name. */
export function finishReasonOf(reasons: FinishReasons, name: string): FinishReason {
  return Object.hasOwn(reasons, name) ? (reasons[name] ?? "unknown") : "unknown";
}
