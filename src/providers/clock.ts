import { AksaraError, throwIfCancelled } from "../errors.ts";

/** Time as the providers see it; a test gives its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @throws CANCELLED as soon as the signal fires */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      throwIfCancelled(signal);
      const onAbort = () => {
        clearTimeout(timer);
        reject(new AksaraError("CANCELLED", "The operation was cancelled."));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, milliseconds);
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};
