import { AksaraError } from "../../errors.ts";
import type { FlowContext } from "../../protocol/action.ts";
import { type Catalog, hintFor } from "../../workspace/catalog.ts";
import { hashText } from "../../workspace/hash.ts";
import type { Query, SqlDialect } from "../../workspace/ir/query.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";

const DIALECTS: readonly SqlDialect[] = ["postgresql", "mysql", "sqlite", "unknown"];

/** What a query action works on: a query of the catalog, or SQL given by hand. */
export interface QueryTarget {
  /** Null for SQL given by hand. */
  readonly query: Query | null;
  readonly id: string;
  readonly name: string;
  /** Null for an ORM call that has no exact SQL. */
  readonly sql: string | null;
  readonly dialect: SqlDialect;
  /** Names of tables or models it reads or writes. */
  readonly tables: readonly string[];
}

/** @throws CONTEXT_NOT_FOUND with the nearest queries or for an unknown dialect, AMBIGUOUS_TARGET */
export function queryTarget(catalog: Catalog, context: FlowContext): QueryTarget {
  const dialect = dialectOf(context.dialect);
  if (context.query_id) {
    const query = findQuery(catalog, context.query_id);
    return {
      query,
      id: query.id,
      name: query.name,
      sql: query.sql,
      dialect: dialect ?? query.dialect,
      tables: query.tables,
    };
  }
  const sql = context.sql?.trim() ?? "";
  if (sql === "") {
    throw new AksaraError("CONTEXT_NOT_FOUND", "No query was given.", {
      hint: "Give the SQL itself, or the id of a query of the catalog.",
    });
  }
  return {
    query: null,
    id: `query:sql:${hashText(sql)}`,
    name: sql.replace(/\s+/g, " ").slice(0, 60),
    sql,
    dialect: dialect ?? dominantDialect(catalog),
    tables: tablesIn(sql),
  };
}

function findQuery(catalog: Catalog, id: string): Query {
  const object = catalog.byId(id) ?? catalog.byId(`query:${id}`);
  if (object?.kind === "query") return object;
  const named = catalog.queries.filter((query) => query.name === id);
  if (named[0] && named.length === 1) return named[0];
  if (named.length > 1) {
    const candidates = named.map((query) => query.id);
    throw new AksaraError("AMBIGUOUS_TARGET", `${named.length} queries are called "${id}".`, {
      hint: `Name one of them: ${candidates.join(", ")}.`,
      candidates,
    });
  }
  const near = nearestNames(
    id,
    catalog.queries.flatMap((query) => [query.id, query.name]),
  );
  throw new AksaraError("CONTEXT_NOT_FOUND", `There is no query "${id}" in this workspace.`, {
    hint: hintFor(near, catalog.queries.length, "queries"),
    candidates: near,
  });
}

function dialectOf(text: string | undefined): SqlDialect | null {
  if (!text) return null;
  const wanted =
    { postgres: "postgresql", pg: "postgresql", mariadb: "mysql", sqlite3: "sqlite" }[text.toLowerCase()] ??
    text.toLowerCase();
  const known = DIALECTS.find((dialect) => dialect === wanted);
  if (known) return known;
  throw new AksaraError("CONTEXT_NOT_FOUND", `There is no dialect "${text}".`, {
    hint: "Dialects are postgresql, mysql and sqlite.",
    candidates: ["postgresql", "mysql", "sqlite"],
  });
}

/** The dialect that all queries of the workspace agree on; "unknown" when they do not. */
function dominantDialect(catalog: Catalog): SqlDialect {
  const known = new Set(
    catalog.queries.map((query) => query.dialect).filter((dialect) => dialect !== "unknown"),
  );
  const [only] = known;
  return only !== undefined && known.size === 1 ? only : "unknown";
}

/** Tables that a statement names after FROM, JOIN, INTO, UPDATE, USING; common table expressions left out. */
export function tablesIn(sql: string): readonly string[] {
  const bare = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ").replace(/'(?:[^']|'')*'/g, "''");
  const name = String.raw`(?:"[^"]+"|` + "`[^`]+`" + String.raw`|\[[^\]]+\]|[\p{L}_][\p{L}\p{N}_$]*)`;
  const qualified = `${name}(?:\\.${name})*`;
  const ctes = new Set(
    [...bare.matchAll(new RegExp(`(${name})\\s+AS\\s+(?:NOT\\s+)?(?:MATERIALIZED\\s+)?\\(`, "giu"))].map(
      (match) => unquote(match[1] ?? ""),
    ),
  );
  const found: string[] = [];
  const regex = new RegExp(
    `\\b(?:FROM|JOIN|INTO|UPDATE|USING)\\s+(?:ONLY\\s+|LATERAL\\s+)?(${qualified})(?!\\s*\\()((?:\\s+(?:AS\\s+)?(?!ON\\b|WHERE\\b|JOIN\\b|LEFT\\b|SET\\b)${name})?\\s*,\\s*${qualified})*`,
    "giu",
  );
  for (const match of bare.matchAll(regex)) {
    const list = match[0].replace(/^\S+\s+(?:ONLY\s+|LATERAL\s+)?/i, "").split(",");
    for (const item of list) {
      const first = new RegExp(`^\\s*(${qualified})`, "u").exec(item)?.[1];
      if (first) found.push(first.split(".").map(unquote).join("."));
    }
  }
  return [...new Set(found)].filter(
    (table) => !ctes.has(table) && !/^(?:select|lateral|set|values|only)$/i.test(table),
  );
}

function unquote(name: string): string {
  return /^["`[]/.test(name) ? name.slice(1, -1) : name;
}
