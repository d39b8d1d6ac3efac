import { throwIfCancelled } from "../../errors.ts";
import { Catalog } from "../catalog.ts";
import type { Gap } from "../ir/entry.ts";
import type { Model } from "../ir/model.ts";
import type { ModelUse } from "../ir/reference.ts";
import { knowsByTable, Merger } from "../merge.ts";
import { filesBehind, isTied } from "../route-models.ts";
import { isSameValue } from "../same-value.ts";
import type { Share, Stack } from "../stacks/stack.ts";
import { Breather } from "./breather.ts";
import { EMPTY_SHARE, SHARE_LISTS } from "./share.ts";
import type { SourceFiles } from "./source-files.ts";
import { type ChangedFacts, StackReading } from "./stack-reading.ts";

/** A catalog with what leads to it from the one before: the files of which nothing holds; null when all is new. */
export interface BuiltCatalog {
  readonly catalog: Catalog;
  readonly before: Catalog | null;
  readonly replaced: ReadonlySet<string> | null;
}

/** Puts catalogs together from the facts of files. What did not change since the last one is not made again. */
export class CatalogBuilder {
  readonly #stacks: readonly Stack[];
  readonly #readings: ReadonlyMap<string, StackReading>;
  /** Changes of facts that a stack was not asked about yet, by stack. */
  readonly #changed = new Map<string, Map<string, Uint8Array | null>>();
  /** Shares that changed since the last catalog, as they were in it, by stack and file. */
  readonly #replaced = new Map<string, Map<string, Share>>();
  #built: BuiltCatalog | null = null;
  #version = -1;

  constructor(stacks: readonly Stack[]) {
    this.#stacks = stacks;
    this.#readings = new Map(stacks.map((stack) => [stack.id, new StackReading(stack)]));
  }

  /** The same object when nothing changed since the last call. @throws CANCELLED */
  async build(files: SourceFiles, signal: AbortSignal): Promise<BuiltCatalog> {
    const { version } = files;
    if (this.#built && version === this.#version) return this.#built;
    this.#note(files.takeChangedFacts());
    const breather = new Breather(signal);
    for (const [id, reading] of this.#readings) {
      const changed: ChangedFacts = this.#changed.get(id) ?? new Map();
      if (reading.isKnown && changed.size === 0) continue;
      if (breather.isDue()) await breather.pause();
      throwIfCancelled(signal);
      const replaced = reading.update(files, changed);
      this.#changed.delete(id);
      const known = this.#replaced.get(id) ?? new Map<string, Share>();
      for (const [uri, share] of replaced) if (!known.has(uri)) known.set(uri, share);
      this.#replaced.set(id, known);
    }
    this.#built = this.#assemble(files);
    this.#replaced.clear();
    this.#version = version;
    return this.#built;
  }

  #note(changed: ReadonlyMap<string, ChangedFacts>): void {
    for (const [id, facts] of changed) {
      const known = this.#changed.get(id) ?? new Map<string, Uint8Array | null>();
      for (const [uri, before] of facts) if (!known.has(uri)) known.set(uri, before);
      this.#changed.set(id, known);
    }
  }

