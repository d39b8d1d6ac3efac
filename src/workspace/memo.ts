import { isSameValue } from "./same-value.ts";

/**
 * Answers that know what they were made from. When a source changes, what was made from it is made again, and what was
 * made from that only where the answer really came out differently. Synchronous.
 */

/** No real chain of answers is as long; one that is leads back into itself. */
const HIGHEST = 5_000;

/** The answer that is being made, which takes note of what it reads. */
let reader: Answer<unknown> | null = null;
/** Counts how often answers were made. */
let makings = 0;

/** What answers are made from: a part of the facts, or another answer. */
class Source {
  /** Most have one reader, or none, and a set for each would take more room than all they say. */
  #readers: Answer<unknown> | Set<Answer<unknown>> | null = null;
  /** What took note of it last, so that most repetitions are left out. */
  lastMaking = 0;
  /** Longest way to the facts. */
  height = 0;

  get isRead(): boolean {
    return this.#readers instanceof Set ? this.#readers.size > 0 : this.#readers !== null;
  }

  readers(): Iterable<Answer<unknown>> {
    if (this.#readers instanceof Set) return this.#readers;
    return this.#readers ? [this.#readers] : [];
  }

  addReader(answer: Answer<unknown>): void {
    if (this.#readers instanceof Set) this.#readers.add(answer);
    else if (this.#readers === null) this.#readers = answer;
    else if (this.#readers !== answer) this.#readers = new Set([this.#readers, answer]);
  }

  removeReader(answer: Answer<unknown>): void {
    if (this.#readers instanceof Set) this.#readers.delete(answer);
    else if (this.#readers === answer) this.#readers = null;
  }

  /** Tells whoever read it that it is not what it was. */
  protected change(): void {
    for (const each of this.readers()) each.outdate();
  }
}

/** A value that is set from outside. */
export class Given<V> extends Source {
  #value: V;

  constructor(value: V) {
    super();
    this.#value = value;
  }

  /** @throws Error when nobody takes note: the answer would never be made again. */
  read(): V {
    if (!reader) throw new Error("Facts were read outside of an answer.");
    reader.note(this);
    return this.#value;
  }

  peek(): V {
    return this.#value;
  }

  set(value: V): void {
    if (value === this.#value) return;
    this.#value = value;
    this.change();
  }
}

/** The answers of one world: made once, or kept up to date. */
export class Ledger {
  /** False: answers are made once and take no note of anything. */
  readonly isLive: boolean;
  /** Counts answers, so that whoever keeps them can tell when too many are forgotten ones. */
  size = 0;
  /** A cycle was read whose answer depends on where one begins: it may be another when all is read anew. */
  isAmbiguous = false;
  /** Answers to be made again, by height. */
  readonly #outdated: Set<Answer<unknown>>[] = [];

  constructor(isLive: boolean) {
    this.isLive = isLive;
  }

  outdate(answer: Answer<unknown>): void {
    this.#outdated[answer.height] ??= new Set();
    this.#outdated[answer.height]?.add(answer);
  }

  /**
   * Makes again what is outdated, from the facts upwards. An answer that reads one above it may be made of what is about
   * to change; then it is made once more.
   */
  settle(): void {
    for (let height = 0; height < this.#outdated.length && !this.isAmbiguous; height++) {
      const answers = this.#outdated[height];
      if (!answers || answers.size === 0) continue;
      this.#outdated[height] = new Set();
      for (const answer of answers) answer.settle();
      // What was made may have outdated what stands lower, where something new is read.
      height = Math.min(height, this.#lowest()) - 1;
    }
  }

  #lowest(): number {
    const lowest = this.#outdated.findIndex((answers) => answers && answers.size > 0);
    return lowest === -1 ? this.#outdated.length : lowest;
  }
}

/**
 * Answers by one name or two. `make` must depend on nothing but its names, other memos and facts. What is asked while
 * it is being made is answered by `inCycle`; what comes of that holds for the first asker only and is not kept.
 */
export class Memo<V> {
  readonly ledger: Ledger;
  readonly make: (first: string, second: string) => V;
  readonly inCycle: ((first: string, second: string) => V) | null;
  readonly #answers = new Map<string, Map<string, Answer<V>>>();

  constructor(
    ledger: Ledger,
    make: (first: string, second: string) => V,
    inCycle: ((first: string, second: string) => V) | null = null,
  ) {
    this.ledger = ledger;
    this.make = make;
    this.inCycle = inCycle;
  }

  get(first = "", second = ""): V {
    let own = this.#answers.get(first);
    if (!own) {
      own = new Map();
      this.#answers.set(first, own);
    }
    let answer = own.get(second);
    if (!answer) {
      answer = new Answer(this, first, second);
      own.set(second, answer);
      this.ledger.size++;
    }
    return answer.read();
  }
}

class Answer<V> extends Source {
  readonly #memo: Memo<V>;
  readonly #first: string;
  readonly #second: string;
  #value: V | undefined = undefined;
  #isCurrent = false;
  #sources: Source[] = [];
  /** Number of the last time that it was made. */
  #making = 0;
  /** How many answers wait for it while it is being made; -1 when it is not. */
  #depth = -1;
  /** Depth of the outermost answer that this one had to do without. */
  #lowest = 0;
  /** What others answered that had to do without this one. */
  #cut: unknown[] | null = null;

  constructor(memo: Memo<V>, first: string, second: string) {
    super();
    this.#memo = memo;
    this.#first = first;
    this.#second = second;
  }

  read(): V {
    if (this.#depth >= 0) return this.#readInCycle();
    if (!this.#isCurrent) this.#remake();
    // What is not kept has handed its sources on.
    if (this.#isCurrent && this.#memo.ledger.isLive) reader?.note(this as Source);
    return this.#value as V;
  }

  note(source: Source): void {
    if (source.lastMaking === this.#making) return;
    source.lastMaking = this.#making;
    this.#sources.push(source);
  }

  outdate(): void {
    this.#isCurrent = false;
    this.#memo.ledger.outdate(this as Answer<unknown>);
  }

  /** Made again now if anybody reads it, else when somebody does. */
  settle(): void {
    if (!this.#isCurrent && this.isRead) this.#remake();
  }

  #remake(): void {
    const asker = reader;
    const before = this.#sources;
    const depth = asker ? asker.#depth + 1 : 0;
    this.#depth = depth;
    this.#lowest = depth;
    this.#sources = [];
    this.#cut = null;
    this.#making = ++makings;
    reader = this as Answer<unknown>;
    let value: V;
    try {
      value = this.#memo.make(this.#first, this.#second);
    } finally {
      reader = asker;
      this.#depth = -1;
    }
    if (this.#lowest >= depth) this.#keep(value, before);
    else this.#handOn(value, before, asker);
  }

  #keep(value: V, before: Source[]): void {
    if (this.#cut?.some((other) => other !== null && !isSameValue(other, value)))
      this.#memo.ledger.isAmbiguous = true;
    this.#cut = null;
    this.#isCurrent = true;
    const after = this.#sources;
    if (before.length === after.length && before.every((source, at) => source === after[at]))
      this.#sources = before;
    else this.#link(before);
    if (this.#value !== undefined && isSameValue(this.#value, value)) return;
    this.#value = value;
    this.change();
  }

  /** It holds for whoever asks now, who has to know what it was made from. */
  #handOn(value: V, before: readonly Source[], asker: Answer<unknown> | null): void {
    if (asker) {
      asker.#lowest = Math.min(asker.#lowest, this.#lowest);
      asker.#cut ??= [];
      asker.#cut.push(value, ...(this.#cut ?? []));
      for (const source of this.#sources) asker.note(source);
    }
    this.#cut = null;
    this.#sources = [];
    this.#link(before);
    this.#value = value;
    this.change();
  }

  #link(before: readonly Source[]): void {
    if (!this.#memo.ledger.isLive) return;
    const kept = new Set(this.#sources);
    // A list that grew has room for more than it holds.
    this.#sources = [...kept];
    for (const source of before) if (!kept.has(source)) source.removeReader(this as Answer<unknown>);
    let height = 0;
    for (const source of kept) {
      source.addReader(this as Answer<unknown>);
      if (source.height >= height) height = source.height + 1;
    }
    this.raise(height);
  }

  /** Stands above what it was made from, and what was made from it above it. */
  raise(height: number): void {
    const open: [Answer<unknown>, number][] = [[this as Answer<unknown>, height]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [answer, wanted] = next;
      if (answer.height >= wanted) continue;
      if (wanted > HIGHEST) {
        this.#memo.ledger.isAmbiguous = true;
        return;
      }
      answer.height = wanted;
      for (const above of answer.readers()) open.push([above, wanted + 1]);
    }
  }

  #readInCycle(): V {
    const { inCycle } = this.#memo;
    if (!inCycle) throw new Error("An answer depends on itself.");
    if (reader) reader.#lowest = Math.min(reader.#lowest, this.#depth);
    return inCycle(this.#first, this.#second);
  }
}
