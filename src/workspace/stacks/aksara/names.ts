/** `HTTPLog` → `http_log`, the way Aksara writes the name of a class in a table name. */
export function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** `category` → `categories`, `box` → `boxes`: the plural that Aksara makes table names of. */
export function plural(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** PostgreSQL cuts longer names; which part of one it keeps is not worth a guess. */
const MAX_IDENTIFIER = 63;

/** A name that PostgreSQL or Aksara gives to a key, an index or a constraint; null where it would be shortened. */
export function givenName(...parts: readonly string[]): string | null {
  const name = parts.join("_");
  return name.length <= MAX_IDENTIFIER ? name : null;
}
