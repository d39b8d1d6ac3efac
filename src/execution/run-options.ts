import type { RunLimits } from "./run-budget.ts";

export interface RunProgress {
  readonly stage: "building" | "resolving" | "asking" | "repairing" | "verifying";
  /** For a status line. */
  readonly message: string;
}

export interface RunOptions {
  /** Name of a hub entry, or a kind of provider; alone it takes that provider's own default model. */
  readonly providerOverride?: string | null | undefined;
  readonly modelOverride?: string | null | undefined;
  readonly limits?: RunLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears the answer as it arrives. */
  readonly onDelta?: ((delta: string) => void) | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}
