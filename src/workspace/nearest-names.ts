import { compareText } from "./source.ts";

/** What is longer than this was not mistyped, and would take long to compare. */
const LONGEST_NAME = 300;

/** At most `limit` names close to the wanted one (edit distance, or one contains the other), best first. */
export function nearestNames(wanted: string, names: readonly string[], limit = 5): readonly string[] {
  if (wanted.length > LONGEST_NAME) return [];
  const target = wanted.toLowerCase();
  const allowed = Math.max(2, Math.floor(target.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: closeness(target, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || compareText(a.name, b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

function closeness(a: string, b: string): number {
  if (a.length >= 3 && b.length >= 3 && (b.includes(a) || a.includes(b))) return 1;
  return editDistance(a, b);
}

/** Optimal string alignment distance: a swap of neighbours counts one, as people mistype. */
function editDistance(a: string, b: string): number {
  let previous: number[] = [];
  let current = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const beforePrevious = previous;
    previous = current;
    current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current[j] = value;
    }
  }
  return current[b.length] ?? 0;
}
