import { ProviderError, type ProviderErrorKind } from "../provider-error.ts";
import type { Timeouts } from "./http-transport.ts";

type Phase = "connect" | "firstByte" | "idle" | "done";

const KINDS: Readonly<Record<Exclude<Phase, "done"> | "total", ProviderErrorKind>> = {
  connect: "timeout_connect",
  firstByte: "timeout_first_byte",
  idle: "timeout_idle",
  total: "timeout_total",
};

const WORDS: Readonly<Record<Exclude<Phase, "done"> | "total", string>> = {
  connect: "no connection came about",
  firstByte: "no answer came",
  idle: "the answer stopped coming",
  total: "the answer took too long",
};

/**
 * The clocks of one exchange: one for the phase it is in and one for all of it. Calls `onTimeout` at most once, and
 * leaves no timer behind when stopped.
 */
export class ExchangeTimers {
  readonly #provider: string;
  readonly #timeouts: Timeouts;
  readonly #onTimeout: (error: ProviderError) => void;
  #phase: Phase = "connect";
  #phaseTimer: NodeJS.Timeout | null = null;
  readonly #totalTimer: NodeJS.Timeout | null;

  constructor(provider: string, timeouts: Timeouts, onTimeout: (error: ProviderError) => void) {
    this.#provider = provider;
    this.#timeouts = timeouts;
    this.#onTimeout = onTimeout;
    const { total } = timeouts;
    this.#totalTimer = total === null ? null : setTimeout(() => this.#fire("total", total), total);
    this.#start("connect");
  }

  connected(): void {
    if (this.#phase === "connect") this.#start("firstByte");
  }

  /** A chunk of the body has come. */
  byte(): void {
    if (this.#phase === "idle") this.#phaseTimer?.refresh();
    else if (this.#phase !== "done") this.#start("idle");
  }

  stop(): void {
    this.#phase = "done";
    if (this.#phaseTimer !== null) clearTimeout(this.#phaseTimer);
    if (this.#totalTimer !== null) clearTimeout(this.#totalTimer);
    this.#phaseTimer = null;
  }

  #start(phase: Exclude<Phase, "done">): void {
    if (this.#phaseTimer !== null) clearTimeout(this.#phaseTimer);
    this.#phase = phase;
    const limit = this.#timeouts[phase];
    this.#phaseTimer = limit === null ? null : setTimeout(() => this.#fire(phase, limit), limit);
  }

  #fire(phase: Exclude<Phase, "done"> | "total", limit: number): void {
    this.stop();
    const seconds = limit < 1000 ? `${limit} ms` : `${Math.round(limit / 1000)} s`;
    this.#onTimeout(
      new ProviderError({
        kind: KINDS[phase],
        provider: this.#provider,
        message: `Gave up after ${seconds}: ${WORDS[phase]}.`,
      }),
    );
  }
}
