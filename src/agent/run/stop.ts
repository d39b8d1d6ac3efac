import { LeftBehind } from "../options.ts";

/** `lost`: another process has the run now. `left`: this process ends, and the run waits to be taken up. */
export type StopCause = "cancelled" | "timeout" | "lost" | "left";

/** What stops a run: its caller, its time, another process, or the end of this one. The first counts. */
export class Stop {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort = () => this.by(this.#caller?.reason instanceof LeftBehind ? "left" : "cancelled");
  reason: StopCause = "cancelled";

  constructor(caller: AbortSignal | undefined) {
    this.#caller = caller;
    if (caller?.aborted) this.#onAbort();
    caller?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  by(reason: StopCause): void {
    if (this.signal.aborted) return;
    this.reason = reason;
    // Runs below hear that nobody cancelled them, and wait to be taken up as well.
    this.#controller.abort(reason === "left" || reason === "lost" ? new LeftBehind() : undefined);
  }

  dispose(): void {
    this.#caller?.removeEventListener("abort", this.#onAbort);
  }
}
