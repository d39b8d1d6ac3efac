import { parseJson } from "./json.ts";
import type { Emit } from "./wire-form.ts";

interface OpenCall {
  readonly id: string;
  name: string;
  text: string;
}

/**
 * The tool calls of one answer while their input arrives. Calls are told apart by a key of the wire form (an index, an
 * item's id), may be interleaved, and are given out whole in the order in which they were opened.
 */
export class ToolCalls {
  readonly #open = new Map<string | number, OpenCall>();
  readonly #prefix: string;
  readonly #ids = new Set<string>();
  #count = 0;

  /** @param turn number of messages before this answer: makes ids that a provider leaves out unique in a conversation */
  constructor(turn: number) {
    this.#prefix = `call_${turn}`;
  }

  /** How many calls this answer has had. */
  get count(): number {
    return this.#count;
  }

  /** Key of the call opened last, of those still open. */
  get lastKey(): string | number | undefined {
    return [...this.#open.keys()].at(-1);
  }

  has(key: string | number): boolean {
    return this.#open.has(key);
  }

  /** Whether this answer has had a call of that id. */
  isKnown(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Gives the id of the call: the provider's, or one made up where it has none, or gave it to another call before. */
  open(key: string | number, id: string | null, name: string): string {
    this.#count++;
    const own = id === null || id === "" || this.#ids.has(id) ? this.#freeId() : id;
    this.#ids.add(own);
    this.#open.set(key, { id: own, name, text: "" });
    return own;
  }

  /** A name that arrives after the call was opened. */
  rename(key: string | number, name: string): void {
    const call = this.#open.get(key);
    if (call !== undefined && call.name === "") call.name = name;
  }

  append(key: string | number, delta: string, emit: Emit): void {
    const call = this.#open.get(key);
    if (call === undefined || delta === "") return;
    call.text += delta;
    emit({ type: "tool-input", id: call.id, name: call.name, delta });
  }

  /** Takes the whole input at once in place of what came in pieces. */
  replace(key: string | number, text: string, emit: Emit): void {
    const call = this.#open.get(key);
    if (call === undefined) return;
    if (call.text === "") this.append(key, text, emit);
    else call.text = text;
  }

  close(key: string | number, emit: Emit): void {
    const call = this.#open.get(key);
    if (call === undefined) return;
    this.#open.delete(key);
    emit({ type: "tool-call", id: call.id, name: call.name, ...parseInput(call.text) });
  }

  closeAll(emit: Emit): void {
    for (const key of [...this.#open.keys()]) this.close(key, emit);
  }

  #freeId(): string {
    let id = `${this.#prefix}_${this.#count}`;
    for (let more = 2; this.#ids.has(id); more++) id = `${this.#prefix}_${this.#count}_${more}`;
    return id;
  }
}

/** A call without arguments comes as nothing, as "", or as null: it is an empty object. */
function parseInput(text: string): { readonly input: unknown; readonly malformed: string | null } {
  if (text.trim() === "") return { input: {}, malformed: null };
  try {
    return { input: parseJson(text) ?? {}, malformed: null };
  } catch {
    return { input: null, malformed: text };
  }
}
