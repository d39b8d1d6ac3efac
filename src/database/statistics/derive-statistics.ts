import type { LabColumn, LabTable } from "../lab.ts";
import { guessRows } from "./guess-rows.ts";
import type { ColumnStatistics, KnownColumn, KnownTable, Statistics, TableStatistics } from "./statistics.ts";

/** Columns that say when a row was made: their order on disk is that of their values. */
const MADE_AT =
  /^(?:created|inserted|added|placed|ordered|logged|recorded|occurred|published|joined|date_joined|timestamp|created_on|created_date)(?:_?(?:at|on|date|time))?$|^createdat$/i;
/** Columns that are mostly empty where they may be: what happens to few rows, or at the end of their life. */
const RARE =
  /(?:deleted|removed|archived|cancell?ed|banned|blocked|revoked|expired|failed|closed|refunded|disabled)_?(?:at|on|date)?$/i;

const SPREAD_INTEGER = 1_000;
const SPREAD_TEXT = 0.2;
const BUCKETS = 100;

/**
 * What the planner is told about each table: what a person's statistics say, and for the rest what types, keys and names
 * suggest. Every table says how much of it is known.
 */
export function deriveStatistics(
  tables: readonly LabTable[],
  known: Statistics | null,
  choices: Readonly<Record<string, readonly string[]>>,
): readonly TableStatistics[] {
  const measured = new Map(known?.tables.map((table) => [table.table, table]));
  const guesses = guessRows(tables);
  const rowsOf = (table: string): number => measured.get(table)?.rows ?? guesses.get(table) ?? 0;
  return tables.map((table) => {
    const own = measured.get(table.name) ?? null;
    const rows = rowsOf(table.name);
    const columns = table.columns.map((column) => {
      const facts = own?.columns.find((candidate) => candidate.column === column.name);
      const derived = deriveColumn(
        table,
        column,
        rows,
        rowsOf,
        choices[`${table.name}.${column.name}`] ?? [],
      );
      return facts === undefined ? derived : measuredColumn(facts, derived, rows);
    });
    return {
      table: table.name,
      rows,
      rowsFrom: own === null ? "guess" : "statistics",
      columnsFrom: coversColumns(own, table) ? "statistics" : "schema",
      columns,
    };
  });
}

/** Whether most columns were measured; a column that was added since leaves the rest what it is. */
function coversColumns(known: KnownTable | null, table: LabTable): boolean {
  if (known === null) return false;
  const names = new Set(known.columns.map(({ column }) => column));
  return table.columns.filter(({ name }) => names.has(name)).length * 2 > table.columns.length;
}

/** The values stay in the database they were measured in; these stand for them, as often as they are there. */
function measuredColumn(facts: KnownColumn, derived: ColumnStatistics, rows: number): ColumnStatistics {
  const { commonFractions } = facts;
  const names = derived.common?.values ?? [];
  const labels = names.length >= commonFractions.length ? names : null;
  const values =
    labels ?? standIns(derived, commonFractions.length, Math.max(2, distinctCount(facts.distinct, rows)));
  return {
    column: facts.column,
    nullFraction: facts.nullFraction,
    averageWidth: facts.averageWidth,
    distinct: facts.distinct,
    common:
      values === null || commonFractions.length === 0
        ? null
        : { values: values.slice(0, commonFractions.length), fractions: commonFractions },
    histogram: derived.histogram,
    correlation: facts.correlation,
  };
}

function distinctCount(distinct: number, rows: number): number {
  return distinct < 0 ? -distinct * rows : distinct;
}

/** Values of the column's kind for common ones whose names are not known; null when none can be made up. */
function standIns(derived: ColumnStatistics, count: number, distinct: number): readonly string[] | null {
  const bounds = derived.histogram;
  if (bounds === null || count === 0) return null;
  const step = Math.max(1, Math.floor(bounds.length / Math.min(count, distinct)));
  const chosen = bounds.filter((_, index) => index % step === 0).slice(0, count);
  return chosen.length === count ? chosen : null;
}

