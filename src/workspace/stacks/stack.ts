import type { Gap } from "../ir/entry.ts";
import type { Migration } from "../ir/migration.ts";
import type { Model } from "../ir/model.ts";
import type { Query } from "../ir/query.ts";
import type { ModelUse } from "../ir/reference.ts";
import type { Route } from "../ir/route.ts";
import type { ParsedFile } from "../languages/parsed-file.ts";
import type { Ledger } from "../memo.ts";

/** What a stack, or all of them together, found. Order is not significant: the catalog sorts. */
export interface Contribution {
  readonly models: readonly Model[];
  readonly routes: readonly Route[];
  readonly queries: readonly Query[];
  readonly migrations: readonly Migration[];
  readonly uses: readonly ModelUse[];
  /** What was seen and not understood, outside of any object. */
  readonly gaps: readonly Gap[];
}

/** What was found in one file or several; gaps belong to no file. */
export type Share = Omit<Contribution, "gaps">;

export type LanguageId = "python" | "typescript" | "prisma" | "sql" | "ruby" | "php" | "json" | "toml";

/** Facts of every file, keyed by uri, in bytewise order of uri. */
export type FactsByUri<F> = ReadonlyMap<string, F>;

/**
 * One framework. Reading is split in two so that the first half can be cached and run in workers:
 * `extract` sees one file and nothing else, `resolve` sees the facts of all files and no text.
 */
export interface Stack<F = unknown> {
  readonly id: string;
  /** For people: "Django". */
  readonly title: string;
  /** Frameworks that its objects are of, where one reading serves several; absent where it is the stack itself. */
  readonly tells?: readonly { readonly id: string; readonly title: string }[];
  readonly languages: readonly LanguageId[];
  /** Changes when the facts change their shape or meaning: cached facts of another version are dropped. */
  readonly version: number;
  /** A file whose text does not match cannot contribute and is not parsed. Must be a plain alternation, no flags. */
  readonly marker: RegExp;
  /** JSON-serialisable facts of one file, or null when it contributes nothing. Pure; never throws on bad source. */
  extract(file: ParsedFile): F | null;
  resolve(facts: FactsByUri<F>): Contribution;
  /**
   * What `resolve` does, split in two so that an edit makes anew only what it touches: everything that is read of the
   * facts is read inside of answers of the ledger. Which files there are does not change. What is called later says what
   * `resolve` would say of the facts as they are then.
   */
  open?(facts: FactsByUri<F>, ledger: Ledger): () => Contribution;
  /**
   * `resolve` hands the places and hashes in facts on to the objects of the catalog and judges by nothing of them but
   * their order in a file and whether they share a line. An edit that only moves things then needs no resolving.
   */
  readonly handsPlacesOn?: true;
}

export const NOTHING: Contribution = {
  models: [],
  routes: [],
  queries: [],
  migrations: [],
  uses: [],
  gaps: [],
};
