/** Where a word of a name begins: `orders.OrderLine`, `order_lines`, `GET /api/orders/`. */
const WORD_STARTS = /(?<=^|[^\p{L}\p{N}])[\p{L}\p{N}]|(?<=\p{Ll})\p{Lu}/gu;
/** What a name must begin with, or hold, costs nothing; letters in between cost this much each, up to a whole step. */
const GAP = 0.02;

/**
 * How well what was typed fits a name: 0 is the name itself, then its beginning, the beginning of a word of it, any part
 * of it, and last its letters in their order with others between them. Null when it does not fit.
 */
export function nameFit(typed: string, name: string): number | null {
  const wanted = typed.toLowerCase();
  const lower = name.toLowerCase();
  if (wanted === lower) return 0;
  if (lower.startsWith(wanted)) return 1;
  for (const { index } of name.matchAll(WORD_STARTS)) if (lower.startsWith(wanted, index)) return 2;
  if (lower.includes(wanted)) return 3;
  const gaps = gapsIn(wanted, lower);
  return gaps === null ? null : 4 + Math.min(1, gaps * GAP);
}

/** Letters between those of `wanted`; null when they do not stand in `name` in this order. */
function gapsIn(wanted: string, name: string): number | null {
  let at = name.indexOf(wanted[0] ?? "");
  if (at < 0) return null;
  let gaps = 0;
  for (const letter of wanted.slice(1)) {
    const next = name.indexOf(letter, at + 1);
    if (next < 0) return null;
    gaps += next - at - 1;
    at = next;
  }
  return gaps;
}
