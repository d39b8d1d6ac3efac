import type { ModelUse } from "../../workspace/ir/reference.ts";

const TEST_FILE =
  /(?:^|\/)(?:tests?|__tests__|specs?|fixtures)\/|(?:^|\/)(?:test_[^/]*|conftest\.py$)|[._](?:test|spec)\.[a-z]+$/i;

/**
 * The uses worth showing when not all fit: one of each function before a second of any, product code before tests, in
 * the catalog's order otherwise.
 */
export function representativeUses(uses: readonly ModelUse[], limit: number): readonly ModelUse[] {
  const ranked: ModelUse[][] = [[], [], [], []];
  const seen = new Set<string>();
  for (const use of uses) {
    const place = `${use.uri}\u0000${use.within ?? ""}`;
    const rank = (TEST_FILE.test(use.uri) ? 2 : 0) + (seen.has(place) ? 1 : 0);
    seen.add(place);
    ranked[rank]?.push(use);
  }
  return ranked.flat().slice(0, limit);
}
