import type { Gap } from "../../ir/entry.ts";
import type { Query, SqlDialect } from "../../ir/query.ts";
import type { ModelUse } from "../../ir/reference.ts";
import { nameText, type SqlName } from "../../languages/sql/identifier.ts";
import { rangeOf } from "../../source.ts";
import type { LiteralFacts, StatementFacts } from "./facts.ts";
import { sourceOf } from "./replay-context.ts";

/** Gives queries ids that survive edits elsewhere: by name, and where names repeat by their number in the file. */
export class QueryIds {
  readonly #seen = new Map<string, number>();

  next(uri: string, name: string): string {
    const base = `query:sql:${uri}#${name}`;
    const count = (this.#seen.get(base) ?? 0) + 1;
    this.#seen.set(base, count);
    return count === 1 ? base : `${base}:${count}`;
  }
}

interface Links {
  readonly dialect: SqlDialect;
  modelIdOf(name: SqlName): string | null;
}

export function scriptQuery(uri: string, statement: StatementFacts, links: Links, ids: QueryIds): Query {
  const { title, place, broken } = statement;
  const text = statement.text ?? `${statement.verb} …`;
  const tables = statement.tables.map((name) => nameText(name, links.dialect));
  // Without a name an id must not depend on what stands before the statement.
  const name = title?.name ?? `${statement.operation} ${tables[0] ?? ""}`.trim();
  const gaps: readonly Gap[] =
    broken === null ? [] : [{ what: `line ${place.span[0] + 1}`, why: broken, source: sourceOf(uri, place) }];
  return {
    kind: "query",
    id: ids.next(uri, title?.name ?? `${statement.verb.toLowerCase()}-${place.hash.slice(0, 8)}`),
    name,
    uri,
    range: rangeOf(title?.place.span ?? place.span),
    nameRange: rangeOf(title?.nameSpan ?? [place.span[0], place.span[1], place.span[0], place.span[1]]),
    hash: title?.place.hash ?? place.hash,
    stack: "sql",
    confidence: broken === null ? "certain" : "partial",
    reason: title
      ? `named query${title.command === "" ? "" : ` (${title.command})`}`
      : "statement of an SQL script",
    gaps,
    form: "sql",
    sql: statement.text,
    text,
    dialect: links.dialect,
    operation: statement.operation,
    tables,
    modelIds: modelIds(statement.tables, links),
    within: null,
    approximate: statement.approximate,
  };
}

export function literalQuery(uri: string, literal: LiteralFacts, links: Links, ids: QueryIds): Query {
  const { place } = literal;
  return {
    kind: "query",
    id: ids.next(uri, literal.within === null ? literal.name : `${literal.within}.${literal.name}`),
    name: literal.within ?? literal.name,
    uri,
    range: rangeOf(place.span),
    nameRange: rangeOf(literal.nameSpan),
    hash: place.hash,
    stack: "sql",
    confidence: literal.approximate === null ? "certain" : "partial",
    reason: literal.how,
    gaps: [],
    form: "sql",
    sql: literal.sql,
    text: literal.text,
    dialect: links.dialect,
    operation: literal.operation,
    tables: literal.tables.map((name) => nameText(name, links.dialect)),
    modelIds: modelIds(literal.tables, links),
    within: literal.within,
    approximate: literal.approximate,
  };
}

export function usesOf(query: Query, line: string): readonly ModelUse[] {
  const { uri, range, hash, within } = query;
  return query.modelIds.map((modelId) => ({
    modelId,
    uri,
    range,
    hash,
    within,
    line: line.trim().slice(0, 160),
  }));
}

function modelIds(tables: readonly SqlName[], links: Links): readonly string[] {
  return [...new Set(tables.map((name) => links.modelIdOf(name)).filter((id) => id !== null))];
}
