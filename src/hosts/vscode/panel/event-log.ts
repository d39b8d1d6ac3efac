/** Drops `seq` from each member of a union of events. */
export type Unnumbered<E extends { readonly seq: number }> = E extends unknown ? Omit<E, "seq"> : never;

/**
 * What a new event makes of an earlier one: both stay (`keep`), the earlier one is forgotten (`drop`), or one event
 * takes the place of both. The log then holds what a page needs, not all that happened.
 */
export type Fold<E> = (earlier: E, later: E) => E | "keep" | "drop";

/**
 * The host's numbered record of what a page should show. A page that was hidden or reloaded asks for what it missed.
 * A folded event has the number of the later one.
 */
export class EventLog<E extends { readonly seq: number; readonly type: string }> {
  readonly #fold: Fold<E>;
  #events: readonly E[] = [];
  #next = 1;

  constructor(fold: Fold<E>) {
    this.#fold = fold;
  }

  /** Returns the event as it happened, numbered: what a page that saw all the earlier ones needs. */
  append(event: Unnumbered<E>): E {
    const numbered = { ...event, seq: this.#next++ } as unknown as E;
    let latest = numbered;
    const kept: E[] = [];
    for (const earlier of this.#events) {
      const verdict = this.#fold(earlier, latest);
      if (verdict === "keep") kept.push(earlier);
      else if (verdict !== "drop") latest = verdict;
    }
    this.#events = [...kept, latest];
    return numbered;
  }

  /** Forgets events that have had their effect. */
  forget(type: E["type"]): void {
    this.#events = this.#events.filter((event) => event.type !== type);
  }

  /**
   * Events after a number; everything when the page's number is from another life of the host. A page that starts asks
   * for all, after 0, and gets them under new numbers: it may have been sent a later event before it could ask, and
   * would take these for old ones.
   */
  since(seq: number): readonly E[] {
    if (seq === 0) this.#events = this.#events.map((event) => ({ ...event, seq: this.#next++ }));
    return seq >= this.#next ? this.#events : this.#events.filter((event) => event.seq > seq);
  }
}
