/** What is left of a wait that is shortened, as a share of the time that is not. */
const LEFT_OF_WAIT = 0.03;

interface Stretch {
  /** Milliseconds after the beginning. */
  readonly from: number;
  readonly to: number;
  /** How long it is drawn, in milliseconds of the others. */
  readonly drawn: number;
}

/** Where on a line from 0 to 1 the times of a trace stand. Waits may be drawn shorter than they were. */
export class TimeScale {
  readonly #stretches: readonly Stretch[];
  readonly #drawn: number;

  /** All in milliseconds; `waits` in order, none touching another. */
  constructor(duration: number, waits: readonly (readonly [number, number])[], shorten: boolean) {
    const waited = waits.reduce((sum, [from, to]) => sum + to - from, 0);
    const left = Math.max((duration - waited) * LEFT_OF_WAIT, 1);
    const stretches: Stretch[] = [];
    let at = 0;
    for (const [from, to] of shorten ? waits : []) {
      if (from > at) stretches.push({ from: at, to: from, drawn: from - at });
      stretches.push({ from, to, drawn: Math.min(to - from, left) });
      at = to;
    }
    if (duration > at) stretches.push({ from: at, to: duration, drawn: duration - at });
    this.#stretches = stretches;
    this.#drawn = stretches.reduce((sum, { drawn }) => sum + drawn, 0);
  }

  /** From 0 to 1. */
  place(time: number): number {
    if (this.#drawn === 0) return 0;
    let before = 0;
    for (const { from, to, drawn } of this.#stretches) {
      if (time <= to) {
        const share = to === from ? 0 : Math.max(time - from, 0) / (to - from);
        return (before + share * drawn) / this.#drawn;
      }
      before += drawn;
    }
    return 1;
  }

  /** The time, in milliseconds, that stands at a place from 0 to 1. */
  timeAt(place: number): number {
    let rest = place * this.#drawn;
    for (const { from, to, drawn } of this.#stretches) {
      if (rest <= drawn) return from + (drawn === 0 ? 0 : (rest / drawn) * (to - from));
      rest -= drawn;
    }
    return this.#stretches.at(-1)?.to ?? 0;
  }
}
