import type { LabIndex } from "./lab-indexes.ts";

/**
 * An index that makes a new one superfluous: the same table, method, keys, order and condition. A unique index is none
 * less for a plan; one that is not unique does not do what a unique one does.
 */
export function duplicateOf(added: LabIndex, existing: readonly LabIndex[]): LabIndex | null {
  return (
    existing.find(
      (index) =>
        index.table === added.table &&
        index.definition === added.definition &&
        (index.unique || !added.unique),
    ) ?? null
  );
}

/** An existing index that begins with the same column as a new one. */
export interface Overlap {
  readonly index: string;
  readonly keys: readonly string[];
  /** Leading keys that both have, in the same order. */
  readonly shared: number;
  /** `contained`: the new one begins with all of its keys, so it may be superfluous then; `longer`: the other way. */
  readonly relation: "contained" | "longer" | "crossing";
}

/** Existing indexes of the same table and method that begin with the same column, those that share most first. */
export function overlapsOf(added: LabIndex, existing: readonly LabIndex[]): readonly Overlap[] {
  return existing
    .filter(({ table, method }) => table === added.table && method === added.method)
    .map(({ name: index, keys }) => ({ index, keys, shared: sharedKeys(keys, added.keys) }))
    .filter(({ shared }) => shared > 0)
    .map(({ index, keys, shared }) => {
      const relation =
        shared === keys.length ? "contained" : shared === added.keys.length ? "longer" : "crossing";
      return { index, keys, shared, relation } as const;
    })
    .sort((a, b) => b.shared - a.shared);
}

function sharedKeys(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((key, index) => key !== b[index]);
  return differs < 0 ? a.length : differs;
}
