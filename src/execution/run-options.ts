import type { ProviderSetup } from "./provider-setup.ts";
import type { RunLimits } from "./run-budget.ts";

export interface RunProgress {
  readonly stage: "building" | "resolving" | "asking" | "repairing" | "verifying";
  /** For a status line. */
  readonly message: string;
}

/** Who is about to be sent a pack. */
export interface RunDestination {
  readonly setup: ProviderSetup;
  readonly model: string;
}

export interface RunOptions {
  /** Name of a hub entry, or a kind of provider; alone it takes that provider's own default model. */
  readonly providerOverride?: string | null | undefined;
  readonly modelOverride?: string | null | undefined;
  readonly limits?: RunLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Asked once, when it is known who would answer, before anything is sent. To refuse it throws: the run ends with that
   * error, and nothing of it is kept.
   */
  readonly agree?: ((destination: RunDestination) => Promise<void>) | undefined;
  /** Hears the answer as it arrives. */
  readonly onDelta?: ((delta: string) => void) | undefined;
  /** Hears the reasoning before the answer, where a provider tells it. */
  readonly onReasoning?: ((delta: string) => void) | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}
