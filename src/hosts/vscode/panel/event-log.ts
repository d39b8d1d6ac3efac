/** Drops `seq` from each member of a union of events. */
export type Unnumbered<E extends { readonly seq: number }> = E extends unknown ? Omit<E, "seq"> : never;

/**
 * The host's numbered record of what a page should show. A page that was hidden or reloaded asks for what it missed.
 * `resets` names the events that make all earlier ones irrelevant, so that the log stays short.
 */
export class EventLog<E extends { readonly seq: number; readonly type: string }> {
  readonly #resets: ReadonlySet<E["type"]>;
  #events: E[] = [];
  #next = 1;

  constructor(resets: readonly E["type"][]) {
    this.#resets = new Set(resets);
  }

  append(event: Unnumbered<E>): E {
    const numbered = { ...event, seq: this.#next++ } as unknown as E;
    if (this.#resets.has(numbered.type)) this.#events = [];
    this.#events.push(numbered);
    return numbered;
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
