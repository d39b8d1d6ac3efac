import { AksaraError } from "../../errors.ts";
import type { FlowContext } from "../../protocol/action.ts";
import { type Catalog, hintFor } from "../../workspace/catalog.ts";
import { hashText } from "../../workspace/hash.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { Query, SqlDialect } from "../../workspace/ir/query.ts";
import { dialectEvidence, judgeDialect } from "../../workspace/languages/sql/dialect.ts";
import { nameText } from "../../workspace/languages/sql/identifier.ts";
import { readTables } from "../../workspace/languages/sql/tables.ts";
import { tokenize } from "../../workspace/languages/sql/tokenize.ts";
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

/** The tables of a query, as far as the catalog knows them. */
export interface QueryTables {
  readonly models: readonly Model[];
  /** Tables the catalog does not know. */
  readonly unknown: readonly string[];
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
  const judged = dialect ?? judgedDialect(sql, catalog);
  return {
    query: null,
    id: `query:sql:${hashText(sql)}`,
    name: sql.replace(/\s+/g, " ").slice(0, 60),
    sql,
    dialect: judged,
    tables: tablesIn(sql, judged),
  };
}

/** A query by its id, or by a name that no other has. @throws CONTEXT_NOT_FOUND, AMBIGUOUS_TARGET */
export function findQuery(catalog: Catalog, id: string): Query {
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

/** What the SQL itself shows, else the dialect that all queries of the workspace agree on. */
function judgedDialect(sql: string, catalog: Catalog): SqlDialect {
  const shown = judgeDialect(dialectEvidence(sql));
  if (shown !== "unknown") return shown;
  const known = new Set(
    catalog.queries.map((query) => query.dialect).filter((dialect) => dialect !== "unknown"),
  );
  const [only] = known;
  return only !== undefined && known.size === 1 ? only : "unknown";
}

/** Tables that a statement reads or writes, as its dialect reads their names; common table expressions left out. */
export function tablesIn(sql: string, dialect: SqlDialect): readonly string[] {
  return readTables(sql, tokenize(sql, dialect)).map((name) => nameText(name, dialect));
}
