import { createHash } from "node:crypto";

const MAX_IDENTIFIER = 63;

/** The table name that Flask-SQLAlchemy gives a class: `HTTPLog` → `http_log`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z])/g, (letter) => `_${letter}`).toLowerCase();
}

export interface NamedParts {
  readonly table: string;
  readonly schema: string | null;
  readonly columns: readonly string[];
  readonly referredTable?: string;
  readonly referredColumns?: readonly string[];
  /** Name given in the source, for `%(constraint_name)s`. */
  readonly given?: string | null;
}

export type NamingKind = "ix" | "uq" | "ck" | "fk" | "pk";
export type NamingConvention = Readonly<Partial<Record<NamingKind, string>>>;

/** SQLAlchemy names indexes only. */
export const DEFAULT_CONVENTION: NamingConvention = { ix: "ix_%(column_0_label)s" };

/** The name that a convention gives; null when it gives none, or one that the source does not say. */
export function conventionalName(
  convention: NamingConvention,
  kind: NamingKind,
  parts: NamedParts,
): string | null {
  const template = convention[kind];
  if (template === undefined) return null;
  let complete = true;
  const name = template.replace(/%\((\w+)\)s/g, (_, token: string) => {
    const value = tokenValue(token, parts);
    if (value === null) complete = false;
    return value ?? "";
  });
  return complete ? shortened(name) : null;
}

function tokenValue(token: string, parts: NamedParts): string | null {
  const { table, schema, columns, referredTable, referredColumns, given } = parts;
  if (token === "table_name") return table;
  if (token === "referred_table_name") return referredTable ?? null;
  if (token === "constraint_name") return given ?? null;
  const match = /^(referred_)?column_(\d+)(_?N)?(_?(?:name|label|key))?$/.exec(token);
  if (!match) return null;
  const list = match[1] ? referredColumns : columns;
  const first = list?.[Number(match[2])];
  if (!list || first === undefined) return null;
  const label = (column: string) =>
    match[4]?.endsWith("label") ? [schema, table, column].filter(Boolean).join("_") : column;
  if (match[3] === undefined) return label(first);
  return list.map(label).join(match[3].startsWith("_") ? "_" : "");
}

/** SQLAlchemy shortens names over the limit of the database and adds the end of their MD5. */
export function shortened(name: string): string {
  return name.length <= MAX_IDENTIFIER
    ? name
    : `${name.slice(0, MAX_IDENTIFIER - 8)}_${createHash("md5").update(name).digest("hex").slice(-4)}`;
}
