import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { AksaraError, throwIfCancelled } from "../../errors.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import type { FileOutcome } from "./extract-file.ts";
import type { Extractor, ReadJob } from "./extractor.ts";
import type { Batch, WorkerData, WorkerMessage } from "./serve-extraction.ts";

const MAX_WORKERS = 4;
const BATCH_BYTES = 200_000;
const BATCH_FILES = 64;
/** Enough for the densest file of the largest size; without a limit garbage grows to several times that. */
const MEMORY = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };
/** More deaths of workers in one run than any odd file explains. */
const MAX_LOSSES = 16;
/** One batch in work and one waiting, so that a worker never waits for us. */
const BATCHES_AHEAD = 2;

export interface ExtractionPoolOptions {
  /** The script that calls `serveExtraction`. */
  readonly workerUrl: URL;
  readonly assets: ParserAssets;
  readonly workers?: number;
}

/** Extracts in worker threads, which live as long as one run: an idle pool holds nothing. */
export class ExtractionPool implements Extractor {
  readonly #options: ExtractionPoolOptions;
  readonly #runs = new Set<PoolRun>();
  /** Workers that start while it is still being found out what there is to read. */
  #prepared: PoolRun | null = null;

  constructor(options: ExtractionPoolOptions) {
    this.#options = options;
  }

  /** Starts workers before it is known what there is to read; `run` or `discard` has to follow. */
  prepare(): void {
    if (this.#prepared) return;
    this.#prepared = new PoolRun(this.#options);
    this.#runs.add(this.#prepared);
    this.#prepared.hire(Number.POSITIVE_INFINITY);
  }

  discard(): void {
    const prepared = this.#prepared;
    this.#prepared = null;
    prepared?.fail(cancelled());
    if (prepared) this.#runs.delete(prepared);
  }

  async run(
    jobs: readonly ReadJob[],
    onOutcomes: (outcomes: readonly FileOutcome[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    if (signal?.aborted || jobs.length === 0) this.discard();
    throwIfCancelled(signal);
    if (jobs.length === 0) return;
    const run = this.#prepared ?? new PoolRun(this.#options);
    this.#prepared = null;
    this.#runs.add(run);
    const cancel = (): void => run.fail(cancelled());
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      await run.start(jobs, onOutcomes);
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#runs.delete(run);
    }
  }

  async dispose(): Promise<void> {
    for (const run of this.#runs) run.fail(cancelled());
  }
}

function cancelled(): AksaraError {
  return new AksaraError("CANCELLED", "The operation was cancelled.");
}

interface Crew {
  readonly worker: Worker;
  readonly batches: Map<number, Batch>;
  isReady: boolean;
}

class PoolRun {
  readonly #finished: Promise<void>;
  readonly #options: ExtractionPoolOptions;
  /** Null before it is said what to read. */
  #onOutcomes: ((outcomes: readonly FileOutcome[]) => void) | null = null;
  readonly #queue: (readonly ReadJob[])[] = [];
  readonly #crews = new Set<Crew>();
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #nextId = 0;
  #losses = 0;
  #isOver = false;

  constructor(options: ExtractionPoolOptions) {
    this.#options = options;
    this.#finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever starts the run hears of a failure, also of one that came before.
    this.#finished.catch(() => {});
  }

  /** As many workers as there is work for and the machine has room for. */
  hire(batches: number): void {
    const wanted = this.#options.workers ?? Math.min(availableParallelism(), MAX_WORKERS);
    while (!this.#isOver && this.#crews.size < Math.min(wanted, batches)) this.#hire();
  }

  start(jobs: readonly ReadJob[], onOutcomes: (outcomes: readonly FileOutcome[]) => void): Promise<void> {
    this.#onOutcomes = onOutcomes;
    this.#queue.push(...batchesOf(jobs));
    this.hire(this.#queue.length);
    for (const crew of this.#crews) if (crew.isReady) this.#supply(crew);
    return this.#finished;
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#reject(error);
  }

  #hire(): void {
    const workerData: WorkerData = { assets: this.#options.assets };
    // Neither the flags of the host nor its environment are the worker's business.
    const worker = new Worker(this.#options.workerUrl, {
      workerData,
      execArgv: [],
      env: {},
      resourceLimits: MEMORY,
    });
    const crew: Crew = { worker, batches: new Map(), isReady: false };
    this.#crews.add(crew);
    worker.on("message", (message: WorkerMessage) => {
      if (this.#isOver) return;
      if (message.kind === "failed") {
        this.fail(new AksaraError("RUNTIME_ERROR", `Source files cannot be parsed: ${message.reason}`));
        return;
      }
      if (message.kind === "ready") crew.isReady = true;
      else this.#deliver(crew, message.id, message.outcomes);
      this.#supply(crew);
    });
    worker.on("error", (error) => this.#lose(crew, error));
    worker.on("exit", (code) => this.#lose(crew, new Error(`The worker stopped with code ${code}.`)));
  }

  #supply(crew: Crew): void {
    if (!this.#onOutcomes) return;
    while (crew.batches.size < BATCHES_AHEAD) {
      const jobs = this.#queue.shift();
      if (!jobs) break;
      const batch: Batch = { id: this.#nextId++, jobs };
      crew.batches.set(batch.id, batch);
      crew.worker.postMessage(batch);
    }
    if ([...this.#crews].every(({ batches }) => batches.size === 0) && this.#queue.length === 0)
      this.#succeed();
  }

  #deliver(crew: Crew, id: number, outcomes: readonly FileOutcome[]): void {
    crew.batches.delete(id);
    try {
      this.#onOutcomes?.(outcomes);
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * A worker died, of memory for example. The files of the batch it had in work are tried one by one, and the one that
   * kills a worker again is left out.
   */
  #lose(crew: Crew, error: unknown): void {
    if (this.#isOver || !this.#crews.delete(crew)) return;
    if (!crew.isReady || ++this.#losses > MAX_LOSSES) {
      const message = "The worker that reads source files cannot be started or does not stay alive.";
      this.fail(new AksaraError("RUNTIME_ERROR", message, { cause: error }));
      return;
    }
    const [inWork, ...waiting] = crew.batches.values();
    this.#queue.push(...waiting.map(({ jobs }) => jobs));
    const [only] = inWork?.jobs ?? [];
    if (only && inWork?.jobs.length === 1) {
      const reason = `could not be read (${error instanceof Error ? error.message : String(error)})`;
      this.#onOutcomes?.([{ kind: "skipped", uri: only.uri, contentHash: "", reason }]);
    } else {
      this.#queue.push(...(inWork?.jobs ?? []).map((job) => [job]));
    }
    this.#hire();
  }

  #succeed(): void {
    if (this.#isOver) return;
    this.#end();
    this.#resolve();
  }

  #end(): void {
    this.#isOver = true;
    this.#queue.length = 0;
    for (const { worker } of this.#crews) {
      worker.removeAllListeners();
      // Nothing waits for the threads; one that fails while it dies concerns nobody.
      worker.on("error", () => {});
      void worker.terminate();
    }
    this.#crews.clear();
  }
}

/** Batches of about the same size, so that the last ones do not keep one worker busy alone. */
function batchesOf(jobs: readonly ReadJob[]): (readonly ReadJob[])[] {
  const batches: (readonly ReadJob[])[] = [];
  let batch: ReadJob[] = [];
  let bytes = 0;
  for (const job of jobs) {
    if (batch.length > 0 && (bytes + job.size > BATCH_BYTES || batch.length >= BATCH_FILES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(job);
    bytes += job.size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
