import type { Finding } from "../protocol/finding.ts";
import type { Catalog } from "../workspace/catalog.ts";
import type { CatalogEntry } from "../workspace/ir/entry.ts";
import type { SourceRef } from "../workspace/source.ts";

/** One deterministic check over the catalog. A rule that cannot judge an object says nothing about it. */
export interface Rule {
  /** `<area>/<name>`, stable: suppressions and baselines refer to it. */
  readonly id: string;
  readonly title: string;
  check(catalog: Catalog): Iterable<Finding>;
}

export interface FindingParts {
  readonly rule: string;
  readonly severity: Finding["severity"];
  readonly message: string;
  readonly object: CatalogEntry;
  /** What distinguishes two findings of this rule about one object: a column, an operation's position. */
  readonly detail: string;
  readonly source: SourceRef;
  readonly evidence: readonly string[];
  readonly fix: string | null;
  readonly notChecked: string | null;
}

/** A finding founded on the source alone (T0). */
export function finding(parts: FindingParts): Finding {
  const { start, end } = parts.source.range;
  return {
    id: `${parts.rule}:${parts.object.id}${parts.detail ? `:${parts.detail}` : ""}`,
    rule: parts.rule,
    severity: parts.severity,
    message: parts.message,
    object_id: parts.object.id,
    source: {
      uri: parts.source.uri,
      range: { start: { ...start }, end: { ...end } },
      hash: parts.source.hash,
    },
    tier: "T0",
    evidence: [...parts.evidence],
    fix: parts.fix,
    not_checked: parts.notChecked,
  };
}
