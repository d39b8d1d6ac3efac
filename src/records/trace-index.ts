import type { KeyValues, Store } from "../storage/store.ts";
import { readJournal } from "./journal.ts";
import { type PackedSummary, packed, unpacked } from "./packed-summary.ts";
import { markedRuns, unmarkRun } from "./run-marks.ts";
import { summaryOf, type TraceSummary } from "./trace-summary.ts";

const SPACE = "trace-index";
/** Summaries that are kept as one value: few large values are read much faster than many small ones. */
const BLOCK = 500;
/** Journals that are read at the same time. */
const AT_ONCE = 16;
/** So many others that change the index at the same time are not to be expected. */
const MOST_TRIES = 20;

interface Block {
  readonly key: string;
  /** 0 for one that is not stored yet. */
  readonly version: number;
  readonly summaries: readonly TraceSummary[];
}

/**
 * A line on each trace of a store, so that nobody has to read thousands of journals to list them. It is made from the
 * journals when somebody first asks; after that only those that were written to since are read.
 */
export class TraceIndex {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All traces, the latest first. @throws STORE_UNAVAILABLE */
  async list(): Promise<readonly TraceSummary[]> {
    const blocks = await this.#refreshed();
    // Ids of runs begin with their time.
    return blocks
      .flatMap(({ summaries }) => summaries)
      .reverse()
      .sort((a, b) => (a.traceId < b.traceId ? 1 : a.traceId > b.traceId ? -1 : 0));
  }

  /** Takes runs whose journals are gone out of it. */
  async forget(runIds: ReadonlySet<string>): Promise<void> {
    await this.#change((blocks) =>
      blocks.map((block) =>
        block.summaries.some(({ traceId }) => runIds.has(traceId))
          ? { ...block, summaries: block.summaries.filter(({ traceId }) => !runIds.has(traceId)) }
          : block,
      ),
    );
    for (const runId of runIds) await unmarkRun(this.#store, runId);
  }

  async #refreshed(): Promise<readonly Block[]> {
    const { values, logs, leases } = this.#store;
    const [blocks, marks] = await Promise.all([readBlocks(values), markedRuns(this.#store)]);
    const runIds = blocks.length === 0 ? await logs.list() : marks.map(({ runId }) => runId);
    if (blocks.length > 0 && runIds.length === 0) return blocks;
    // Asked before the journals are read: what is written afterwards is marked again when its writer ends.
    const settled: string[] = [];
    for (const { runId, lease } of marks) if ((await leases.holderOf(lease)) === null) settled.push(runId);
    const found = await this.#read(runIds);
    const changed = await this.#change((before) => withSummaries(before, found));
    for (const runId of settled) await unmarkRun(this.#store, runId);
    return changed;
  }

  /** Null for a run that has no trace of its own. */
  async #read(runIds: readonly string[]): Promise<ReadonlyMap<string, TraceSummary | null>> {
    const found = new Map<string, TraceSummary | null>();
    const waiting = [...runIds];
    const reader = async (): Promise<void> => {
      for (let runId = waiting.pop(); runId !== undefined; runId = waiting.pop())
        found.set(runId, summaryOf(await readJournal(this.#store, runId)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
    return found;
  }

  /** Stores the blocks that `change` makes others; on top of what another process has stored meanwhile. */
  async #change(change: (blocks: readonly Block[]) => readonly Block[]): Promise<readonly Block[]> {
    const { values } = this.#store;
    for (let tries = 0; ; tries++) {
      const before = await readBlocks(values);
      const after = change(before);
      let isStored = true;
      for (const block of after) {
        if (before.includes(block)) continue;
        const version = await values.set(SPACE, block.key, block.summaries.map(packed), block.version);
        isStored &&= version !== null;
      }
      // Where others are always quicker, what they stored lacks at most what the next listing reads again.
      if (isStored || tries >= MOST_TRIES) return after;
    }
  }
}

async function readBlocks(values: KeyValues): Promise<readonly Block[]> {
  return (await values.list(SPACE)).map(({ key, version, value }) => ({
    key,
    version,
    summaries: (value as readonly PackedSummary[]).map(unpacked),
  }));
}

/** Blocks with summaries in the place of those of the same runs, and new ones at the end. */
function withSummaries(
  blocks: readonly Block[],
  found: ReadonlyMap<string, TraceSummary | null>,
): readonly Block[] {
  const known = new Set<string>();
  const renewed = blocks.map((block) => {
    for (const { traceId } of block.summaries) known.add(traceId);
    if (!block.summaries.some(({ traceId }) => found.has(traceId))) return block;
    const summaries = block.summaries.flatMap((summary) => {
      const fresh = found.get(summary.traceId);
      return fresh === undefined ? [summary] : fresh === null ? [] : [fresh];
    });
    return { ...block, summaries };
  });
  const added = [...found.values()]
    .filter((summary) => summary !== null)
    .filter(({ traceId }) => !known.has(traceId))
    .sort((a, b) => (a.traceId < b.traceId ? -1 : 1));
  if (added.length === 0 && blocks.length > 0) return renewed;
  const last = renewed.at(-1);
  const open = last && last.summaries.length < BLOCK ? last : emptyBlock(renewed.length);
  const first = { ...open, summaries: [...open.summaries, ...added.slice(0, BLOCK - open.summaries.length)] };
  const grown = open === last ? [...renewed.slice(0, -1), first] : [...renewed, first];
  for (let at = BLOCK - open.summaries.length; at < added.length; at += BLOCK)
    grown.push({ ...emptyBlock(grown.length), summaries: added.slice(at, at + BLOCK) });
  return grown;
}

function emptyBlock(number: number): Block {
  return { key: String(number).padStart(6, "0"), version: 0, summaries: [] };
}
