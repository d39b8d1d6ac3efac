import type { Gap } from "../../ir/entry.ts";
import type { Model } from "../../ir/model.ts";
import type { SqlDialect } from "../../ir/query.ts";
import type { SqlName } from "../../languages/sql/identifier.ts";
import { areRelated, sharedDepth } from "../../project-root.ts";
import { compareText } from "../../source.ts";
import { addReverseRelations, buildModel } from "./build-model.ts";
import { sqlModelId } from "./model-id.ts";
import type { SchemaSource } from "./schema-source.ts";
import type { TableState } from "./table-state.ts";

const PREFERENCE: readonly SqlDialect[] = ["postgresql", "mysql", "sqlite", "unknown"];

/** One database of the workspace: what its migrations and the descriptions of their result say together. */
export class Database {
  readonly path: string;
  readonly root: string;
  readonly dialect: SqlDialect;
  readonly models: readonly Model[];
  readonly gaps: readonly Gap[];
  readonly #ids = new Map<string, string>();
  readonly #sources: readonly SchemaSource[];

  constructor(sources: readonly SchemaSource[], variants: readonly SchemaSource[]) {
    this.#sources = [...sources, ...variants];
    const main = sources.find(({ kind }) => kind === "migrations") ?? sources[0];
    this.path = main?.path ?? "";
    this.root = main?.root ?? "";
    this.dialect = main?.dialect ?? "unknown";
    // A description is the result of the history; where both know a table, it tells how the table is.
    const inOrder = [...sources].sort((a, b) => rank(a) - rank(b) || compareText(a.path, b.path));
    const chosen = new Map<string, { readonly source: SchemaSource; readonly table: TableState }>();
    for (const source of inOrder) {
      for (const [key, table] of source.replay.tables)
        if (!chosen.has(key)) chosen.set(key, { source, table });
    }
    for (const key of chosen.keys()) this.#ids.set(key, sqlModelId(this.path, key));
    const names = { idOf: ({ key }: TableState) => this.#ids.get(key) ?? sqlModelId(this.path, key) };
    const history = sources.filter(({ kind }) => kind === "migrations");
    this.models = addReverseRelations(
      [...chosen.values()].map(({ source, table }) => {
        const model = buildModel(source.replay, table, names);
        const stale = source.kind === "description" ? staleness(table, history) : null;
        return stale ? { ...model, gaps: [...model.gaps, stale] } : model;
      }),
    );
    this.gaps = [
      ...distinctGaps(inOrder.flatMap(({ replay }) => replay.gaps((key) => chosen.has(key)))),
      ...variants.map((variant) => variantGap(variant, this.path)),
    ];
  }

  includes(source: SchemaSource): boolean {
    return this.#sources.includes(source);
  }

  /** Id of the model of a table, by its key. */
  idOfKey(key: string): string | null {
    return this.#ids.get(key) ?? null;
  }

  /** Id of the model of a table as a statement names it. */
  idOf(name: SqlName): string | null {
    for (const { replay } of this.#sources) {
      const id = this.idOfKey(replay.find(name)?.key ?? replay.keyOf(name));
      if (id) return id;
    }
    return null;
  }
}

function rank(source: SchemaSource): number {
  return source.kind === "description" ? 0 : 1;
}

/** What the migrations say of a table and its description does not. */
function staleness(table: TableState, history: readonly SchemaSource[]): Gap | null {
  for (const { replay, created, path } of history) {
    const now = replay.tables.get(table.key);
    if (now) {
      const missing = now.columns.filter(({ name }) => !table.columns.some((column) => column.name === name));
      if (missing.length === 0) continue;
      return {
        what: `${table.name}: ${missing.map(({ name }) => `\`${name}\``).join(", ")}`,
        why: `The migrations in ${path} add this, the description in ${table.uri} does not have it.`,
        source: table.source,
      };
    }
    if (created.has(table.key)) {
      return {
        what: `table ${table.name}`,
        why: `The migrations in ${path} drop or rename it, the description in ${table.uri} still has it.`,
        source: table.source,
      };
    }
  }
  return null;
}

/** A view stands in the history and in the result, and is left out once. */
function distinctGaps(gaps: readonly Gap[]): readonly Gap[] {
  const byText = new Map<string, Gap>();
  for (const gap of gaps) {
    const key = gap.what.replace(/\bview (?:public\.)?/, "view ");
    if (!key.includes("view ")) byText.set(`${key}|${gap.source?.uri}|${gap.source?.range.start.line}`, gap);
    else if (!byText.has(key)) byText.set(key, gap);
  }
  return [...byText.values()];
}

function variantGap(variant: SchemaSource, path: string): Gap {
  return {
    what: `tables of ${variant.path} (${variant.dialect})`,
    why: `They are the same tables as those of ${path || "the workspace"} for another database; the catalog shows each table once.`,
    source: null,
  };
}

/**
 * Puts the sources of one database together: those of one project that share at least half of the smaller one's tables.
 * A source in another dialect is a variant of the same schema.
 */
export function findDatabases(sources: readonly SchemaSource[]): readonly Database[] {
  const ordered = [...sources].sort(
    (a, b) =>
      rank(b) - rank(a) ||
      PREFERENCE.indexOf(a.dialect) - PREFERENCE.indexOf(b.dialect) ||
      b.replay.tables.size - a.replay.tables.size ||
      compareText(a.path, b.path),
  );
  const groups: SchemaSource[][] = [];
  for (const source of ordered) {
    const fitting = groups
      .filter((group) => group.some((member) => describeSame(member, source)))
      .sort((a, b) => nearness(b, source) - nearness(a, source));
    if (fitting[0]) fitting[0].push(source);
    else groups.push([source]);
  }
  return groups.map((group) => {
    const dialect = group.find((source) => source.dialect !== "unknown")?.dialect ?? "unknown";
    const history = group.find(({ kind }) => kind === "migrations");
    const isVariant = (source: SchemaSource) =>
      (source.dialect !== dialect && source.dialect !== "unknown") ||
      (source.kind === "migrations" && source !== history);
    return new Database(
      group.filter((source) => !isVariant(source)),
      group.filter(isVariant),
    );
  });
}

function nearness(group: readonly SchemaSource[], source: SchemaSource): number {
  return Math.max(...group.map(({ path }) => sharedDepth(path, source.path)));
}

function describeSame(a: SchemaSource, b: SchemaSource): boolean {
  const isVariant = a.dialect !== b.dialect && withoutDialect(a.path) === withoutDialect(b.path);
  if (!isVariant && !areRelated(a.root, b.root)) return false;
  // Migrations of two folders are two histories, unless they are written for two dialects.
  if (a.kind === "migrations" && b.kind === "migrations" && a.dialect === b.dialect) return false;
  const smaller = a.created.size <= b.created.size ? a : b;
  const larger = smaller === a ? b : a;
  if (smaller.created.size === 0) return false;
  const shared = [...smaller.created].filter((key) => larger.created.has(key)).length;
  return shared * 2 >= smaller.created.size;
}

/** `jdbc-mysql/migrations/mysql` and `jdbc-postgres/migrations/postgres` differ in the names of the databases only. */
function withoutDialect(path: string): string {
  return path
    .toLowerCase()
    .replace(/\b(?:postgres(?:ql)?|pg|mysql|mariadb|sqlite3?|h2|cockroach(?:db)?|mssql|oracle)\b/g, "*");
}

/** The database that a file most likely talks to: the nearest one that knows the tables it names. */
export function databaseFor(
  databases: readonly Database[],
  uri: string,
  tables: readonly SqlName[],
): Database | null {
  let best: Database | null = null;
  let bestScore = -1;
  for (const database of databases) {
    const known = tables.filter((name) => database.idOf(name) !== null).length;
    if (tables.length > 0 && known === 0) continue;
    const score =
      known * 1000 + sharedDepth(database.root, uri) * 10 + (areRelated(database.root, uri) ? 5 : 0);
    if (score > bestScore) {
      best = database;
      bestScore = score;
    }
  }
  return best;
}
