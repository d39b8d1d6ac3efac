import { readFile } from "node:fs/promises";
import * as z from "zod";
import type { Catalog } from "../../workspace/catalog.ts";
import { writeAtomically } from "../../write-atomically.ts";
import type { CatalogEntry } from "../spec/data-environment.ts";
import { documentsOf } from "./documents.ts";
import { DOCUMENT_KINDS, type SearchDocument, type SearchHit, SearchIndex } from "./search-index.ts";

const FileSchema = z.object({
  version: z.literal(1),
  documents: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(DOCUMENT_KINDS),
      name: z.string(),
      place: z.string(),
      summary: z.string(),
      text: z.string(),
    }),
  ),
});

export interface CatalogSearchOptions {
  /** Where the index is kept between processes; null: nowhere. */
  readonly indexPath: string | null;
  /** Take nothing from the file at the beginning. */
  readonly rebuildOnStart: boolean;
  /** Write the file after each change of the index; else only when it is disposed of. */
  readonly writeThrough: boolean;
  /** What people say about tables, columns and metrics. */
  readonly described: readonly CatalogEntry[];
}

/** Finds objects of the workspace and what people said about them, also where a word is mistyped. */
export class CatalogSearch {
  readonly #options: CatalogSearchOptions;
  readonly #index = new SearchIndex();
  #seen: Catalog | null = null;
  #hasLoaded = false;
  /** One after the other: whoever searches meanwhile finds the whole index. */
  #following: Promise<void> = Promise.resolve();
  #isWritten = true;

  constructor(options: CatalogSearchOptions) {
    this.#options = options;
  }

  /** Searches the catalog as it is now. @throws the error of the file system, when the index cannot be written */
  async search(
    query: string,
    catalog: Catalog,
    limit: number,
    kinds: readonly SearchDocument["kind"][] = [],
  ): Promise<readonly SearchHit[]> {
    const turn = this.#following.then(() => this.#follow(catalog));
    this.#following = turn.catch(() => undefined);
    await turn;
    return this.#index.search(query, limit, ({ kind }) => kinds.length === 0 || kinds.includes(kind));
  }

  async dispose(): Promise<void> {
    if (!this.#isWritten) await this.#write();
  }

  /** Takes over what has changed since the last search, and nothing else. */
  async #follow(catalog: Catalog): Promise<void> {
    if (!this.#hasLoaded) await this.#load();
    if (this.#seen === catalog) return;
    const wanted = new Map(
      documentsOf(catalog, this.#options.described).map((document) => [document.id, document]),
    );
    let changed = 0;
    for (const { id } of this.#index.documents())
      if (!wanted.has(id)) {
        this.#index.remove(id);
        changed++;
      }
    for (const document of wanted.values()) {
      const known = this.#index.find(document.id);
      if (known && JSON.stringify(known) === JSON.stringify(document)) continue;
      this.#index.put(document);
      changed++;
    }
    this.#seen = catalog;
    if (changed === 0) return;
    this.#isWritten = this.#options.indexPath === null;
    if (this.#options.writeThrough && !this.#isWritten) await this.#write();
  }

  /** A file that is not there, or not ours, is the same as none: the index is made from the catalog anyway. */
  async #load(): Promise<void> {
    this.#hasLoaded = true;
    const { indexPath, rebuildOnStart } = this.#options;
    if (indexPath === null || rebuildOnStart) return;
    const text = await readFile(indexPath, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    const parsed = FileSchema.safeParse(text === null ? null : jsonOf(text));
    for (const document of parsed.success ? parsed.data.documents : []) this.#index.put(document);
  }

  async #write(): Promise<void> {
    const { indexPath } = this.#options;
    if (indexPath === null) return;
    await writeAtomically(indexPath, JSON.stringify({ version: 1, documents: this.#index.documents() }));
    this.#isWritten = true;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
