import { estimateTokenCount } from "tokenx";

/** Uncalibrated estimate, the same for every model: documents must not depend on who will read them. */
export function estimateTokens(text: string): number {
  return estimateTokenCount(text);
}
