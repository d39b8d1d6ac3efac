import { quotedName } from "../../database/lab/table-statistics.ts";
import type { StructureItem } from "./schema-structure.ts";

/** What a new thing of the schema asks of the rows of a table. */
export interface RowCheck {
  readonly kind: "check" | "not-null" | "unique" | "reference" | "exclusion";
  /** As the lab names it. */
  readonly table: string;
  /** As they are written; empty where an expression says more. */
  readonly columns: readonly string[];
  /** Counts, or lists, the rows that break it. */
  readonly query: string;
  /** Changes rows so that they break it, where generated ones do not; the schema may refuse that. */
  readonly stray: readonly string[];
}

const NOT_NULL = /^column (.+)\.("(?:[^"]|"")+"|[^."]+) .+ NOT NULL\b/;
const CHECK = /^check on .+?: CHECK (\(.+\))(?: NOT VALID)?$/s;
const REFERENCE = /^foreign key on .+?: FOREIGN KEY \((.+?)\) REFERENCES ([^\s(]+)\((.+?)\)/;
const UNIQUE = /^unique index on .+?: \w+ \((.+?)\)(?: NULLS NOT DISTINCT)?(?: WHERE (\(.+\)))?$/;

/** What an item asks of rows; nothing for one that asks nothing. */
export function rowChecks({ table, what }: StructureItem): readonly RowCheck[] {
  if (table === null) return [];
  const name = quotedName(table);
  const check = CHECK.exec(what)?.[1];
  if (check !== undefined) {
    const query = `SELECT count(*) FROM ${name} WHERE NOT ${check}`;
    return [{ kind: "check", table, columns: [], query, stray: [] }];
  }
  if (what.startsWith("exclusion on ")) {
    const query = `SELECT * FROM ${name}`;
    return [{ kind: "exclusion", table, columns: [], query, stray: [] }];
  }
  const [, keys, predicate] = UNIQUE.exec(what) ?? [];
  if (keys !== undefined) {
    const where = predicate === undefined ? "" : ` WHERE ${predicate}`;
    const query = `SELECT ${keys}, count(*) FROM ${name}${where} GROUP BY ${keys} HAVING count(*) > 1`;
    const columns = predicate === undefined ? keys.split(", ") : [];
    const same = columns.map((column) => `${column} = (SELECT ${column} FROM ${name} ORDER BY ctid LIMIT 1)`);
    const stray = columns.length === 0 ? [] : [`UPDATE ${name} SET ${same.join(", ")}`];
    return [{ kind: "unique", table, columns, query, stray }];
  }
  const [, columns, target, targetColumns] = REFERENCE.exec(what) ?? [];
  if (columns !== undefined && target !== undefined && targetColumns !== undefined)
    return [referenceCheck(table, columns.split(", "), target, targetColumns.split(", "))];
  const column = NOT_NULL.exec(what)?.[2];
  if (column === undefined) return [];
  const query = `SELECT count(*) FROM ${name} WHERE ${column} IS NULL`;
  return [{ kind: "not-null", table, columns: [column], query, stray: [] }];
}

function referenceCheck(
  table: string,
  columns: readonly string[],
  target: string,
  targetColumns: readonly string[],
): RowCheck {
  const name = quotedName(table);
  const pairs = columns.map((column, index) => `p.${targetColumns[index] ?? column} = c.${column}`);
  const given = columns.map((column) => `c.${column} IS NOT NULL`);
  const query = `SELECT count(*) FROM ${name} c WHERE ${given.join(" AND ")} AND NOT EXISTS (SELECT FROM ${target} p WHERE ${pairs.join(" AND ")})`;
  return { kind: "reference", table, columns, query, stray: [`DELETE FROM ${target}`] };
}
