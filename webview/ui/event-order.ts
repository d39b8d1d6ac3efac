/** What to do with an event that arrived: show it, ignore it, or ask the host for what is missing. */
export type Verdict = "take" | "drop" | "ask";

/**
 * Keeps a numbered stream of events in order. A repeated event is dropped. A gap is asked for once: if the host then
 * still skips numbers, it has compacted its log, and the event is taken.
 */
export class EventOrder {
  #last = 0;
  /** The number after which everything was last asked for; a page asks for everything after 0 when it starts. */
  #askedSince = 0;

  /** Number of the last event that was taken; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  judge(seq: number): Verdict {
    if (seq <= this.#last) return "drop";
    if (seq > this.#last + 1 && this.#askedSince !== this.#last) {
      this.#askedSince = this.#last;
      return "ask";
    }
    this.#last = seq;
    return "take";
  }
}
