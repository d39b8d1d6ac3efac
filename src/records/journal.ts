import { randomBytes } from "node:crypto";
import { AksaraError } from "../errors.ts";
import type { Lease, Store } from "../storage/store.ts";
import { JOURNAL_VERSION, type JournalRecord, type NewRecord, type RunStarted } from "./journal-record.ts";
import { markRun } from "./run-marks.ts";

/** How long a writer may be silent before another may take over; renewed three times within it. */
const LEASE_MS = 30_000;

export interface JournalOptions {
  readonly agent: string;
  /**
   * Name of the lease that the writer holds: one for all runs that must not go on at the same time. Or the lease itself,
   * of whoever writes to several runs, and gives it back.
   */
  readonly lease: string | Lease;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears when another process has taken the run over. */
  readonly onLost?: () => void;
}

interface Waiting {
  readonly records: readonly JournalRecord[];
  readonly durable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The journal of one run, as long as this process has the right to write it. Records that are appended while others are
 * being written go together in the next write.
 */
export class Journal {
  readonly runId: string;
  readonly #store: Store;
  readonly #options: JournalOptions;
  #lease: Lease;
  #length: number;
  #seq: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #renewal: NodeJS.Timeout | null;
  #failure: unknown = null;
  #timeOf = Number.NaN;
  #timeText = "";

  private constructor(
    store: Store,
    runId: string,
    lease: Lease,
    length: number,
    seq: number,
    options: JournalOptions,
  ) {
    this.#store = store;
    this.runId = runId;
    this.#lease = lease;
    this.#length = length;
    this.#seq = seq;
    this.#options = options;
    this.#renewal = setInterval(() => void this.#renew(), LEASE_MS / 3);
    this.#renewal.unref();
  }

  /**
   * Opens the journal of a run for writing: a new one, or one that another process left.
   * @throws THREAD_BUSY while somebody writes to it
   */
  static async open(
    store: Store,
    runId: string,
    options: JournalOptions,
  ): Promise<{ readonly journal: Journal; readonly records: readonly JournalRecord[] }> {
    const lease = await holdLease(store, options.lease);
    try {
      await markRun(store, { runId, lease: lease.name });
      const records = await readJournal(store, runId);
      const journal = new Journal(store, runId, lease, records.length, records.at(-1)?.seq ?? 0, options);
      return { journal, records };
    } catch (error) {
      if (typeof options.lease === "string") await store.leases.release(lease);
      throw error;
    }
  }

  /** Numbers an event that is not kept. */
  stamp<Event extends object>(event: Event): Event & Stamped {
    return { ...event, ...this.#next() };
  }

  /**
   * Writes a record and gives it numbered. `durable`: it is on the disk when this resolves; else it survives the end of
   * the process.
   * @throws THREAD_BUSY when another process writes to the run, STORE_UNAVAILABLE
   */
  async append<Record extends NewRecord>(record: Record, durable: boolean): Promise<Record & Stamped> {
    const stamped = { ...record, ...this.#next() };
    await this.#write([stamped as unknown as JournalRecord], durable);
    return stamped;
  }

  async close(): Promise<void> {
    if (this.#renewal) clearInterval(this.#renewal);
    this.#renewal = null;
    await this.#writing?.catch(() => undefined);
    await markRun(this.#store, { runId: this.runId, lease: this.#lease.name });
    if (typeof this.#options.lease === "string") await this.#store.leases.release(this.#lease);
  }

  #next(): Stamped {
    this.#seq++;
    return {
      seq: this.#seq,
      at: this.#time(),
      runId: this.runId,
      agent: this.#options.agent,
    };
  }

  /** Thousands of events fall into one millisecond of a stream: its text is made once. */
  #time(): string {
    const now = this.#options.now();
    if (now !== this.#timeOf) {
      this.#timeOf = now;
      this.#timeText = new Date(now).toISOString();
    }
    return this.#timeText;
  }

  #write(records: readonly JournalRecord[], durable: boolean): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, durable, resolve, reject });
      this.#writing ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    // Whoever appends in this turn goes with the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const records = batch.flatMap((each) => each.records);
      const durable = batch.some((each) => each.durable);
      try {
        this.#length = await this.#store.logs.append(this.runId, this.#length, records, durable);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // What is on the disk is not known any more: nothing may be done that is not written.
        this.#failure = error;
        for (const { reject } of [...batch, ...this.#waiting]) reject(error);
        this.#waiting = [];
      }
    }
    // In the same turn as the last look at what waits: nothing may slip in between.
    this.#writing = null;
  }

  async #renew(): Promise<void> {
    const renewed = await this.#store.leases.renew(this.#lease, LEASE_MS).catch(() => this.#lease);
    if (renewed) {
      this.#lease = renewed;
      return;
    }
    this.#failure ??= new AksaraError("THREAD_BUSY", `Another process has taken over the run ${this.runId}.`);
    this.#options.onLost?.();
  }
}

/**
 * The right to write to the runs of a lease, by its name, or for longer.
 * @throws THREAD_BUSY while somebody else has it
 */
export async function holdLease({ leases }: Store, lease: string | Lease): Promise<Lease> {
  const held =
    typeof lease === "string"
      ? await leases.acquire(lease, randomBytes(8).toString("hex"), LEASE_MS)
      : await leases.renew(lease, LEASE_MS);
  if (held) return held;
  throw new AksaraError("THREAD_BUSY", "Another run of this conversation is going on.", {
    hint: "Wait until it has finished, or stop it.",
  });
}

interface Stamped {
  readonly seq: number;
  readonly at: string;
  readonly runId: string;
  readonly agent: string;
}

/** The records of a run; empty when there is none. @throws STORE_UNAVAILABLE for one of another version */
export async function readJournal(store: Store, runId: string): Promise<readonly JournalRecord[]> {
  const records = (await store.logs.read(runId)) as readonly JournalRecord[];
  const first = records[0];
  if (first !== undefined && (first.type !== "run-started" || first.version !== JOURNAL_VERSION))
    throw new AksaraError("STORE_UNAVAILABLE", `The journal of ${runId} is not one that this version reads.`);
  return records;
}

/** How a run began. @throws RUN_NOT_FOUND */
export function beginningOf(records: readonly JournalRecord[], runId: string): RunStarted {
  const [first] = records;
  if (first?.type === "run-started") return first;
  throw new AksaraError("RUN_NOT_FOUND", `There is no run ${runId}.`, {
    hint: "Runs are kept per workspace; look whether this is the right folder.",
  });
}
