import type { SqlDialect } from "../../ir/query.ts";
import type { ConstraintState, IndexState, TableState } from "./table-state.ts";

/** PostgreSQL's NAMEDATALEN - 1, in bytes; names are nearly always ASCII. */
export const LONGEST_NAME = 63;

const SUFFIXES: Readonly<Record<ConstraintState["kind"], string>> = {
  "primary-key": "pkey",
  unique: "key",
  "foreign-key": "fkey",
  check: "check",
  exclusion: "excl",
};

/** The name the database gives a constraint without one, so that a later DROP CONSTRAINT finds it; null when it has none. */
export function impliedConstraintName(
  table: TableState,
  constraint: Pick<ConstraintState, "kind" | "columns" | "expression">,
  dialect: SqlDialect,
): string | null {
  const taken = new Set(table.constraints.map(({ name }) => name));
  if (dialect === "mysql") return mysqlName(table, constraint, taken);
  if (dialect === "sqlite") return null;
  const columns =
    constraint.kind === "primary-key"
      ? []
      : constraint.kind === "check" && constraint.columns.length === 0
        ? soleColumn(table, constraint.expression ?? "")
        : constraint.columns;
  return unused(objectName(table.name, columns.join("_"), SUFFIXES[constraint.kind]), taken);
}

export function impliedIndexName(
  table: TableState,
  parts: IndexState["parts"],
  dialect: SqlDialect,
): string | null {
  if (dialect === "sqlite") return null;
  const taken = new Set(table.indexes.map(({ name }) => name));
  if (dialect === "mysql") return unused(parts[0]?.column ?? "functional_index", taken, "_", 2);
  const words = parts.map(
    ({ column, expression }) => column ?? /^(\w+)\s*\(/.exec(expression ?? "")?.[1] ?? "expr",
  );
  return unused(objectName(table.name, words.join("_"), "idx"), taken);
}

function mysqlName(
  table: TableState,
  { kind, columns }: Pick<ConstraintState, "kind" | "columns">,
  taken: ReadonlySet<string | null>,
): string | null {
  if (kind === "primary-key") return "PRIMARY";
  if (kind === "unique") return unused(columns[0] ?? "key", taken, "_", 2);
  const word = kind === "foreign-key" ? "ibfk" : "chk";
  return unused(`${table.name}_${word}_1`, taken);
}

/** PostgreSQL cuts the longer of both parts until all fit. */
function objectName(table: string, columns: string, suffix: string): string {
  let first = table;
  let second = columns;
  const room = LONGEST_NAME - suffix.length - 1 - (second === "" ? 0 : 1);
  while (first.length + second.length > room) {
    if (first.length > second.length) first = first.slice(0, -1);
    else second = second.slice(0, -1);
  }
  return [first, second, suffix].filter((part) => part !== "").join("_");
}

function unused(name: string, taken: ReadonlySet<string | null>, join = "", from = 1): string {
  if (!taken.has(name)) return name;
  const stem = /_(?:ibfk|chk)_1$/.test(name) ? name.slice(0, -1) : name;
  for (let number = from; ; number++) {
    const candidate = `${stem}${join}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** The column of a check that speaks of one column only. */
function soleColumn(table: TableState, expression: string): readonly string[] {
  const words = new Set(expression.replace(/'(?:[^']|'')*'/g, "").match(/[A-Za-z_]\w*/g) ?? []);
  const columns = table.columns.filter(({ name }) => words.has(name));
  return columns.length === 1 && columns[0] ? [columns[0].name] : [];
}
