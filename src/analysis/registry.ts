import type { Finding } from "../protocol/finding.ts";
import type { Catalog } from "../workspace/catalog.ts";
import { compareText } from "../workspace/source.ts";
import type { Rule } from "./rule.ts";
import { foreignKeyWithoutIndex } from "./rules/foreign-key-without-index.ts";
import { mutatingRouteWithoutGuard } from "./rules/mutating-route-without-guard.ts";
import { nonConcurrentIndex } from "./rules/non-concurrent-index.ts";

/** Every rule that runs. A new rule is one file and one line here. */
export const RULES: readonly Rule[] = [foreignKeyWithoutIndex, mutatingRouteWithoutGuard, nonConcurrentIndex];

/** All findings of all rules, in order of file, position and id. */
export function analyse(catalog: Catalog): readonly Finding[] {
  return RULES.flatMap((rule) => [...rule.check(catalog)]).sort(
    (a, b) =>
      compareText(a.source.uri, b.source.uri) ||
      a.source.range.start.line - b.source.range.start.line ||
      compareText(a.id, b.id),
  );
}