  #assemble(files: SourceFiles): BuiltCatalog {
    const before = this.#built?.catalog ?? null;
    const models = this.#all("models");
    const merger = new Merger(models);
    const affected = before && this.#affectedFiles();
    const uris = affected ?? this.#uris();
    const parts = [...this.#readings.values()].map((reading) => shareOf(reading, uris));
    let held: ReadonlyMap<string, readonly ModelUse[]> | null = null;
    const merged = merger.merge(parts, (uri) => {
      if (!before || !affected || affected.has(uri)) return [];
      held ??= Map.groupBy(before.uses(), (use) => use.uri);
      return held.get(uri) ?? [];
    });
    const lists = affected ? withHeld(before, affected, merged) : merged;
    const gaps = [...this.#gaps(), ...files.gaps()];
    const skipped = files.skipped();
    for (const { uri, reason } of skipped) {
      if (reason !== "missing") continue;
      gaps.push({ what: `the folder ${uri}`, why: "It does not exist.", source: null });
    }
    const counts = countsOf(lists);
    const catalog = new Catalog(
      { ...lists, gaps },
      {
        filesSeen: files.uris.length,
        filesParsed: files.parsed,
        skipped,
        stacks: this.#stacks
          .flatMap(({ id, title, tells = [{ id, title }] }) => tells)
          .map(({ id, title }) => ({ id, title, objects: counts.get(id) ?? 0 }))
          .filter(({ objects }) => objects > 0),
      },
    );
    return { catalog, before, replaced: affected };
  }

  /** Files of which something in the catalog may be other than it was. */
  #affectedFiles(): ReadonlySet<string> {
    const changed = new Set([...this.#replaced.values()].flatMap((shares) => [...shares.keys()]));
    const ids = this.#otherModels();
    for (const [id, reading] of this.#readings) {
      if (ids.size > 0 && knowsByTable(id)) for (const uri of reading.uris()) changed.add(uri);
    }
    const affected = new Set(changed);
    for (const route of this.#all("routes")) {
      const named = [...route.modelIds, route.body?.modelId, route.response?.modelId];
      if (
        named.some((id) => id != null && ids.has(id)) ||
        (isTied(route) && filesBehind(route).some((uri) => changed.has(uri)))
      )
        affected.add(route.uri);
    }
    return affected;
  }

  /** Ids of models that came, went, or are to others something else than they were. */
  #otherModels(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const [stack, shares] of this.#replaced) {
      for (const [uri, { models: old }] of shares) {
        const models = this.#readings.get(stack)?.share(uri).models ?? [];
        if (isSameValue(old.map(outlineOf), models.map(outlineOf))) continue;
        for (const { id } of [...old, ...models]) ids.add(id);
      }
    }
    return ids;
  }

  #uris(): ReadonlySet<string> {
    return new Set([...this.#readings.values()].flatMap((reading) => [...reading.uris()]));
  }

  #all<K extends keyof Share>(list: K): Share[K][number][] {
    const all: Share[K][number][] = [];
    for (const reading of this.#readings.values())
      for (const uri of reading.uris()) all.push(...reading.share(uri)[list]);
    return all;
  }

  #gaps(): Gap[] {
    return [...this.#readings.values()].flatMap(({ gaps }) => gaps);
  }
}

/** What of a model decides about tables and ids elsewhere. */
function outlineOf({ id, stack, qualifiedName, table, documents, proxyOf, relations }: Model): unknown {
  const throughs = relations.map(({ through, kind, direction }) => ({ through, kind, direction }));
  return { id, stack, qualifiedName, table, documents, proxyOf, throughs };
}

function shareOf(reading: StackReading, uris: ReadonlySet<string>): Share {
  const parts = [...uris].map((uri) => reading.share(uri)).filter((share) => share !== EMPTY_SHARE);
  return {
    models: parts.flatMap(({ models }) => models),
    routes: parts.flatMap(({ routes }) => routes),
    queries: parts.flatMap(({ queries }) => queries),
    migrations: parts.flatMap(({ migrations }) => migrations),
    uses: parts.flatMap(({ uses }) => uses),
  };
}

/** What a catalog holds outside of some files, and what was found in them. */
function withHeld(before: Catalog, replaced: ReadonlySet<string>, found: Share): Share {
  const holds = ({ uri }: { readonly uri: string }): boolean => !replaced.has(uri);
  return {
    models: [...before.models.filter(holds), ...found.models],
    routes: [...before.routes.filter(holds), ...found.routes],
    queries: [...before.queries.filter(holds), ...found.queries],
    migrations: [...before.migrations.filter(holds), ...found.migrations],
    uses: [...before.uses().filter(holds), ...found.uses],
  };
}

function countsOf(found: Share): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const list of SHARE_LISTS) {
    if (list === "uses") continue;
    for (const { stack } of found[list]) counts.set(stack, (counts.get(stack) ?? 0) + 1);
  }
  return counts;
}
