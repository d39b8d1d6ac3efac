import { Ledger, Memo } from "../memo.ts";
import type { Contribution, Stack } from "../stacks/stack.ts";
import { LiveFacts } from "./live-facts.ts";

/** So many answers may come of edits, of names that nobody uses any more, before all is made anew. */
const FORGOTTEN = 20_000;

/** What a stack makes of facts, kept so that an edit makes anew only what it touches. */
export class LiveReading {
  readonly #facts: LiveFacts;
  readonly #ledger = new Ledger(true);
  readonly #found: Memo<Contribution>;
  #most = Number.POSITIVE_INFINITY;

  constructor(open: NonNullable<Stack["open"]>, facts: ReadonlyMap<string, unknown>) {
    this.#facts = new LiveFacts(facts);
    const found = open(this.#facts.byUri, this.#ledger);
    this.#found = new Memo(this.#ledger, found);
  }

  /** Whether it can be relied on after an edit: what depends on where one begins to read may come out differently. */
  get isReliable(): boolean {
    return !this.#ledger.isAmbiguous && this.#ledger.size <= this.#most;
  }

  /** Takes over what files say now; false when that needs all to be made anew. */
  update(changed: ReadonlyMap<string, unknown>): boolean {
    for (const [uri, facts] of changed) if (!this.#facts.update(uri, facts)) return false;
    return true;
  }

  /** @throws what the stack throws; it cannot be used any more then */
  found(): Contribution {
    this.#ledger.settle();
    const found = this.#found.get();
    if (this.#most === Number.POSITIVE_INFINITY) this.#most = this.#ledger.size * 2 + FORGOTTEN;
    return found;
  }
}
