import { AksaraError, isCancelled } from "../errors.ts";

/** The signal of a run: the caller's cancel, or its time. Knows afterwards which of the two it was. */
export class RunTimer {
  readonly signal: AbortSignal;
  readonly #seconds: number | null;
  readonly #timeout = new AbortController();
  readonly #timer: NodeJS.Timeout | null;

  constructor(cancel: AbortSignal | undefined, seconds: number | undefined) {
    this.#seconds = seconds ?? null;
    this.#timer = seconds === undefined ? null : setTimeout(() => this.#timeout.abort(), seconds * 1000);
    this.signal = cancel ? AbortSignal.any([cancel, this.#timeout.signal]) : this.#timeout.signal;
  }

  /** A cancelled call means TIMEOUT when it was the time that cancelled it. */
  meaningOf(error: AksaraError): AksaraError {
    if (!isCancelled(error) || !this.#timeout.signal.aborted) return error;
    return new AksaraError("TIMEOUT", `The run was stopped after ${this.#seconds} seconds.`, {
      hint: "Raise timeoutSeconds, or choose a faster model.",
      cause: error,
    });
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
