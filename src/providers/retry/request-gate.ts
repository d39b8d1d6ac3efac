import { throwIfCancelled } from "../../errors.ts";
import type { Clock } from "../clock.ts";

/** Names what shares a rate limit: provider, origin, key (its fingerprint) and model. */
export interface LaneName {
  readonly provider: string;
  readonly origin: string;
  readonly key: string | null;
  readonly model: string;
}

interface Waiting {
  readonly admit: () => void;
  readonly isRetry: boolean;
}

/**
 * One lane: requests that share a rate limit. It admits so many at once, first come first served, tries again before
 * new ones. When the provider says wait, everybody waits; afterwards fewer go at once, and with each success more.
 */
export class Lane {
  readonly #clock: Clock;
  readonly #most: number;
  #limit: number;
  #active = 0;
  #pausedUntil = 0;
  #waking: AbortController | null = null;
  readonly #waiting: Waiting[] = [];

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
    this.#limit = most;
  }

  /** Whether nothing would be lost if the lane were forgotten. */
  get isIdle(): boolean {
    return this.#active === 0 && this.#waiting.length === 0 && this.#pausedUntil <= this.#clock.now();
  }

  /** Resolves with the pass once the request may go; the caller gives it back. @throws CANCELLED */
  async enter(signal: AbortSignal, isRetry: boolean): Promise<Pass> {
    throwIfCancelled(signal);
    await this.#turn(signal, isRetry);
    return new Pass(this.#clock.now(), (outcome, startedAt) => this.#leave(outcome, startedAt));
  }

  #turn(signal: AbortSignal, isRetry: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        isRetry,
        admit: () => {
          signal.removeEventListener("abort", onAbort);
          this.#active++;
          resolve();
        },
      };
      const onAbort = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        if (this.#waiting.length === 0) this.#stopWaking();
        try {
          throwIfCancelled(signal);
        } catch (error) {
          reject(error);
        }
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const firstNew = isRetry ? this.#waiting.findIndex((each) => !each.isRetry) : -1;
      if (firstNew >= 0) this.#waiting.splice(firstNew, 0, waiting);
      else this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #leave(outcome: PassOutcome, startedAt: number): void {
    this.#active--;
    if (outcome.type === "success") {
      if (this.#limit < this.#most) this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
    } else if (outcome.type === "limited") {
      const now = this.#clock.now();
      // All requests of one burst are refused together: that is one refusal, not hundred.
      if (startedAt >= this.#pausedUntil) this.#limit = Math.max(1, Math.floor(this.#limit / 2));
      this.#pausedUntil = Math.max(this.#pausedUntil, now + outcome.waitMs);
    }
    this.#admit();
  }

  #admit(): void {
    const pause = this.#pausedUntil - this.#clock.now();
    if (pause > 0) {
      if (this.#waiting.length > 0) this.#wakeAfter(pause);
      return;
    }
    while (this.#active < Math.floor(this.#limit)) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.admit();
    }
  }

  #wakeAfter(milliseconds: number): void {
    if (this.#waking !== null) return;
    const waking = new AbortController();
    this.#waking = waking;
    this.#clock.sleep(milliseconds, waking.signal).then(
      () => {
        this.#waking = null;
        this.#admit();
      },
      // Stopped, because the last one that waited has gone.
      () => undefined,
    );
  }

  #stopWaking(): void {
    this.#waking?.abort();
    this.#waking = null;
  }
}

export type PassOutcome =
  | { readonly type: "success" }
  /** The provider said: not now. Everybody in the lane waits that long. */
  | { readonly type: "limited"; readonly waitMs: number }
  | { readonly type: "other" };

/** The right to have one request in flight. Given back once; a second time has no effect. */
export class Pass {
  readonly #startedAt: number;
  #leave: ((outcome: PassOutcome, startedAt: number) => void) | null;

  constructor(startedAt: number, leave: (outcome: PassOutcome, startedAt: number) => void) {
    this.#startedAt = startedAt;
    this.#leave = leave;
  }

  giveBack(outcome: PassOutcome): void {
    const leave = this.#leave;
    this.#leave = null;
    leave?.(outcome, this.#startedAt);
  }
}

/** The lanes of a host: one object for all its connectors, so that all of them see one provider's limits. */
export class RequestGate {
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param most requests in flight at once; counts for a lane that is made by this call */
  lane(name: LaneName, most: number): Lane {
    const id = JSON.stringify([name.provider, name.origin, name.key, name.model]);
    const known = this.#lanes.get(id);
    if (known !== undefined) return known;
    if (this.#lanes.size >= 256) this.#forgetIdle();
    const lane = new Lane(this.#clock, most);
    this.#lanes.set(id, lane);
    return lane;
  }

  #forgetIdle(): void {
    for (const [id, lane] of this.#lanes) if (lane.isIdle) this.#lanes.delete(id);
  }
}
