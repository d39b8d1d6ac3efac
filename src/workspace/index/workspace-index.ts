import { AksaraError, throwIfCancelled } from "../../errors.ts";
import type { Catalog } from "../catalog.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import { STACKS } from "../stacks/registry.ts";
import type { Stack } from "../stacks/stack.ts";
import { CatalogBuilder } from "./catalog-builder.ts";
import { decode } from "./decode.ts";
import { languagesOf } from "./extract-file.ts";
import { ExtractionPool } from "./extraction-pool.ts";
import type { Extractor, ReadJob } from "./extractor.ts";
import { FactsCache } from "./facts-cache.ts";
import type { FileSystem } from "./file-system.ts";
import { InlineExtractor } from "./inline-extractor.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { SourceFiles } from "./source-files.ts";
import { SourceWalk, type WorkspaceRoot } from "./source-walk.ts";
import { withUniqueNames } from "./unique-names.ts";

export type { WorkspaceRoot } from "./source-walk.ts";

export interface WorkspaceIndexOptions {
  /** One folder or several; of several the uris begin with the folder's name. */
  readonly roots: readonly WorkspaceRoot[];
  readonly assets: ParserAssets;
  /** The bundled extraction worker; without it everything is read on the calling thread. */
  readonly workerUrl?: URL | null | undefined;
  /** Folder for facts between two starts; without it nothing is kept. Not used when it lies in the workspace. */
  readonly stateFolder?: string | null | undefined;
  /** The disk unless said otherwise. */
  readonly fileSystem?: FileSystem | undefined;
  /** All registered stacks unless said otherwise. */
  readonly stacks?: readonly Stack[] | undefined;
  /** Hears why facts could not be kept; nothing else depends on it. */
  readonly onCacheFailure?: ((error: unknown) => void) | undefined;
}

export interface ReadingProgress {
  /** Files read so far in this update, of those that had to be read. */
  readonly done: number;
  readonly total: number;
}

export interface CatalogOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
}

/** Up to here the start of workers costs more than it saves. */
const INLINE_FILES = 100;
const INLINE_BYTES = 400_000;

/** One update on its way, shared by all who wait for it; it is given up when nobody does any more. */
interface Update {
  readonly controller: AbortController;
  readonly listeners: Set<(progress: ReadingProgress) => void>;
  readonly result: Promise<Catalog>;
  waiting: number;
}

/** Reads a workspace into a catalog and keeps it up to date: only what changed is read again. */
export class WorkspaceIndex {
  readonly #fs: FileSystem;
  readonly #walk: SourceWalk;
  readonly #files: SourceFiles;
  readonly #builder: CatalogBuilder;
  readonly #inline: Extractor;
  readonly #pool: Extractor | null;
  readonly #openCache: () => Promise<FactsCache | null>;
  readonly #onCacheFailure: (error: unknown) => void;
  #cache: FactsCache | null = null;
  #isCacheLoaded = false;
  #isUnsaved = false;
  #saving: Promise<void> = Promise.resolve();
  /** Uris to look at before the next catalog; "all" for a whole walk. */
  #pending: Set<string> | "all" | null = "all";
  #catalog: Catalog | null = null;
  #update: Update | null = null;
  #isDisposed = false;

  constructor(options: WorkspaceIndexOptions) {
    const stacks = options.stacks ?? STACKS;
    const roots = withUniqueNames(options.roots);
    const { assets, workerUrl, stateFolder } = options;
    this.#fs = options.fileSystem ?? nodeFileSystem;
    this.#walk = new SourceWalk(this.#fs, roots, languagesOf(stacks));
    this.#files = new SourceFiles(this.#walk);
    this.#builder = new CatalogBuilder(stacks);
    this.#inline = new InlineExtractor(this.#fs, stacks, assets);
    this.#pool = workerUrl && this.#fs.isLocal ? new ExtractionPool({ workerUrl, assets }) : null;
    this.#openCache = async () =>
      stateFolder && this.#fs.isLocal ? await FactsCache.open(stateFolder, roots, stacks, assets) : null;
    this.#onCacheFailure = options.onCacheFailure ?? (() => {});
  }

