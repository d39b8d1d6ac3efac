import { Worker } from "node:worker_threads";
import { AksaraError } from "../../errors.ts";
import type { Catalog } from "../catalog.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import type { CatalogEngine, CatalogState, ReadingProgress } from "./catalog-engine.ts";
import { unpackCatalog } from "./packed-catalog.ts";
import type { IndexMessage, IndexRequest, IndexThreadData } from "./serve-index.ts";
import type { WorkspaceRoot } from "./source-walk.ts";

export interface ThreadEngineOptions {
  /** The script that calls `serveIndex`. */
  readonly threadUrl: URL;
  /** The script that calls `serveExtraction`; null: the index thread reads everything itself. */
  readonly workerUrl: URL | null;
  readonly roots: readonly WorkspaceRoot[];
  readonly assets: ParserAssets;
  readonly stateFolder: string | null;
  readonly onCacheFailure: (error: unknown) => void;
  /** Megabytes to begin with, where that is not to be as usual. */
  readonly memoryMb?: number;
}

/** What nearly every workspace needs; without a limit garbage grows to several times that. */
const FRUGAL_MB = 512;
const AMPLE_MB = 4_096;
const YOUNG_MB = 16;

/** What is asked of the thread at the moment. */
interface Question {
  readonly id: number;
  readonly report: (progress: ReadingProgress) => void;
  readonly resolve: (message: Extract<IndexMessage, { kind: "catalog" }>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has the catalog kept by a thread of its own: files, facts and the work on them never meet this thread, which gets
 * what changed in the catalog, in pieces. The thread is started on first use, and again after it died.
 */
export class ThreadEngine implements CatalogEngine<Pick<CatalogState, "catalog">> {
  readonly #options: ThreadEngineOptions;
  #worker: Worker | null = null;
  #question: Question | null = null;
  #catalog: Catalog | null = null;
  /** What the thread kept at the last start, being unpacked while it looks whether that still holds. */
  #kept: Promise<Catalog> | null = null;
  /** Whether the thread last sent what led to `#catalog`. */
  #isInStep = false;
  #nextId = 0;
  /** Megabytes that the thread may take; more after it died of too few. */
  #memory: number;
  #onClosed: () => void = () => {};

  constructor(options: ThreadEngineOptions) {
    this.#options = options;
    this.#memory = options.memoryMb ?? FRUGAL_MB;
  }

  async bringUpToDate(
    uris: ReadonlySet<string> | "all",
    signal: AbortSignal,
    report: (progress: ReadingProgress) => void,
  ): Promise<Pick<CatalogState, "catalog">> {
    const before = this.#isInStep ? this.#catalog : null;
    this.#isInStep = false;
    let answer: Extract<IndexMessage, { kind: "catalog" }>;
    try {
      answer = await this.#ask(uris, before !== null, signal, report);
    } catch (error) {
      if (!diedOfMemory(error) || this.#memory >= AMPLE_MB) throw error;
      this.#memory = AMPLE_MB;
      answer = await this.#ask("all", before !== null, signal, report);
    }
    const { patch } = answer;
    const catalog = await this.#catalogOf(patch, before);
    this.#kept = null;
    this.#catalog = catalog;
    this.#isInStep = true;
    return { catalog: async () => catalog };
  }

  async #catalogOf(
    patch: Extract<IndexMessage, { kind: "catalog" }>["patch"],
    before: Catalog | null,
  ): Promise<Catalog> {
    const known = patch === "kept" ? this.#kept : before;
    if (patch !== null && patch !== "kept") return await unpackCatalog(patch, before);
    if (known === null) throw new AksaraError("RUNTIME_ERROR", "The index thread sent no catalog.");
    return await known;
  }

  async dispose(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const closed = new Promise<void>((resolve) => {
      this.#onClosed = resolve;
    });
    worker.ref();
    worker.postMessage({ kind: "close" } satisfies IndexRequest);
    await closed;
    this.#worker = null;
    worker.removeAllListeners();
    await worker.terminate();
  }

  #ask(
    uris: ReadonlySet<string> | "all",
    hasLast: boolean,
    signal: AbortSignal,
    report: (progress: ReadingProgress) => void,
  ): Promise<Extract<IndexMessage, { kind: "catalog" }>> {
    const worker = this.#worker ?? this.#start();
    const id = this.#nextId++;
    // A thread that has nothing to do does not keep its process alive.
    worker.ref();
    const cancel = (): void => worker.postMessage({ kind: "cancel", id } satisfies IndexRequest);
    signal.addEventListener("abort", cancel, { once: true });
    return new Promise<Extract<IndexMessage, { kind: "catalog" }>>((resolve, reject) => {
      this.#question = { id, report, resolve, reject };
      const wanted = uris === "all" ? uris : [...uris];
      worker.postMessage({ kind: "update", id, uris: wanted, hasLast } satisfies IndexRequest);
    }).finally(() => {
      this.#question = null;
      signal.removeEventListener("abort", cancel);
      worker.unref();
    });
  }

  #start(): Worker {
    const { threadUrl, workerUrl, roots, assets, stateFolder } = this.#options;
    const workerData: IndexThreadData = { roots, assets, workerUrl: workerUrl?.href ?? null, stateFolder };
    // Neither the flags of the host nor its environment are the thread's business.
    const worker = new Worker(threadUrl, {
      workerData,
      execArgv: [],
      env: {},
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: this.#memory },
    });
    worker.on("message", (message: IndexMessage) => this.#hear(message));
    worker.on("error", (error) => this.#lose(worker, error));
    worker.on("exit", (code) => this.#lose(worker, new Error(`The thread stopped with code ${code}.`)));
    this.#worker = worker;
    return worker;
  }

  #hear(message: IndexMessage): void {
    const question = this.#question;
    switch (message.kind) {
      case "not-kept":
        this.#options.onCacheFailure(new Error(message.message));
        return;
      case "closed":
        this.#onClosed();
        return;
      case "kept":
        this.#kept = unpackCatalog({ replaced: null, added: message.catalog }, null);
        // Whoever needs it hears of a failure; when it no longer holds, nobody does.
        this.#kept.catch(() => {});
        return;
      case "progress":
        if (question?.id === message.id) question.report({ done: message.done, total: message.total });
        return;
      case "catalog":
        if (question?.id === message.id) question.resolve(message);
        return;
      case "failed":
        if (question?.id === message.id) question.reject(new AksaraError(message.code, message.message));
    }
  }

  #lose(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#isInStep = false;
    const message = "The thread that reads the workspace cannot be started or did not stay alive.";
    this.#question?.reject(new AksaraError("RUNTIME_ERROR", message, { cause: error }));
    this.#onClosed();
  }
}

function diedOfMemory(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
}
