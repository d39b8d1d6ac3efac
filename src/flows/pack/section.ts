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
  estimate: (fitted: FittedSections) => number,
): FittedSections {
  let fitted: FittedSections = { kept: sections, dropped: [] };
  for (let size = estimate(fitted); size > budget; size = estimate(fitted)) {
    const victim = firstToGo(fitted.kept);
    if (!victim) break;
    const kept = fitted.kept.filter((section) => section !== victim);
    const saved = size - estimate({ kept, dropped: fitted.dropped });
    const reason = `over the budget of ${budget} tokens; about ${saved} tokens`;
    fitted = { kept, dropped: [...fitted.dropped, { section: victim.key, reason }] };
  }
  return fitted;
}

/** The section with the highest rank; of several with one rank the first. Null when all the rest must stay. */
function firstToGo(sections: readonly Section[]): Section | null {
  let victim: Section | null = null;
  for (const section of sections) {
    if (section.dropRank === null) continue;
    if (victim === null || section.dropRank > (victim.dropRank ?? 0)) victim = section;
  }
  return victim;
}
