/** A part of a prompt's data. Sections keep their order; over budget they go by `dropRank`, highest first. */
export interface Section {
  /** Stable word used in `dropped` and in the fence: `fields`, `callers`. */
  readonly key: string;
  readonly title: string;
  readonly text: string;
  /** Null is never dropped. */
  readonly dropRank: number | null;
}

export interface FittedSections {
  readonly kept: readonly Section[];
  readonly dropped: readonly { readonly section: string; readonly reason: string }[];
}

/**
 * Drops whole sections in their fixed order until the estimate fits. What can never be dropped stays, even when it
 * alone is over the budget: the estimate says so.
 */
export function fitSections(
  sections: readonly Section[],
  budget: number,
  estimate: (sections: readonly Section[]) => number,
): FittedSections {
  let kept = sections;
  const dropped: { section: string; reason: string }[] = [];
  let size = estimate(kept);
  while (size > budget) {
    const victim = kept.reduce<Section | null>(
      (worst, section) =>
        section.dropRank !== null && (worst === null || section.dropRank > (worst.dropRank ?? 0))
          ? section
          : worst,
      null,
    );
    if (!victim) break;
    const smaller = kept.filter((section) => section !== victim);
    const nextSize = estimate(smaller);
    dropped.push({
      section: victim.key,
      reason: `over the budget of ${budget} tokens; about ${size - nextSize} tokens`,
    });
    kept = smaller;
    size = nextSize;
  }
  return { kept, dropped };
}
