import { setImmediate } from "node:timers/promises";
import { throwIfCancelled } from "../../errors.ts";

/** Longer than this nothing else on the thread waits for us, a cancellation neither. */
const MAX_STRETCH_MS = 12;

/** Splits long synchronous work into stretches, so that its thread stays responsive. */
export class Breather {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  isDue(): boolean {
    return performance.now() - this.#since >= MAX_STRETCH_MS;
  }

  /** Lets everything that waits run. @throws CANCELLED */
  async pause(): Promise<void> {
    await setImmediate();
    throwIfCancelled(this.#signal);
    this.#since = performance.now();
  }
}
