import { quoted } from "../../database/sql/quote-name.ts";
import type { TableStatistics } from "../../database/statistics/statistics.ts";
import type { OrderKey, TableUse } from "./query-shape.ts";

/** An index that could serve a query. */
export interface IndexCandidate {
  /** As the lab names it: `orders`, `audit.log`. */
  readonly table: string;
  readonly method: "btree" | "gin";
  readonly keys: readonly CandidateKey[];
  /** Columns that are only kept along. */
  readonly include: readonly string[];
  /** Condition of a partial one, as SQL. */
  readonly predicate: string | null;
  /** What of the query it is for, for people: `equality on status, order by placed_at`. */
  readonly serves: string;
}

export interface CandidateKey {
  /** Null for an expression. */
  readonly column: string | null;
  /** The key as SQL, with its order. */
  readonly sql: string;
}

/** Candidates of one reading of a table: more of them cost time and bring little. */
const MOST_PER_USE = 14;
/** Columns of equal values that are worth standing in one index. */
const MOST_EQUAL = 3;
/** A constant is worth a partial index where it is one of few values. */
const FEW_VALUES = 50;

/**
 * Indexes that the conditions, joins and order of a query could use, the plainest first; always the same for the same
 * query and statistics. Whether one pays, the lab says.
 */
export function indexCandidates(
  uses: readonly TableUse[],
  statistics: readonly TableStatistics[],
): readonly IndexCandidate[] {
  const found = new Map<string, IndexCandidate>();
  for (const use of uses) {
    const sized = statistics.find(({ table }) => table === use.table.name);
    for (const candidate of candidatesOf(use, sized).slice(0, MOST_PER_USE)) {
      const key = bodyOf(candidate);
      if (!found.has(key)) found.set(key, candidate);
    }
  }
  return [...found.values()];
}

/** What follows after `ON`: two candidates with equal bodies are one. */
export function bodyOf({ table, method, keys, include, predicate }: IndexCandidate): string {
  const using = method === "btree" ? "" : `USING ${method} `;
  const along = include.length === 0 ? "" : ` INCLUDE (${include.map(quoted).join(", ")})`;
  const where = predicate === null ? "" : ` WHERE ${predicate}`;
  const name = table.split(".").map(quoted).join(".");
  return `${name} ${using}(${keys.map(({ sql }) => sql).join(", ")})${along}${where}`;
}

function candidatesOf(use: TableUse, sized: TableStatistics | undefined): readonly IndexCandidate[] {
  const candidates: IndexCandidate[] = [];
  const { table } = use;
  const distinct = (column: string): number => distinctOf(sized, column);
  const equal = [...use.equal].sort((a, b) => distinct(b) - distinct(a)).slice(0, MOST_EQUAL);
  const joins = [...use.joins];
  const ranges = [...use.ranges].filter((column) => !use.equal.has(column));
  const order = readForwards(use.order.filter(({ column }) => !use.equal.has(column)));

  const add = (
    columns: readonly string[],
    tail: readonly OrderKey[] = [],
    partial: readonly string[] = [],
  ): void => {
    const unique = [...new Set(columns)].filter((column) => tail.every((key) => key.column !== column));
    const keys = [...unique.map(plainKey), ...tail.map(orderKey)];
    if (keys.length === 0) return;
    const predicate = partial.length === 0 ? null : [...partial].sort().join(" AND ");
    const serves = servesText(use, unique, tail, partial);
    candidates.push({ table: table.name, method: "btree", keys, include: [], predicate, serves });
  };

  for (const column of [...equal, ...joins, ...ranges]) add([column]);
  if (equal.length > 1) add(equal);
  if (order.length > 0) {
    add([], order);
    if (equal.length > 0) add(equal, order);
    for (const column of joins) add([...equal, column], order);
  }
  for (const column of ranges) if (equal.length > 0) add([...equal, column]);
  for (const column of joins) {
    if (equal.length === 0 && ranges.length === 0) continue;
    add([column, ...equal, ...ranges.slice(0, 1)]);
    if (equal.length > 0) add([...equal, column]);
  }
  const partial = partialConditions(use, distinct);
  if (partial.length > 0) {
    const named = new Set(partial.map(([, column]) => column));
    const rest = equal.filter((column) => !named.has(column));
    const conditions = partial.map(([sql]) => sql);
    const [range] = ranges.filter((column) => !named.has(column));
    if (order.length > 0) add(rest, order, conditions);
    if (range !== undefined) add([...rest, range], [], conditions);
    if (rest.length > 0 || joins.length > 0) add([...rest, ...joins.slice(0, 1)], [], conditions);
    // Nothing else to look up by: the rows themselves are few.
    else if (order.length === 0 && range === undefined) add([...named].slice(0, 1), [], conditions);
  }
  return [...candidates, ...special(use)];
}

