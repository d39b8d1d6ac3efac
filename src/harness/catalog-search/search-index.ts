import { trigramsOf, wordsOf } from "./words.ts";

/** What can be found: objects of the workspace, and what people describe besides. */
export const DOCUMENT_KINDS = [
  "model",
  "field",
  "route",
  "query",
  "migration",
  "table",
  "column",
  "metric",
] as const;

/** Something that can be found. */
export interface SearchDocument {
  readonly id: string;
  readonly kind: (typeof DOCUMENT_KINDS)[number];
  readonly name: string;
  /** Where it stands: `orders/models.py:12`; "" for what people only describe. */
  readonly place: string;
  /** What is shown of it. */
  readonly summary: string;
  /** Other words by which it may be looked for. */
  readonly text: string;
}

export interface SearchHit {
  readonly document: SearchDocument;
  readonly score: number;
}

/** How much a word counts where it stands in the name, and elsewhere. */
const IN_NAME = 3;
const IN_TEXT = 1;
/** How alike two words must be (shares of common trigrams) to be taken for one another, and what that costs. */
const ALIKE = 0.36;
const TYPO = 0.7;
/** Who looks for a word more often means the thing that is called so than what is done with it. */
const KINDS: Readonly<Record<(typeof DOCUMENT_KINDS)[number], number>> = {
  model: 1.8,
  table: 1.5,
  metric: 1.5,
  column: 1.2,
  field: 1,
  route: 1,
  migration: 0.8,
  query: 0.7,
};
const ASKED_KIND = 1.5;
/** How much the length of a document weighs, and how fast repetitions stop counting. */
const LENGTH = 0.6;
const SATURATION = 1.2;

interface Entry {
  readonly document: SearchDocument;
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

/** A full-text index over names and descriptions that forgives typing errors. */
export class SearchIndex {
  readonly #entries = new Map<string, Entry>();
  /** Documents by word. */
  readonly #postings = new Map<string, Set<string>>();
  /** Words by trigram. */
  readonly #trigrams = new Map<string, Set<string>>();
  #length = 0;

  get size(): number {
    return this.#entries.size;
  }

  documents(): readonly SearchDocument[] {
    return [...this.#entries.values()].map(({ document }) => document);
  }

  find(id: string): SearchDocument | null {
    return this.#entries.get(id)?.document ?? null;
  }

  /** Adds a document, in the place of one with its id. */
  put(document: SearchDocument): void {
    this.remove(document.id);
    const weights = new Map<string, number>();
    const add = (text: string, weight: number) => {
      for (const word of wordsOf(text)) weights.set(word, (weights.get(word) ?? 0) + weight);
    };
    add(document.name, IN_NAME);
    add(document.text, IN_TEXT);
    const length = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    this.#entries.set(document.id, { document, weights, length });
    this.#length += length;
    for (const word of weights.keys()) this.#post(word, document.id);
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#length -= entry.length;
    for (const word of entry.weights.keys()) {
      const documents = this.#postings.get(word);
      documents?.delete(id);
      if (documents?.size === 0) this.#forget(word);
    }
  }

  /** What fits a query best, the best first. */
  search(
    query: string,
    limit: number,
    fits: (document: SearchDocument) => boolean = () => true,
  ): readonly SearchHit[] {
    const words = [...new Set(wordsOf(query))];
    const isKind = (word: string) => (DOCUMENT_KINDS as readonly string[]).includes(word);
    // "order model" asks for a model, not for what is called model.
    const names = words.filter((word) => !isKind(word));
    const scores = new Map<string, number>();
    for (const asked of names.length === 0 ? words : names)
      for (const [id, score] of this.#scoresOf(asked)) scores.set(id, (scores.get(id) ?? 0) + score);
    const hits = [...scores].flatMap(([id, score]) => {
      const document = this.#entries.get(id)?.document;
      if (!document || !fits(document)) return [];
      const meant = words.includes(document.kind) ? ASKED_KIND : 1;
      return [{ document, score: score * KINDS[document.kind] * meant }];
    });
    return hits.sort((a, b) => b.score - a.score || (a.document.id < b.document.id ? -1 : 1)).slice(0, limit);
  }

  /** What one word of a query gives each document: by the word itself, or by those that look like it. */
  #scoresOf(asked: string): ReadonlyMap<string, number> {
    const scores = new Map<string, number>();
    const mean = this.#length / Math.max(1, this.#entries.size);
    for (const [word, likeness] of this.#wordsLike(asked)) {
      const documents = this.#postings.get(word) ?? new Set<string>();
      const rarity = Math.log(1 + (this.#entries.size - documents.size + 0.5) / (documents.size + 0.5));
      for (const id of documents) {
        const entry = this.#entries.get(id);
        if (!entry) continue;
        const weight = entry.weights.get(word) ?? 0;
        const damped = weight / (weight + SATURATION * (1 - LENGTH + (LENGTH * entry.length) / mean));
        // Of several words that look like the asked one only the best counts.
        scores.set(id, Math.max(scores.get(id) ?? 0, rarity * damped * likeness));
      }
    }
    return scores;
  }

  #wordsLike(asked: string): ReadonlyMap<string, number> {
    const like = new Map<string, number>();
    if (this.#postings.has(asked)) like.set(asked, 1);
    const wanted = trigramsOf(asked);
    const shared = new Map<string, number>();
    for (const trigram of wanted)
      for (const word of this.#trigrams.get(trigram) ?? []) shared.set(word, (shared.get(word) ?? 0) + 1);
    for (const [word, count] of shared) {
      if (word === asked) continue;
      const likeness = (2 * count) / (wanted.size + trigramsOf(word).size);
      const begins = asked.length >= 3 && word.startsWith(asked);
      if (likeness >= ALIKE || begins || isSwapped(asked, word))
        like.set(word, TYPO * Math.max(likeness, begins ? 0.8 : 0, isSwapped(asked, word) ? 0.8 : 0));
    }
    return like;
  }

  #post(word: string, id: string): void {
    const documents = this.#postings.get(word);
    if (documents) {
      documents.add(id);
      return;
    }
    this.#postings.set(word, new Set([id]));
    for (const trigram of trigramsOf(word)) {
      const words = this.#trigrams.get(trigram);
      if (words) words.add(word);
      else this.#trigrams.set(trigram, new Set([word]));
    }
  }

  #forget(word: string): void {
    this.#postings.delete(word);
    for (const trigram of trigramsOf(word)) {
      const words = this.#trigrams.get(trigram);
      words?.delete(word);
      if (words?.size === 0) this.#trigrams.delete(trigram);
    }
  }
}

/** Whether two words are one but for two neighbours that changed places, which few trigrams survive. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length || a.length < 4) return false;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  if (at === -1 || a[at] !== b[at + 1] || a[at + 1] !== b[at]) return false;
  return a.slice(at + 2) === b.slice(at + 2);
}
