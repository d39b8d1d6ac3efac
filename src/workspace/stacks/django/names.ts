import { createHash } from "node:crypto";

/** PostgreSQL's limit for a name. */
const MAX_NAME = 63;

/** First characters of the MD5 over the parts: how Django makes its names unique. */
function digest(parts: readonly string[], length: number): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, length);
}

/** Name that Django's schema editor gives to an index or constraint of its own: `_uniq`, `_like`, "" for a plain index. */
export function schemaEditorName(table: string, columns: readonly string[], suffix: string): string {
  const hashed = `${digest([table, ...columns], 8)}${suffix}`;
  const joined = columns.join("_");
  const name = `${table}_${joined}_${hashed}`;
  if (name.length <= MAX_NAME) return name;
  const ending = hashed.length > MAX_NAME / 3 ? hashed.slice(0, Math.floor(MAX_NAME / 3)) : hashed;
  const rest = Math.floor((MAX_NAME - ending.length) / 2) - 1;
  const shortened = `${table.slice(0, rest)}_${joined.slice(0, rest)}_${ending}`;
  return /^[_0-9]/.test(shortened) ? `D${shortened.slice(0, -1)}` : shortened;
}

/** Name that `Index` takes when none is given; columns with a leading `-` where they descend. */
export function indexName(table: string, columns: readonly string[], suffix: string): string {
  const plain = table.includes(".") ? table.slice(table.lastIndexOf(".") + 1) : table;
  const first = (columns[0] ?? "").replace(/^-/, "");
  const name = `${plain.slice(0, 11)}_${first.slice(0, 7)}_${digest([plain, ...columns, suffix], 6)}_${suffix}`;
  return /^[_0-9]/.test(name) ? `D${name.slice(1)}` : name;
}

/** Tables whose name would be too long are cut as Django does it: the end replaced by a hash. */
export function truncatedName(name: string, length = MAX_NAME): string {
  if (name.length <= length) return name;
  return `${name.slice(0, length - 4)}${digest([name], 4)}`;
}
