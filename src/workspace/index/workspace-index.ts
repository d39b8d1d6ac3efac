import { AksaraError, throwIfCancelled } from "../../errors.ts";
import type { Catalog } from "../catalog.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import { STACKS } from "../stacks/registry.ts";
import type { Stack } from "../stacks/stack.ts";
import type { CatalogEngine, CatalogState, ReadingProgress } from "./catalog-engine.ts";
import { decode } from "./decode.ts";
import { languagesOf } from "./extract-file.ts";
import type { FileSystem } from "./file-system.ts";
import { LocalEngine } from "./local-engine.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { SourceWalk, type WorkspaceRoot } from "./source-walk.ts";
import { ThreadEngine } from "./thread-engine.ts";
import { withUniqueNames } from "./unique-names.ts";

export type { ReadingProgress } from "./catalog-engine.ts";
export type { WorkspaceRoot } from "./source-walk.ts";

export interface WorkspaceIndexOptions {
  /** One folder or several; of several the uris begin with the folder's name. */
  readonly roots: readonly WorkspaceRoot[];
  readonly assets: ParserAssets;
  /** The bundled extraction worker; without it everything is read on the calling thread. */
  readonly workerUrl?: URL | null | undefined;
  /**
   * The bundled thread that keeps the index of the disk with all stacks; without it the calling thread does that, and
   * other work waits for it.
   */
  readonly threadUrl?: URL | null | undefined;
  /** Folder for what is known between two starts; without it nothing is kept. Not used when it lies in the workspace. */
  readonly stateFolder?: string | null | undefined;
  /** The disk unless said otherwise. */
  readonly fileSystem?: FileSystem | undefined;
  /** All registered stacks unless said otherwise. */
  readonly stacks?: readonly Stack[] | undefined;
  /** Hears why facts could not be kept; nothing else depends on it. */
  readonly onCacheFailure?: ((error: unknown) => void) | undefined;
}

export interface CatalogOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
}

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
  readonly #engine: CatalogEngine<Pick<CatalogState, "catalog">>;
  /** Uris to look at before the next catalog; "all" for a whole walk. */
  #pending: Set<string> | "all" | null = "all";
  #catalog: Catalog | null = null;
  #update: Update | null = null;
  #isDisposed = false;

  constructor(options: WorkspaceIndexOptions) {
    const { assets, workerUrl = null, threadUrl = null, stateFolder = null } = options;
    const { fileSystem = nodeFileSystem, stacks = STACKS, onCacheFailure = () => {} } = options;
    const roots = withUniqueNames(options.roots);
    this.#fs = fileSystem;
    this.#walk = new SourceWalk(fileSystem, roots, languagesOf(stacks));
    this.#engine =
      threadUrl && fileSystem.isLocal
        ? new ThreadEngine({ threadUrl, workerUrl, roots, assets, stateFolder, onCacheFailure })
        : new LocalEngine({
            roots,
            assets,
            fileSystem,
            stacks,
            workerUrl,
            stateFolder,
            codeVersion: null,
            onCacheFailure,
          });
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
    await this.#engine.dispose();
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
    let catalog = this.#catalog;
    while (!catalog || this.#pending !== null) {
      const pending = this.#pending;
      this.#pending = null;
      try {
        const state = await this.#engine.bringUpToDate(pending ?? new Set(), signal, report);
        catalog = await state.catalog();
      } catch (error) {
        // How far it came is not known; what was read is kept, so looking again at everything is cheap.
        this.#pending = "all";
        throw error;
      }
      this.#catalog = catalog;
    }
    return catalog;
  }
}
