import type { Catalog } from "../catalog.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import type { Stack } from "../stacks/stack.ts";
import { type BuiltCatalog, CatalogBuilder } from "./catalog-builder.ts";
import type { CatalogEngine, CatalogState, ReadingProgress } from "./catalog-engine.ts";
import { languagesOf } from "./extract-file.ts";
import { ExtractionPool } from "./extraction-pool.ts";
import type { Extractor, ReadJob } from "./extractor.ts";
import { FactsCache } from "./facts-cache.ts";
import type { FileSystem } from "./file-system.ts";
import { InlineExtractor } from "./inline-extractor.ts";
import { type PackedCatalog, packCatalog, unpackCatalog } from "./packed-catalog.ts";
import { SourceFiles } from "./source-files.ts";
import { SourceWalk, type WorkspaceRoot } from "./source-walk.ts";

export interface LocalEngineOptions {
  /** With names that tell them apart. */
  readonly roots: readonly WorkspaceRoot[];
  readonly assets: ParserAssets;
  readonly fileSystem: FileSystem;
  readonly stacks: readonly Stack[];
  /** The bundled extraction worker; null: everything is read on this thread. */
  readonly workerUrl: URL | null;
  /** Tells versions of the code apart: catalogs of another one are not taken over. Null: not known. */
  readonly codeVersion: string | null;
  /** Folder for what is kept between two starts; null: nothing is. */
  readonly stateFolder: string | null;
  /** Hears why something could not be kept; nothing else depends on it. */
  readonly onCacheFailure: (error: unknown) => void;
  /** Hears of the catalog of the last start before it is known whether it still holds. */
  readonly onKept?: ((catalog: PackedCatalog) => void) | undefined;
}

/** Up to here the start of workers costs more than it saves. */
const INLINE_FILES = 100;
const INLINE_BYTES = 400_000;

/** Keeps a catalog up to date on the thread that asks for it. */
export class LocalEngine implements CatalogEngine<CatalogState> {
  readonly #files: SourceFiles;
  readonly #builder: CatalogBuilder;
  readonly #inline: Extractor;
  readonly #pool: ExtractionPool | null;
  readonly #openCache: () => Promise<FactsCache | null>;
  readonly #onCacheFailure: (error: unknown) => void;
  readonly #onKept: (catalog: PackedCatalog) => void;
  #cache: FactsCache | null = null;
  #isCacheOpen = false;
  /** The catalog of the last start, as long as no file is known to differ from then. */
  #kept: { readonly fingerprint: string; readonly state: KeptState } | null = null;
  #state: CatalogState | null = null;
  #isUnsaved = false;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: LocalEngineOptions) {
    const { roots, assets, fileSystem, stacks, workerUrl, stateFolder, codeVersion } = options;
    this.#files = new SourceFiles(new SourceWalk(fileSystem, roots, languagesOf(stacks)));
    this.#builder = new CatalogBuilder(stacks);
    this.#inline = new InlineExtractor(fileSystem, stacks, assets);
    this.#pool = workerUrl && fileSystem.isLocal ? new ExtractionPool({ workerUrl, assets }) : null;
    this.#openCache = async () =>
      stateFolder && fileSystem.isLocal
        ? await FactsCache.open(stateFolder, roots, stacks, assets, codeVersion)
        : null;
    this.#onCacheFailure = options.onCacheFailure;
    this.#onKept = options.onKept ?? (() => {});
  }

  async bringUpToDate(
    uris: ReadonlySet<string> | "all",
    signal: AbortSignal,
    report: (progress: ReadingProgress) => void,
  ): Promise<CatalogState> {
    await this.#loadCache();
    await this.#read(await this.#lookAt(uris, signal), signal, report);
    if (this.#files.takeChanges()) this.#isUnsaved = true;
    const state = this.#stateAsKept() ?? (await this.#build(signal));
    this.#state = state;
    if (uris === "all") this.#save();
    return state;
  }

  async dispose(): Promise<void> {
    this.#save();
    await Promise.all([this.#saving, this.#inline.dispose(), this.#pool?.dispose()]);
  }

  /** What was kept at the last start, when the files say the same as then. */
  #stateAsKept(): CatalogState | null {
    if (!this.#kept) return null;
    if (this.#kept.fingerprint === this.#files.fingerprint()) return this.#kept.state;
    this.#kept = null;
    return null;
  }

  async #build(signal: AbortSignal): Promise<CatalogState> {
    if (!(await this.#files.loadFacts())) {
      // What was kept is damaged: everything is read as if for the first time.
      this.#isUnsaved = true;
      await this.#read(await this.#files.lookAt("all", signal), signal, () => {});
    }
    const built = await this.#builder.build(this.#files, signal);
    return this.#state instanceof BuiltState && this.#state.built === built
      ? this.#state
      : new BuiltState(built);
  }

  /** Starts workers as soon as there is enough for them, while the rest is still being found. */
  async #lookAt(uris: ReadonlySet<string> | "all", signal: AbortSignal): Promise<readonly ReadJob[]> {
    let doubts = 0;
    try {
      return await this.#files.lookAt(uris, signal, () => {
        if (++doubts === INLINE_FILES + 1) this.#pool?.prepare();
      });
    } catch (error) {
      this.#pool?.discard();
      throw error;
    }
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
    if (this.#isCacheOpen) return;
    this.#isCacheOpen = true;
    try {
      this.#cache = await this.#openCache();
      const kept = await this.#cache?.load();
      if (!kept) return;
      if (kept.catalog) this.#onKept(kept.catalog);
      this.#files.restore(kept.records, kept.loadFacts);
      if (kept.catalog) this.#kept = { fingerprint: kept.fingerprint, state: new KeptState(kept.catalog) };
    } catch (error) {
      this.#onCacheFailure(error);
    }
  }

  #save(): void {
    const cache = this.#cache;
    const state = this.#state;
    if (!cache || !state || !this.#isUnsaved) return;
    this.#isUnsaved = false;
    const records = [...this.#files.records()];
    const fingerprint = this.#files.fingerprint();
    this.#saving = this.#saving
      .then(async () => cache.save({ records, fingerprint, catalog: await state.packed() }))
      .catch((error: unknown) => this.#onCacheFailure(error));
  }
}

class BuiltState implements CatalogState {
  readonly built: BuiltCatalog;

  constructor(built: BuiltCatalog) {
    this.built = built;
  }

  async catalog(): Promise<Catalog> {
    return this.built.catalog;
  }

  replacedSince(before: Catalog): ReadonlySet<string> | null {
    return this.built.before === before ? this.built.replaced : null;
  }

  packed(): Promise<PackedCatalog> {
    return packCatalog(this.built.catalog);
  }
}

class KeptState implements CatalogState {
  readonly #packed: PackedCatalog;
  #catalog: Promise<Catalog> | null = null;

  constructor(packed: PackedCatalog) {
    this.#packed = packed;
  }

  catalog(): Promise<Catalog> {
    this.#catalog ??= unpackCatalog({ replaced: null, added: this.#packed }, null);
    return this.#catalog;
  }

  replacedSince(): null {
    return null;
  }

  async packed(): Promise<PackedCatalog> {
    return this.#packed;
  }
}