  /**
   * The catalog of the workspace as it was last reported to be: read on first use, brought up to date after `refresh`.
   * The same object as long as nothing changed.
   * @throws CANCELLED; the work goes on while somebody else waits for it.
   */
  async catalog(options: CatalogOptions = {}): Promise<Catalog> {
    const { signal, onProgress } = options;
    throwIfCancelled(signal);
    if (this.#isDisposed) throw new AksaraError("CANCELLED", "The workspace was closed.");
    if (this.#catalog && this.#pending === null && !this.#update) return this.#catalog;
    // One that was given up must end before the files are looked at anew.
    while (this.#update?.controller.signal.aborted) await this.#update.result.catch(() => null);
    throwIfCancelled(signal);
    const update = this.#update ?? this.#start();
    return await this.#wait(update, signal, onProgress);
  }

  /** Says that files or folders changed, came or went; without uris that anything may have. Cheap: reading waits. */
  refresh(uris?: readonly string[]): void {
    if (!uris || this.#pending === "all") {
      this.#pending = "all";
      return;
    }
    this.#pending ??= new Set();
    for (const uri of uris) this.#pending.add(uri.endsWith("/") ? uri.slice(0, -1) : uri);
  }

  /**
   * The text of a source file, without byte order mark, as positions of the catalog count.
   * @throws CONTEXT_NOT_FOUND, SECRET_REFUSED, PATH_REFUSED when the file is left out of reading
   */
  async readText(uri: string): Promise<string> {
    const found = await this.#walk.find(uri);
    if (found.kind === "skipped") {
      const { reason } = found.entry;
      const code = reason === "secret" ? "SECRET_REFUSED" : "PATH_REFUSED";
      throw new AksaraError(code, `${uri} is left out of reading: ${reason}.`);
    }
    if (found.kind !== "file") {
      throw new AksaraError("CONTEXT_NOT_FOUND", `There is no source file ${uri} in this workspace.`);
    }
    const decoded = decode(await this.#fs.readBytes(found.file.path));
    if (decoded.kind === "binary") throw new AksaraError("PATH_REFUSED", `${uri} is not text.`);
    return decoded.text;
  }

  /** Gives up what is on its way and saves what is known. */
  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const update = this.#update;
    update?.controller.abort();
    await update?.result.catch(() => null);
    this.#save();
    await Promise.all([this.#saving, this.#inline.dispose(), this.#pool?.dispose()]);
  }

  #start(): Update {
    const controller = new AbortController();
    const listeners = new Set<(progress: ReadingProgress) => void>();
    const report = (progress: ReadingProgress): void => {
      for (const listener of listeners) listener(progress);
    };
    const result = this.#bringUpToDate(controller.signal, report).finally(() => {
      this.#update = null;
    });
    // Whoever waits hears of a failure; when nobody does, nobody needs to.
    result.catch(() => {});
    const update: Update = { controller, listeners, result, waiting: 0 };
    this.#update = update;
    return update;
  }

  #wait(
    update: Update,
    signal: AbortSignal | undefined,
    onProgress: ((progress: ReadingProgress) => void) | undefined,
  ): Promise<Catalog> {
    update.waiting++;
    if (onProgress) update.listeners.add(onProgress);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal?.removeEventListener("abort", cancel);
        if (onProgress) update.listeners.delete(onProgress);
        update.waiting--;
      };
      const cancel = (): void => {
        leave();
        if (update.waiting === 0) update.controller.abort();
        reject(new AksaraError("CANCELLED", "The operation was cancelled."));
      };
      signal?.addEventListener("abort", cancel, { once: true });
      update.result.then(
        (catalog) => {
          leave();
          resolve(catalog);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }

  async #bringUpToDate(signal: AbortSignal, report: (progress: ReadingProgress) => void): Promise<Catalog> {
    await this.#loadCache();
    let catalog = this.#catalog;
    while (!catalog || this.#pending !== null) {
      const pending = this.#pending;
      this.#pending = null;
      try {
        const jobs = await this.#files.lookAt(pending ?? new Set(), signal);
        await this.#read(jobs, signal, report);
        if (this.#files.takeChanges()) this.#isUnsaved = true;
        catalog = await this.#builder.build(this.#files, signal);
      } catch (error) {
        // How far it came is not known; what was read is kept, so looking again at everything is cheap.
        this.#pending = "all";
        throw error;
      }
      this.#catalog = catalog;
      if (pending === "all") this.#save();
    }
    return catalog;
  }

  async #read(
    jobs: readonly ReadJob[],
    signal: AbortSignal,
    report: (progress: ReadingProgress) => void,
  ): Promise<void> {
    const bytes = jobs.reduce((sum, { size }) => sum + size, 0);
    const isMuch = jobs.length > INLINE_FILES || bytes > INLINE_BYTES;
    const extractor = this.#pool && isMuch ? this.#pool : this.#inline;
    const total = jobs.length;
    let done = 0;
    await extractor.run(
      jobs,
      (outcomes) => {
        for (const outcome of outcomes) this.#files.accept(outcome);
        done += outcomes.length;
        report({ done, total });
      },
      signal,
    );
  }

  async #loadCache(): Promise<void> {
    if (this.#isCacheLoaded) return;
    this.#isCacheLoaded = true;
    try {
      this.#cache = await this.#openCache();
      this.#files.restore((await this.#cache?.load()) ?? []);
    } catch (error) {
      this.#onCacheFailure(error);
    }
  }

  #save(): void {
    const cache = this.#cache;
    if (!cache || !this.#isUnsaved) return;
    this.#isUnsaved = false;
    this.#saving = this.#saving
      .then(() => cache.save([...this.#files.records()]))
      .catch((error: unknown) => this.#onCacheFailure(error));
  }
}
