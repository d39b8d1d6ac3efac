import { Given } from "../memo.ts";

/**
 * The facts of all files as stacks get them, made of parts that are set anew one by one: whoever reads a part of a
 * file's facts inside of an answer is told when that part changes. The files themselves stay the same.
 */
export class LiveFacts {
  /** To be read as plain facts are. */
  readonly byUri: ReadonlyMap<string, unknown>;
  readonly #parts = new Map<string, ReadonlyMap<string, Given<unknown>>>();

  constructor(facts: ReadonlyMap<string, unknown>) {
    const byUri = new Map<string, unknown>();
    for (const [uri, value] of facts) {
      const parts = new Map(Object.entries(value as object).map(([key, part]) => [key, new Given(part)]));
      this.#parts.set(uri, parts);
      byUri.set(uri, viewOf(parts));
    }
    this.byUri = byUri;
  }

  /** Takes over what a file says now, as far as it differs. False when that cannot be told by the parts. */
  update(uri: string, facts: unknown): boolean {
    const parts = this.#parts.get(uri);
    const entries = Object.entries(facts as object);
    if (!parts || entries.length !== parts.size || !entries.every(([key]) => parts.has(key))) return false;
    for (const [key, value] of entries) {
      const part = parts.get(key);
      part?.set(reusing(part.peek(), value));
    }
    return true;
  }
}

function viewOf(parts: ReadonlyMap<string, Given<unknown>>): object {
  const view = {};
  for (const [key, part] of parts)
    Object.defineProperty(view, key, { enumerable: true, get: () => part.read() });
  return view;
}

/** A value with the objects of an older one wherever they say the same. */
function reusing(before: unknown, after: unknown): unknown {
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null)
    return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  const old = before as Readonly<Record<string, unknown>>;
  const parts = after as Readonly<Record<string, unknown>>;
  const keys = Object.keys(parts);
  const merged: Record<string, unknown> = Array.isArray(after) ? ([] as never) : {};
  let isSame = keys.length === Object.keys(old).length;
  for (const key of keys) {
    const part = reusing(old[key], parts[key]);
    merged[key] = part;
    if (part !== old[key] || !Object.hasOwn(old, key)) isSame = false;
  }
  return isSame ? before : merged;
}
