import { throwIfCancelled } from "../errors.ts";

/** Lets those who want the same thing have it one after the other, in the order in which they asked. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** @throws CANCELLED when the signal fires before its turn */
  async take<Result>(key: string, work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const release = await this.wait(key, signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Waits for its turn; gives what ends it. @throws CANCELLED */
  async wait(key: string, signal: AbortSignal): Promise<() => void> {
    throwIfCancelled(signal);
    const before = this.#last.get(key) ?? Promise.resolve();
    let done: () => void = () => undefined;
    const own = new Promise<void>((resolve) => {
      done = resolve;
    });
    const after = before.then(() => own);
    this.#last.set(key, after);
    const release = () => {
      done();
      if (this.#last.get(key) === after) this.#last.delete(key);
    };
    let onAbort: () => void = () => undefined;
    const aborted = new Promise<void>((resolve) => {
      onAbort = resolve;
      signal.addEventListener("abort", onAbort, { once: true });
    });
    await Promise.race([before, aborted]);
    signal.removeEventListener("abort", onAbort);
    if (signal.aborted) release();
    throwIfCancelled(signal);
    return release;
  }

  /** Whether somebody has it, or waits for it. */
  isTaken(key: string): boolean {
    return this.#last.has(key);
  }
}
