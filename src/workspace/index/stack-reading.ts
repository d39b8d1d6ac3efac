import type { Gap } from "../ir/entry.ts";
import { isSameValue } from "../same-value.ts";
import { type Contribution, NOTHING, type Share, type Stack } from "../stacks/stack.ts";
import { LiveReading } from "./live-reading.ts";
import { movePlaces } from "./move-places.ts";
import { unpack } from "./packed.ts";
import { mapPlaces } from "./place-map.ts";
import { EMPTY_SHARE, sharesOf, urisIn } from "./share.ts";
import type { SourceFiles } from "./source-files.ts";

/** Facts of a file as they were before a change, by uri; null when there were none or they are not known any more. */
export type ChangedFacts = ReadonlyMap<string, Uint8Array | null>;

/** Facts of a stack that take more than this, packed, are not held unpacked between two edits. */
const HELD_BYTES = 12_000_000;

interface HeldFacts {
  readonly packed: Uint8Array;
  readonly value: unknown;
}

/** What one stack makes of the workspace, by file, so that an edit replaces only what it touches. */
export class StackReading {
  readonly #stack: Stack;
  #shares: Map<string, Share> | null = null;
  #gaps: readonly Gap[] = [];
  /** By file, the files whose shares have a place in it; more than that does no harm. Made when it is first needed. */
  #mentions: Map<string, Set<string>> | null = null;
  /** Unpacked for the last edit, by file: the next one mostly needs the same. */
  #held = new Map<string, HeldFacts>();
  /** What was made of the held facts, where the stack can keep that. */
  #live: LiveReading | null = null;
  /** Files whose facts changed since then. */
  readonly #behind = new Set<string>();

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Whether it has to be asked at all; before that nothing is known of it. */
  get isKnown(): boolean {
    return this.#shares !== null;
  }

  share(uri: string): Share {
    return this.#shares?.get(uri) ?? EMPTY_SHARE;
  }

  uris(): Iterable<string> {
    return this.#shares?.keys() ?? [];
  }

  /** Takes in what changed; the answer is the shares that are no longer what they were, as they were. */
  update(files: SourceFiles, changed: ChangedFacts): ReadonlyMap<string, Share> {
    return this.#move(files, changed) ?? this.#replace(this.#found(files, changed.keys()));
  }

  #found(files: SourceFiles, changed: Iterable<string>): Contribution {
    const { open } = this.#stack;
    const live = this.#live;
    // It is kept only when all goes well.
    this.#live = null;
    for (const uri of changed) this.#behind.add(uri);
    const fresh = live && this.#catchUp(files);
    const facts = fresh ? null : this.#facts(files);
    this.#behind.clear();
    if (!open || this.#held.size === 0) return resolve(this.#stack, facts ?? this.#facts(files));
    try {
      const isFollowed = fresh && live.update(fresh);
      const kept = isFollowed ? live : new LiveReading(open, facts ?? this.#facts(files));
      const found = kept.found();
      if (kept.isReliable) this.#live = kept;
      // What was only just made is what reading for the first time gives.
      if (kept.isReliable || kept !== live) return found;
    } catch {
      // Said when it fails without anything that is kept.
    }
    return resolve(this.#stack, facts ?? this.#facts(files));
  }

  /** What the files that changed say now; null when others came or went. */
  #catchUp(files: SourceFiles): ReadonlyMap<string, unknown> | null {
    const fresh = new Map<string, unknown>();
    for (const uri of this.#behind) {
      const packed = files.record(uri)?.facts[this.#stack.id];
      if (!(packed instanceof Uint8Array) || !this.#held.has(uri)) return null;
      if (this.#held.get(uri)?.packed === packed) continue;
      const value = unpack(packed);
      this.#held.set(uri, { packed, value });
      fresh.set(uri, value);
    }
    return fresh;
  }

  #facts(files: SourceFiles): ReadonlyMap<string, unknown> {
    const { id } = this.#stack;
    const facts = new Map<string, HeldFacts>();
    let bytes = 0;
    for (const { uri, facts: all } of files.records()) {
      const packed = all[id];
      if (!(packed instanceof Uint8Array)) continue;
      const held = this.#held.get(uri);
      facts.set(uri, held?.packed === packed ? held : { packed, value: unpack(packed) });
      bytes += packed.length;
    }
    // Reading a workspace for the first time needs the room for other things.
    this.#held = this.isKnown && bytes <= HELD_BYTES ? facts : new Map();
    return new Map([...facts].map(([uri, { value }]) => [uri, value]));
  }

  /** Follows an edit that only moved places; null when it did more, or when places cannot be followed. */
  #move(files: SourceFiles, changed: ChangedFacts): ReadonlyMap<string, Share> | null {
    const shares = this.#shares;
    if (!shares || !this.#stack.handsPlacesOn) return null;
    const moved = new Map<string, Share>();
    let gaps = this.#gaps;
    for (const [uri, before] of changed) {
      const after = files.record(uri)?.facts[this.#stack.id];
      if (!before || !(after instanceof Uint8Array)) return null;
      const map = mapPlaces(unpack(before), unpack(after));
      const movedGaps = map && movePlaces(gaps, uri, map);
      if (!map || !movedGaps) return null;
      gaps = movedGaps;
      for (const at of this.#mentionsOf(uri, shares)) {
        const share = moved.get(at) ?? shares.get(at);
        const found = share && movePlaces(share, uri, map);
        if (found === null) return null;
        if (found && found !== share) moved.set(at, found);
      }
    }
    for (const uri of changed.keys()) this.#behind.add(uri);
    const replaced = new Map<string, Share>();
    for (const [uri, share] of moved) {
      replaced.set(uri, shares.get(uri) ?? EMPTY_SHARE);
      shares.set(uri, share);
    }
    this.#gaps = gaps;
    return replaced;
  }

  #replace(found: Contribution): ReadonlyMap<string, Share> {
    const before = this.#shares ?? new Map<string, Share>();
    const after = sharesOf(found);
    const replaced = new Map<string, Share>();
    for (const [uri, share] of after) {
      const old = before.get(uri);
      before.delete(uri);
      // What was made of the objects before still holds where they say the same.
      if (!old || !isSameValue(old, share)) replaced.set(uri, old ?? EMPTY_SHARE);
    }
    for (const [uri, share] of before) replaced.set(uri, share);
    this.#shares = after;
    this.#gaps = found.gaps;
    if (this.#mentions) {
      for (const uri of replaced.keys()) addMentions(this.#mentions, uri, after.get(uri) ?? EMPTY_SHARE);
    }
    return replaced;
  }

  #mentionsOf(uri: string, shares: ReadonlyMap<string, Share>): ReadonlySet<string> {
    if (!this.#mentions) {
      this.#mentions = new Map();
      for (const [at, share] of shares) addMentions(this.#mentions, at, share);
    }
    return this.#mentions.get(uri) ?? new Set();
  }
}

function addMentions(mentions: Map<string, Set<string>>, at: string, share: Share): void {
  for (const mentioned of urisIn(share)) {
    const places = mentions.get(mentioned);
    if (places) places.add(at);
    else mentions.set(mentioned, new Set([at]));
  }
}

/** What a stack makes of all its facts. A failure of one stack is said and leaves the others whole. */
function resolve(stack: Stack, facts: ReadonlyMap<string, unknown>): Contribution {
  if (facts.size === 0) return NOTHING;
  try {
    return stack.resolve(facts);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const gap: Gap = {
      what: `everything of ${stack.title}`,
      why: `Reading it failed: ${reason}`,
      source: null,
    };
    return { ...NOTHING, gaps: [gap] };
  }
}