function deriveColumn(
  table: LabTable,
  column: LabColumn,
  rows: number,
  rowsOf: (table: string) => number,
  choices: readonly string[],
): ColumnStatistics {
  const nullFraction = column.nullable ? (RARE.test(column.name) ? 0.95 : 0.1) : 0;
  const base = {
    column: column.name,
    nullFraction,
    averageWidth: widthOf(column),
    common: null,
    histogram: null,
    correlation: null,
  };
  const values = column.labels.length > 0 ? column.labels : choices;
  if (values.length > 0) {
    return { ...base, distinct: values.length, common: commonOf(values, 1 - nullFraction), correlation: 0.2 };
  }
  if (/^bool/.test(column.type)) {
    return { ...base, distinct: 2, common: commonOf(["f", "t"], 1 - nullFraction), correlation: 0.5 };
  }
  const isUnique = table.uniqueKeys.some((key) => key.length === 1 && key[0] === column.name);
  const parent = table.foreignKeys.find((key) => key.columns.length === 1 && key.columns[0] === column.name);
  if (isUnique) {
    const rising = column.name === table.primaryKey[0] && isInteger(column.type);
    return { ...base, distinct: -1, histogram: spread(column.type, rows), correlation: rising ? 1 : 0 };
  }
  if (parent !== undefined) {
    const distinct = Math.max(1, Math.min(rows, rowsOf(parent.target)));
    return { ...base, distinct, histogram: spread(column.type, distinct), correlation: 0.1 };
  }
  if (isMoment(column.type)) {
    const rising = MADE_AT.test(column.name);
    return {
      ...base,
      distinct: /^date$/.test(column.type) ? 1_000 : -0.9,
      histogram: spread(column.type, rows),
      correlation: rising ? 0.98 : 0.3,
    };
  }
  if (isInteger(column.type) || /^(?:numeric|real|double)/.test(column.type)) {
    return {
      ...base,
      distinct: Math.min(SPREAD_INTEGER, Math.max(1, rows)),
      histogram: spread(column.type, SPREAD_INTEGER),
      correlation: 0.05,
    };
  }
  if (/^json/.test(column.type)) return { ...base, distinct: -0.5 };
  return { ...base, distinct: -SPREAD_TEXT, histogram: spread(column.type, rows), correlation: 0.05 };
}

/** Values that fall off by half from one to the next, but none is rare: what a status is like that nobody counted. */
function commonOf(values: readonly string[], all: number): ColumnStatistics["common"] {
  const weights = values.map((_, index) => 1 / (index + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { values, fractions: weights.map((weight) => Math.round((weight / sum) * all * 1e6) / 1e6) };
}

/** Bounds that share the values evenly between the ends; null for types whose order says nothing here. */
function spread(type: string, distinct: number): readonly string[] | null {
  const points = Math.max(2, Math.min(BUCKETS + 1, Math.floor(distinct)));
  const at = (map: (share: number) => string): readonly string[] =>
    Array.from({ length: points }, (_, index) => map(index / (points - 1)));
  if (isInteger(type)) return at((share) => String(1 + Math.round(share * Math.max(points, distinct - 1))));
  if (/^(?:numeric|real|double)/.test(type)) return at((share) => String(1 + Math.round(share * 10_000)));
  if (/^timestamp/.test(type)) return at((share) => new Date(FIRST_DAY + share * DAYS * DAY).toISOString());
  if (type === "date") {
    return distinctSorted(at((share) => new Date(FIRST_DAY + share * DAYS * DAY).toISOString().slice(0, 10)));
  }
  if (type === "uuid") return at((share) => uuidAt(share));
  if (/^(?:text|citext|character|varchar|name)/.test(type)) return distinctSorted(at(wordAt));
  return null;
}

function distinctSorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

const DAY = 86_400_000;
/** Three years that do not move: the same input gives the same plan. */
const FIRST_DAY = Date.UTC(2023, 0, 1);
const DAYS = 1_095;

const LETTERS = 26;

/** Three letters: words that share the alphabet evenly, in the order of every collation. */
function wordAt(share: number): string {
  const place = Math.round(share * (LETTERS ** 3 - 1));
  return [LETTERS ** 2, LETTERS, 1]
    .map((unit) => String.fromCharCode(97 + (Math.floor(place / unit) % LETTERS)))
    .join("");
}

function uuidAt(share: number): string {
  const head = Math.round(share * 0xffffffff)
    .toString(16)
    .padStart(8, "0");
  return `${head}-0000-4000-8000-000000000000`;
}

function isInteger(type: string): boolean {
  return /^(?:smallint|integer|bigint)$/.test(type);
}

function isMoment(type: string): boolean {
  return /^(?:timestamp|date)/.test(type);
}

/** Average bytes of a value by its type. */
function widthOf({ type, name }: LabColumn): number {
  const limit = Number(/\((\d+)\)/.exec(type)?.[1] ?? 0);
  switch (type.replace(/\(.*\)/, "")) {
    case "boolean":
      return 1;
    case "smallint":
      return 2;
    case "integer":
    case "real":
    case "date":
      return 4;
    case "bigint":
    case "double precision":
    case "timestamp without time zone":
    case "timestamp with time zone":
    case "money":
      return 8;
    case "uuid":
    case "interval":
      return 16;
    case "numeric":
      return 7;
    case "inet":
    case "cidr":
      return 9;
    case "character varying":
    case "character":
      return Math.max(2, Math.min(limit === 0 ? 32 : Math.ceil(limit / 3), 60)) + 1;
    case "text":
    case "citext":
      return /(?:body|text|content|description|comment|message|html|note)/i.test(name) ? 300 : 33;
    case "json":
    case "jsonb":
      return 200;
    case "bytea":
      return 200;
    default:
      return 16;
  }
}
