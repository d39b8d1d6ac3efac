import { Buffer } from "node:buffer";
import { sha256 } from "../hash.ts";
import type { Gap } from "../ir/entry.ts";
import { compareText } from "../source.ts";
import type { FileOutcome } from "./extract-file.ts";
import type { ReadJob } from "./extractor.ts";
import type { FileRecord, StoredFacts } from "./facts-cache.ts";
import { isDecisive } from "./skipped-folders.ts";
import type { SkippedEntry, SourceWalk, WalkedFile } from "./source-walk.ts";

/** A file changed so shortly before it was read may have changed again within the same tick of a coarse clock. */
const CLOCK_TICK_MS = 2_000;
/** From here on one walk is cheaper than looking at each. */
const MANY_URIS = 200;

/** The source files of a workspace with what is known of each. */
export class SourceFiles {
  readonly #walk: SourceWalk;
  readonly #files = new Map<string, WalkedFile>();
  readonly #records = new Map<string, FileRecord>();
  readonly #skipped = new Map<string, string>();
  /** Facts before their first change since they were last asked for, by stack and file. */
  readonly #changedFacts = new Map<string, Map<string, Uint8Array | null>>();
  readonly #withGaps = new Set<string>();
  readonly #leftOut = new Set<string>();
  #parsed = 0;
  #order: readonly string[] | null = null;
  #lookedAt = 0;
  /** Null when the facts of all records are at hand. */
  #loadFacts: (() => Promise<Uint8Array | null>) | null = null;
  #hasChanged = false;
  #version = 0;

  constructor(walk: SourceWalk) {
    this.#walk = walk;
  }

  /** Counts up whenever anything changes that a catalog shows. */
  get version(): number {
    return this.#version;
  }

  /** Uris of the files, in bytewise order. */
  get uris(): readonly string[] {
    this.#order ??= [...this.#files.keys()].sort(compareText);
    return this.#order;
  }

  /** How many of the files were parsed. */
  get parsed(): number {
    return this.#parsed;
  }

