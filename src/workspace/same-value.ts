/** Whether two values say the same: what JSON is made of, maps and sets in their order; anything else by identity. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => isSameValue(item, b[at]));
  const kind = Object.getPrototypeOf(a);
  if (kind !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map || a instanceof Set)
    return a.size === (b as typeof a).size && isSameValue([...a], [...(b as typeof a)]);
  if (kind !== Object.prototype) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const one = a as Readonly<Record<string, unknown>>;
  const other = b as Readonly<Record<string, unknown>>;
  return keys.every((key) => Object.hasOwn(other, key) && isSameValue(one[key], other[key]));
}
