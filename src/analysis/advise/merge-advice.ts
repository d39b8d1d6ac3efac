import type { AdvisedIndex } from "../../protocol/index-advice.ts";

/** An index and everything that it pays for. */
export interface MergedIndex<Query> {
  readonly index: AdvisedIndex;
  readonly queries: readonly Query[];
}

/**
 * Every index once, with the queries that it pays for; those that pay for most come first. One that is the beginning of
 * another is left out: its queries are served by the longer one.
 */
export function mergeAdvice<Query>(
  advised: readonly { readonly query: Query; readonly indexes: readonly AdvisedIndex[] }[],
): readonly MergedIndex<Query>[] {
  const entries = advised.flatMap(({ query, indexes }) => indexes.map((index) => ({ index, query })));
  const distinct = [...Map.groupBy(entries, ({ index }) => index.ddl).values()].flatMap((same) =>
    same.slice(0, 1),
  );
  const kept = distinct.filter(
    ({ index }) => !distinct.some((other) => other.index !== index && isBeginning(index, other.index)),
  );
  return kept
    .map(({ index }) => ({
      index,
      queries: entries
        .filter((entry) => entry.index.ddl === index.ddl || isBeginning(entry.index, index))
        .map(({ query }) => query),
    }))
    .sort((a, b) => b.queries.length - a.queries.length || savedBy(b.index) - savedBy(a.index));
}

function isBeginning(short: AdvisedIndex, long: AdvisedIndex): boolean {
  return (
    short.table === long.table &&
    short.method === "btree" &&
    long.method === "btree" &&
    short.predicate === null &&
    long.predicate === null &&
    short.include.length === 0 &&
    short.keys.length < long.keys.length &&
    short.keys.every((key, position) => long.keys[position] === key)
  );
}

function savedBy({ cost_before, cost_after }: AdvisedIndex): number {
  return cost_before - cost_after;
}