/** An index is read backwards as well as forwards: an order that falls throughout needs none of its own. */
function readForwards(order: readonly OrderKey[]): readonly OrderKey[] {
  const falls = order.every(({ descending, nulls }) => descending && nulls === null);
  return falls ? order.map((key) => ({ ...key, descending: false })) : order;
}

/** Keys that no plain column is: expressions, beginnings of texts, and what columns hold. */
function special(use: TableUse): readonly IndexCandidate[] {
  const base = { table: use.table.name, include: [], predicate: null } as const;
  return [
    ...[...use.expressions].map(
      (sql): IndexCandidate => ({
        ...base,
        method: "btree",
        keys: [{ column: null, sql }],
        serves: `comparison of ${sql}`,
      }),
    ),
    ...[...use.prefixes].flatMap((column): IndexCandidate[] => {
      const opclass = PATTERN_CLASSES[typeOf(use, column)];
      if (opclass === undefined) return [];
      const keys = [{ column, sql: `${quoted(column)} ${opclass}` }];
      return [{ ...base, method: "btree", keys, serves: `pattern on ${column}` }];
    }),
    ...[...use.contained].map(
      (column): IndexCandidate => ({
        ...base,
        method: "gin",
        keys: [plainKey(column)],
        serves: `what ${column} holds`,
      }),
    ),
  ];
}

const PATTERN_CLASSES: Readonly<Record<string, string>> = {
  text: "text_pattern_ops",
  "character varying": "varchar_pattern_ops",
  character: "bpchar_pattern_ops",
};

function typeOf({ table }: TableUse, column: string): string {
  const type = table.columns.find(({ name }) => name === column)?.type ?? "";
  return type.replace(/\(.*\)$/, "");
}

/** Conditions that no value decides, and that leave few rows or few kinds of them. */
function partialConditions(
  { constants, table }: TableUse,
  distinct: (column: string) => number,
): readonly (readonly [sql: string, column: string])[] {
  return [...constants].filter(([sql, column]) => {
    const known = table.columns.find(({ name }) => name === column);
    if (known === undefined) return false;
    if (/ IS (?:NOT )?NULL$/.test(sql)) return known.nullable;
    return known.type === "boolean" || distinct(column) <= FEW_VALUES;
  });
}

/** Distinct values of a column, as far as they are known or guessed. */
function distinctOf(table: TableStatistics | undefined, column: string): number {
  const known = table?.columns.find((candidate) => candidate.column === column);
  if (table === undefined || known === undefined) return Number.POSITIVE_INFINITY;
  return known.distinct >= 0 ? known.distinct : -known.distinct * table.rows;
}

function plainKey(column: string): CandidateKey {
  return { column, sql: quoted(column) };
}

function orderKey({ column, descending, nulls }: OrderKey): CandidateKey {
  const place = nulls === null ? "" : ` NULLS ${nulls.toUpperCase()}`;
  return { column, sql: `${quoted(column)}${descending ? " DESC" : ""}${place}` };
}

function servesText(
  use: TableUse,
  columns: readonly string[],
  tail: readonly OrderKey[],
  partial: readonly string[],
): string {
  const named = (set: ReadonlySet<string>): readonly string[] => columns.filter((column) => set.has(column));
  const equal = named(use.equal);
  const joins = named(use.joins).filter((column) => !equal.includes(column));
  const ranges = named(use.ranges).filter((column) => !equal.includes(column));
  return [
    equal.length > 0 ? `equality on ${equal.join(", ")}` : "",
    joins.length > 0 ? `join on ${joins.join(", ")}` : "",
    ranges.length > 0 ? `range of ${ranges.join(", ")}` : "",
    tail.length > 0 ? `order by ${tail.map(({ column }) => column).join(", ")}` : "",
    partial.length > 0 ? `only rows where ${partial.join(" and ")}` : "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}
