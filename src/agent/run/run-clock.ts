/** The time of a run. While a person is asked, it stands still. */
export class RunClock {
  readonly #onExpired: () => void;
  readonly #now: () => number;
  #leftMs: number;
  #since: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #paused = 0;
  #usedMs = 0;

  /** Starts at once. `now` in milliseconds, never going back. */
  constructor(milliseconds: number, onExpired: () => void, now: () => number = () => performance.now()) {
    this.#leftMs = milliseconds;
    this.#onExpired = onExpired;
    this.#now = now;
    this.#start();
  }

  /** Milliseconds that counted so far. */
  get usedMs(): number {
    return this.#usedMs + (this.#since === null ? 0 : this.#now() - this.#since);
  }

  /** Does something that does not count. */
  async waiting<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#paused++ === 0) this.#stop();
    try {
      return await work();
    } finally {
      if (--this.#paused === 0) this.#start();
    }
  }

  dispose(): void {
    this.#stop();
    this.#paused = Number.POSITIVE_INFINITY;
  }

  #start(): void {
    this.#since = this.#now();
    this.#timer = setTimeout(this.#onExpired, Math.min(Math.max(0, this.#leftMs), 2 ** 31 - 1));
  }

  #stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#since === null) return;
    const spent = this.#now() - this.#since;
    this.#leftMs -= spent;
    this.#usedMs += spent;
    this.#since = null;
  }
}
