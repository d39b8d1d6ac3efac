import { Catalog, type ReadingReport } from "../catalog.ts";
import { isSameValue } from "../same-value.ts";
import type { Contribution } from "../stacks/stack.ts";
import { Breather } from "./breather.ts";
import { pack, unpack } from "./packed.ts";
import { SHARE_LISTS } from "./share.ts";

/** Lists of a catalog, a part of one or the report, each packed by itself; together a catalog, or what is new in one. */
export type PackedCatalog = readonly Uint8Array<ArrayBuffer>[];

/** What one catalog has that another does not, in the order of the catalog. */
export interface CatalogPatch {
  /** Uris of which nothing that was known holds any more; null: nothing at all does. */
  readonly replaced: readonly string[] | null;
  readonly added: PackedCatalog;
}

type Lists = { -readonly [K in keyof Contribution]: Contribution[K][number][] };
type Chunk =
  | { readonly list: keyof Contribution; readonly items: readonly unknown[] }
  | { readonly report: ReadingReport };

/** Few enough that unpacking them is a short stretch of work. */
const CHUNK_ITEMS = 200;

export async function packCatalog(catalog: Catalog, signal?: AbortSignal): Promise<PackedCatalog> {
  return await packLists(contentOf(catalog), catalog.report, signal);
}

/**
 * What leads from one catalog to another.
 * @param known uris of which something may differ; null: to be found out
 * @throws CANCELLED
 */
export async function diffCatalogs(
  before: Catalog,
  after: Catalog,
  known: ReadonlySet<string> | null,
  signal?: AbortSignal,
): Promise<CatalogPatch> {
  const replaced = known ?? (await differingUris(before, after, signal));
  const all = contentOf(after);
  const isNew = ({ uri }: { readonly uri: string }): boolean => replaced.has(uri);
  const added: Contribution = {
    models: all.models.filter(isNew),
    routes: all.routes.filter(isNew),
    queries: all.queries.filter(isNew),
    migrations: all.migrations.filter(isNew),
    uses: all.uses.filter(isNew),
    gaps: all.gaps,
  };
  return { replaced: [...replaced], added: await packLists(added, after.report, signal) };
}

async function differingUris(
  before: Catalog,
  after: Catalog,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const differing = new Set<string>();
  const breather = new Breather(signal);
  const old = contentOf(before);
  const all = contentOf(after);
  for (const list of SHARE_LISTS) {
    if (breather.isDue()) await breather.pause();
    noteDifferences(old[list], all[list], differing);
  }
  return differing;
}

/** A catalog from its packed form, on top of the one that a patch was made for. Gives way to other work. */
export async function unpackCatalog(patch: CatalogPatch, before: Catalog | null): Promise<Catalog> {
  const breather = new Breather();
  const lists = before ? heldBy(before, patch.replaced) : emptyLists();
  let report: ReadingReport = { filesSeen: 0, filesParsed: 0, skipped: [], stacks: [] };
  for (const bytes of patch.added) {
    if (breather.isDue()) await breather.pause();
    // We packed it ourselves, and what comes from the disk has a checksum.
    const chunk = unpack(bytes) as Chunk;
    if ("report" in chunk) report = chunk.report;
    else (lists[chunk.list] as unknown[]).push(...chunk.items);
  }
  if (breather.isDue()) await breather.pause();
  return new Catalog(lists, report);
}

function emptyLists(): Lists {
  return { models: [], routes: [], queries: [], migrations: [], uses: [], gaps: [] };
}

/** What still holds. Gaps are few and always told anew. */
function heldBy(before: Catalog, replaced: readonly string[] | null): Lists {
  if (replaced === null) return emptyLists();
  const gone = new Set(replaced);
  const holds = ({ uri }: { readonly uri: string }): boolean => !gone.has(uri);
  const { models, routes, queries, migrations, uses } = contentOf(before);
  return {
    models: models.filter(holds),
    routes: routes.filter(holds),
    queries: queries.filter(holds),
    migrations: migrations.filter(holds),
    uses: uses.filter(holds),
    gaps: [],
  };
}

function contentOf(catalog: Catalog): Contribution {
  const { models, routes, queries, migrations, gaps } = catalog;
  return { models, routes, queries, migrations, uses: catalog.uses(), gaps };
}

async function packLists(
  lists: Contribution,
  report: ReadingReport,
  signal: AbortSignal | undefined,
): Promise<PackedCatalog> {
  const breather = new Breather(signal);
  const packed: Uint8Array<ArrayBuffer>[] = [];
  for (const list of [...SHARE_LISTS, "gaps"] as const) {
    const all: readonly unknown[] = lists[list];
    for (let at = 0; at < all.length; at += CHUNK_ITEMS) {
      if (breather.isDue()) await breather.pause();
      packed.push(pack({ list, items: all.slice(at, at + CHUNK_ITEMS) } satisfies Chunk));
    }
  }
  packed.push(pack({ report } satisfies Chunk));
  return packed;
}

/** Uris of what two lists do not share. Both are walked at once by whatever tells their entries apart. */
function noteDifferences(
  before: readonly { readonly uri: string }[],
  after: readonly { readonly uri: string }[],
  found: Set<string>,
): void {
  const old = groupsOf(before);
  for (const [uri, items] of groupsOf(after)) {
    const known = old.get(uri);
    old.delete(uri);
    if (!known || known.length !== items.length || !items.every((item, at) => isSameValue(item, known[at])))
      found.add(uri);
  }
  for (const uri of old.keys()) found.add(uri);
}

function groupsOf(
  items: readonly { readonly uri: string }[],
): Map<string, readonly { readonly uri: string }[]> {
  const groups = new Map<string, { readonly uri: string }[]>();
  for (const item of items) {
    const group = groups.get(item.uri);
    if (group) group.push(item);
    else groups.set(item.uri, [item]);
  }
  return groups;
}
