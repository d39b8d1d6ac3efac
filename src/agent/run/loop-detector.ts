const LONGEST_PERIOD = 6;
/** A cycle is one after so many rounds with the same results … */
const ROUNDS = 3;
/** … and after so many when the results differ: somebody may be waiting for something. */
const ROUNDS_WITH_CHANGES = 6;

/** Notices when calls repeat: the same one, or a cycle of up to six. */
export class LoopDetector {
  readonly #calls: string[] = [];
  readonly #whole: string[] = [];

  /** Takes a call with what came of it; gives the period of the cycle it closes, or null. */
  note(call: string, result: string): number | null {
    this.#calls.push(call);
    this.#whole.push(`${call} ${result}`);
    const most = LONGEST_PERIOD * ROUNDS_WITH_CHANGES;
    if (this.#calls.length > most) {
      this.#calls.shift();
      this.#whole.shift();
    }
    for (let period = 1; period <= LONGEST_PERIOD; period++)
      if (repeats(this.#whole, period, ROUNDS) || repeats(this.#calls, period, ROUNDS_WITH_CHANGES))
        return period;
    return null;
  }
}

function repeats(list: readonly string[], period: number, rounds: number): boolean {
  const length = period * rounds;
  if (list.length < length) return false;
  const start = list.length - length;
  for (let at = start + period; at < list.length; at++) if (list[at] !== list[at - period]) return false;
  return true;
}