  /** What could not be read, in bytewise order of the files. */
  gaps(): readonly Gap[] {
    return [...this.#withGaps].sort(compareText).flatMap((uri) => this.#records.get(uri)?.gaps ?? []);
  }

  record(uri: string): FileRecord | null {
    return this.#records.get(uri) ?? null;
  }

  *records(): Iterable<FileRecord> {
    for (const uri of this.uris) {
      const record = this.#records.get(uri);
      if (record) yield record;
    }
  }

  /** Files and folders that were left out, in bytewise order. */
  skipped(): readonly SkippedEntry[] {
    const entries = [...this.#skipped].map(([uri, reason]) => ({ uri, reason }));
    for (const uri of this.#leftOut) entries.push({ uri, reason: this.#records.get(uri)?.skipped ?? "" });
    return entries.sort((a, b) => compareText(a.uri, b.uri));
  }

  /** Takes what was known at the last start. Files that are gone drop out with the next walk. */
  restore(records: readonly FileRecord[], loadFacts: () => Promise<Uint8Array | null>): void {
    for (const record of records) this.#put(record.uri, record);
    this.#loadFacts = loadFacts;
  }

  /** Fetches the facts of the last start from the disk. False when they are damaged: then nothing is known any more. */
  async loadFacts(): Promise<boolean> {
    const load = this.#loadFacts;
    if (!load) return true;
    const bytes = await load();
    this.#loadFacts = null;
    if (!bytes) {
      for (const uri of [...this.#records.keys()]) this.#remove(uri);
      return false;
    }
    for (const [uri, record] of this.#records) {
      const facts = Object.entries(record.facts).map(
        ([stack, place]) =>
          [stack, isStored(place) ? bytes.subarray(place[0], place[0] + place[1]) : place] as const,
      );
      this.#records.set(uri, { ...record, facts: Object.fromEntries(facts) });
    }
    return true;
  }

  /** Changes with whatever a catalog is made from. */
  fingerprint(): string {
    const files = this.uris.map((uri) => {
      const record = this.#records.get(uri);
      return `${uri}\n${record?.contentHash ?? ""}\n${record?.skipped ?? ""}\n`;
    });
    return sha256(JSON.stringify([files.join(""), [...this.#skipped].sort(([a], [b]) => compareText(a, b))]));
  }

  /**
   * Looks at files without reading them; the answer is what has to be read.
   * @param onDoubt hears on the way of each file that will have to be read, as far as that can be told
   * @throws CANCELLED
   */
  async lookAt(
    uris: ReadonlySet<string> | "all",
    signal: AbortSignal,
    onDoubt: () => void = () => {},
  ): Promise<readonly ReadJob[]> {
    this.#lookedAt = Date.now();
    if (uris === "all" || uris.size > MANY_URIS) return await this.#lookAtAll(signal, onDoubt);
    const jobs: ReadJob[] = [];
    for (const uri of uris) {
      if (this.#isMoreThanOneFile(uri)) return await this.#lookAtAll(signal);
      const found = await this.#walk.find(uri);
      if (found.kind === "file") {
        this.#add(found.file);
        this.#unskip(uri);
        jobs.push(this.#jobFor(found.file));
      } else if (found.kind === "skipped" && found.entry.uri === uri) {
        this.#remove(uri);
        this.#skip(found.entry);
      } else if (found.kind === "absent") {
        this.#remove(uri);
        this.#unskip(uri);
      } else if (found.kind === "unclear" || !this.#skipped.has(found.entry.uri)) {
        return await this.#lookAtAll(signal);
      }
    }
    return jobs;
  }

  /** Takes in what reading a file gave. */
  accept(outcome: FileOutcome): void {
    const file = this.#files.get(outcome.uri);
    const known = this.#records.get(outcome.uri);
    if (!file) return;
    if (outcome.kind === "gone") {
      this.#remove(outcome.uri);
      return;
    }
    const { uri, size, mtimeMs, changedMs } = file;
    const signs = { uri, size, mtimeMs, changedMs, readAt: this.#lookedAt };
    if (outcome.kind === "unchanged") {
      if (known) this.#records.set(uri, { ...known, ...signs });
      this.#hasChanged = true;
      return;
    }
    const { contentHash } = outcome;
    const record: FileRecord =
      outcome.kind === "facts"
        ? {
            ...signs,
            contentHash,
            facts: outcome.facts,
            gaps: outcome.gaps,
            parsed: outcome.parsed,
            skipped: null,
          }
        : { ...signs, contentHash, facts: {}, gaps: [], parsed: false, skipped: outcome.reason };
    this.#put(uri, record);
    this.#noteChange(uri, known, record);
  }

  /** Whether anything worth saving changed since the last call. */
  takeChanges(): boolean {
    const changed = this.#hasChanged;
    this.#hasChanged = false;
    return changed;
  }

  /**
   * Facts that changed since the last call as they were before, by stack and file; null where there were none, or where
   * they were not at hand.
   */
  takeChangedFacts(): ReadonlyMap<string, ReadonlyMap<string, Uint8Array | null>> {
    const changed = new Map(this.#changedFacts);
    this.#changedFacts.clear();
    return changed;
  }

  async #lookAtAll(signal: AbortSignal, onDoubt: () => void = () => {}): Promise<readonly ReadJob[]> {
    const { files, skipped } = await this.#walk.walk(signal, (file) => {
      if (this.#isInDoubt(file)) onDoubt();
    });
    const present = new Set(files.map(({ uri }) => uri));
    for (const uri of [...this.#files.keys(), ...this.#records.keys()])
      if (!present.has(uri)) this.#remove(uri);
    for (const file of files) this.#add(file);
    const left = new Set(skipped.map(({ uri }) => uri));
    for (const uri of [...this.#skipped.keys()]) if (!left.has(uri)) this.#unskip(uri);
    for (const entry of skipped) this.#skip(entry);
    return files.filter((file) => this.#isInDoubt(file)).map((file) => this.#jobFor(file));
  }

  /** Whether what is known of a file may be wrong. */
  #isInDoubt(file: WalkedFile): boolean {
    const known = this.#records.get(file.uri);
    return (
      !known ||
      known.size !== file.size ||
      known.mtimeMs !== file.mtimeMs ||
      known.changedMs !== file.changedMs ||
      known.mtimeMs > known.readAt - CLOCK_TICK_MS
    );
  }

  #jobFor({ uri, path, language, size }: WalkedFile): ReadJob {
    const knownHash = this.#records.get(uri)?.contentHash ?? null;
    return { uri, path, language, size, knownHash };
  }

  /** Whether a uri was a folder, or is a file that decides how folders are read. */
  #isMoreThanOneFile(uri: string): boolean {
    const names = uri.split("/");
    if (isDecisive(names.at(-1) ?? "", names.at(-2))) return true;
    if (this.#files.has(uri)) return false;
    const inside = `${uri}/`;
    return [...this.#files.keys(), ...this.#skipped.keys()].some((known) => known.startsWith(inside));
  }

  #add(file: WalkedFile): void {
    if (!this.#files.has(file.uri)) {
      this.#order = null;
      this.#version++;
    }
    this.#files.set(file.uri, file);
  }

  #remove(uri: string): void {
    const record = this.#records.get(uri);
    if (!this.#files.delete(uri) && !record) return;
    this.#put(uri, undefined);
    this.#order = null;
    this.#noteChange(uri, record, undefined);
  }

  /** Keeps what is counted of records in step with them. */
  #put(uri: string, record: FileRecord | undefined): void {
    if (this.#records.get(uri)?.parsed) this.#parsed--;
    if (record?.parsed) this.#parsed++;
    if (record) this.#records.set(uri, record);
    else this.#records.delete(uri);
    if (record && record.gaps.length > 0) this.#withGaps.add(uri);
    else this.#withGaps.delete(uri);
    if (record && record.skipped !== null) this.#leftOut.add(uri);
    else this.#leftOut.delete(uri);
  }

  #skip({ uri, reason }: SkippedEntry): void {
    if (this.#skipped.get(uri) === reason) return;
    this.#skipped.set(uri, reason);
    this.#version++;
  }

  #unskip(uri: string): void {
    if (this.#skipped.delete(uri)) this.#version++;
  }

  #noteChange(uri: string, before: FileRecord | undefined, after: FileRecord | undefined): void {
    const ids = new Set([...Object.keys(before?.facts ?? {}), ...Object.keys(after?.facts ?? {})]);
    const changed = [...ids].filter((id) => !isSame(before?.facts[id], after?.facts[id]));
    for (const id of changed) {
      const known = this.#changedFacts.get(id) ?? new Map<string, Uint8Array | null>();
      const facts = before?.facts[id];
      if (!known.has(uri)) known.set(uri, facts instanceof Uint8Array ? facts : null);
      this.#changedFacts.set(id, known);
    }
    this.#hasChanged = true;
    if (changed.length > 0 || !looksAlike(before, after)) this.#version++;
  }
}

/** Whether a catalog shows two records alike, facts aside. */
function looksAlike(before: FileRecord | undefined, after: FileRecord | undefined): boolean {
  if (!before || !after) return before === after;
  return (
    before.parsed === after.parsed &&
    before.skipped === after.skipped &&
    JSON.stringify(before.gaps) === JSON.stringify(after.gaps)
  );
}

/** Most edits of a file concern few of the stacks that read it, and many none. */
function isSame(
  before: Uint8Array | StoredFacts | undefined,
  after: Uint8Array | StoredFacts | undefined,
): boolean {
  return before instanceof Uint8Array && after instanceof Uint8Array && Buffer.compare(before, after) === 0;
}

function isStored(place: Uint8Array | StoredFacts): place is StoredFacts {
  return !(place instanceof Uint8Array);
}
