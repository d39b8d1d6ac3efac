/** `is_default=True`, `points__gte=0`, `deleted_at__isnull=True` between the brackets of a `Q`. */
const LOOKUP =
  /^\s*(\w+?)(?:__(exact|gte|gt|lte|lt|isnull))?\s*=\s*(True|False|-?\d+(?:\.\d+)?|"[^"\\]*"|'[^'\\]*')\s*$/;
const OPERATORS: Readonly<Record<string, string>> = { exact: "=", gte: ">=", gt: ">", lte: "<=", lt: "<" };

/**
 * A condition in Django's words as SQL, for the plain cases that partial indexes and checks are made of: comparisons
 * with a constant, joined by `&` or commas, one of them negated. Null for anything else.
 */
export function djangoPredicate(text: string, columnOf: (field: string) => string | null): string | null {
  const parts = text.split("&").map((part) => partSql(part.trim(), columnOf));
  return parts.includes(null) ? null : parts.join(" AND ");
}

function partSql(text: string, columnOf: (field: string) => string | null): string | null {
  const [, negated, inner] = /^(~?)\s*Q\(([^()]*)\)$/.exec(text) ?? [];
  if (inner === undefined || inner.trim() === "") return null;
  const lookups = inner.split(",").map((lookup) => lookupSql(lookup, columnOf));
  if (lookups.includes(null)) return null;
  const sql = lookups.join(" AND ");
  return negated === "~" ? `NOT (${sql})` : sql;
}

function lookupSql(text: string, columnOf: (field: string) => string | null): string | null {
  const [, field, lookup = "exact", value] = LOOKUP.exec(text) ?? [];
  const column = field === undefined ? null : columnOf(field);
  if (column === null || value === undefined) return null;
  const quoted = `"${column.replaceAll('"', '""')}"`;
  if (lookup === "isnull") return value === "True" ? `${quoted} IS NULL` : `${quoted} IS NOT NULL`;
  if (value === "True" || value === "False") {
    if (lookup !== "exact") return null;
    return value === "True" ? quoted : `NOT ${quoted}`;
  }
  const constant = /^["']/.test(value) ? `'${value.slice(1, -1).replaceAll("'", "''")}'` : value;
  return `${quoted} ${OPERATORS[lookup]} ${constant}`;
}
