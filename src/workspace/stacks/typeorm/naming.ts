import { createHash } from "node:crypto";

/** How TypeORM names what the source does not name. */
export interface NamingStrategy {
  tableName(className: string): string;
  columnName(property: string, custom: string | null, prefixes: readonly string[]): string;
  joinColumnName(relation: string, referenced: string): string;
  joinTableName(first: string, second: string, property: string): string;
  joinTableColumnName(table: string, column: string): string;
}

/** TypeORM's own strategy. Source: the documentation and behaviour of `DefaultNamingStrategy`. */
export const DEFAULT_NAMING: NamingStrategy = {
  tableName: snakeCase,
  columnName(property, custom, prefixes) {
    const name = custom ?? property;
    return prefixes.length === 0 ? name : camelCase(prefixes.join("_")) + titleCase(name);
  },
  joinColumnName: (relation, referenced) => camelCase(`${relation}_${referenced}`),
  joinTableName: (first, second, property) => snakeCase(`${first}_${property.replace(/\./g, "_")}_${second}`),
  joinTableColumnName: (table, column) => camelCase(`${table}_${column}`),
};

/** `SnakeNamingStrategy` of typeorm-naming-strategies, and the many strategies of that name in projects. */
export const SNAKE_NAMING: NamingStrategy = {
  tableName: snakeCase,
  columnName(property, custom, prefixes) {
    return snakeCase(prefixes.map((prefix) => `${prefix}_`).join("")) + (custom ?? snakeCase(property));
  },
  joinColumnName: (relation, referenced) => snakeCase(`${relation}_${referenced}`),
  joinTableName: (first, second, property) => snakeCase(`${first}_${property.replace(/\./g, "_")}_${second}`),
  joinTableColumnName: (table, column) => snakeCase(`${table}_${column}`),
};

/** The strategy that a class of this name stands for; null when nothing is known of it. */
export function strategyNamed(name: string | null): NamingStrategy | null {
  if (name === null) return DEFAULT_NAMING;
  if (/snake/i.test(name)) return SNAKE_NAMING;
  return /^Default/.test(name) ? DEFAULT_NAMING : null;
}

/** Name of a key or an index: `PK_`, `UQ_`, `FK_`, `REL_`, `IDX_`, `CHK_` and a hash of what it is over. */
export function hashedName(
  kind: "PK" | "UQ" | "FK" | "REL" | "IDX" | "CHK" | "XCL",
  table: string,
  parts: readonly string[],
  where: string | null = null,
): string {
  const key = `${table}_${[...parts].sort().join("_")}${where ? `_${where}` : ""}`;
  const length = kind === "PK" || kind === "UQ" || kind === "FK" ? 27 : 26;
  return `${kind}_${createHash("sha1").update(key).digest("hex").slice(0, length)}`;
}

export function snakeCase(text: string): string {
  return text
    .replace(/([A-Z])([A-Z])([a-z])/g, "$1_$2$3")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

export function camelCase(text: string): string {
  return text.replace(
    /^([A-Z])|[\s\-_](\w)/g,
    (_, first: string | undefined, next: string | undefined) =>
      next?.toUpperCase() ?? (first ?? "").toLowerCase(),
  );
}

function titleCase(text: string): string {
  return text.replace(/\w\S*/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
}
