/** What stops a run: its caller, its time, or another process. The first counts. */
export class Stop {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort = () => this.by("cancelled");
  reason: "cancelled" | "timeout" | "lost" = "cancelled";

  constructor(caller: AbortSignal | undefined) {
    this.#caller = caller;
    if (caller?.aborted) this.by("cancelled");
    caller?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  by(reason: "cancelled" | "timeout" | "lost"): void {
    if (this.signal.aborted) return;
    this.reason = reason;
    this.#controller.abort();
  }

  dispose(): void {
    this.#caller?.removeEventListener("abort", this.#onAbort);
  }
}
