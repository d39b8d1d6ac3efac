import type { Catalog } from "../catalog.ts";
import type { PackedCatalog } from "./packed-catalog.ts";

export interface ReadingProgress {
  /** Files read so far in this update, of those that had to be read. */
  readonly done: number;
  readonly total: number;
}

/** What is known of a workspace at one time. */
export interface CatalogState {
  /** The same object for the same state. */
  catalog(): Promise<Catalog>;
  /** Files of which something may differ from an earlier catalog; null when that is not known. */
  replacedSince(before: Catalog): ReadonlySet<string> | null;
  /** For the disk and for other threads. */
  packed(): Promise<PackedCatalog>;
}

/** Brings what is known of a workspace up to date, on this thread or another. One call at a time. */
export interface CatalogEngine<S> {
  /**
   * Looks at the given uris, or at everything, reads what changed and puts the catalog together. After a failure it
   * has to be asked to look at everything.
   * @throws CANCELLED, RUNTIME_ERROR
   */
  bringUpToDate(
    uris: ReadonlySet<string> | "all",
    signal: AbortSignal,
    report: (progress: ReadingProgress) => void,
  ): Promise<S>;
  /** Saves what is known, as far as that is asked for. */
  dispose(): Promise<void>;
}
