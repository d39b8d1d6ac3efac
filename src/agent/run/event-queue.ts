/** Events from where they happen to who listens; nothing is lost while nobody does. */
export class EventQueue<Event> implements AsyncIterable<Event> {
  #events: Event[] = [];
  #wake: (() => void) | null = null;
  #ended = false;
  #failure: { readonly error: unknown } | null = null;
  readonly #onAbandoned: () => void;

  /** `onAbandoned`: who listened went away before the end. */
  constructor(onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned;
  }

  push(event: Event): void {
    this.#events.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Event> {
    try {
      for (;;) {
        const events = this.#events;
        this.#events = [];
        yield* events;
        if (this.#events.length > 0) continue;
        if (this.#ended) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
      if (this.#failure) throw this.#failure.error;
    } finally {
      if (!this.#ended) this.#onAbandoned();
    }
  }
}
