import type { Query } from "../../ir/query.ts";
import { rangeOf } from "../../source.ts";
import type { ArgumentShape, DelegateCall, RawCall } from "./facts.ts";
import type { FoundModel, ModelLookup } from "./model-lookup.ts";
import { operationOf, operationOfSql, tablesOfSql } from "./operations.ts";
import { dialectOf, modelId, type SchemaProject } from "./schema-project.ts";

/** Gives every query of a file an id that stays when lines move: file, place, call, and a number for repetitions. */
export class QueryIds {
  readonly #seen = new Map<string, number>();

  next(uri: string, within: string | null, call: string): string {
    const base = `query:prisma:${uri}#${within ?? ""}:${call}`;
    const count = (this.#seen.get(base) ?? 0) + 1;
    this.#seen.set(base, count);
    return count === 1 ? base : `${base}:${count}`;
  }
}

export function delegateQuery(uri: string, call: DelegateCall, model: FoundModel, ids: QueryIds): Query {
  const name = `${call.delegate}.${call.operation}`;
  const models = [...new Set([model.name, ...relatedModels(model.project, model.name, call.shape)])];
  return {
    kind: "query",
    id: ids.next(uri, call.within, name),
    name,
    uri,
    range: rangeOf(call.span),
    nameRange: rangeOf(call.nameSpan),
    hash: call.hash,
    stack: "prisma",
    confidence: call.known ? "certain" : "likely",
    reason: call.known
      ? `call of Prisma Client on \`${call.client}\``
      : `call of a Prisma operation on \`${call.client}\`, by its name`,
    gaps: [],
    form: "orm",
    sql: null,
    text: call.text,
    dialect: dialectOf(model.project),
    operation: operationOf(call.operation),
    tables: models,
    modelIds: models.map((related) => modelId(model.project, related)),
    within: call.within,
    approximate: call.approximate,
  };
}

export function rawQuery(uri: string, call: RawCall, lookup: ModelLookup, ids: QueryIds): Query {
  const project = lookup.projectFor(uri);
  const dialect = dialectOf(project);
  const sql = call.pieces === null ? null : withPlaceholders(call.pieces, dialect);
  const tables = sql === null ? [] : tablesOfSql(sql);
  const models = tables.flatMap((table) => lookup.byTable(uri, table)?.id ?? []);
  return {
    kind: "query",
    id: ids.next(uri, call.within, call.method),
    name: call.method,
    uri,
    range: rangeOf(call.span),
    nameRange: rangeOf(call.nameSpan),
    hash: call.hash,
    stack: "prisma",
    confidence: call.approximate === null ? "certain" : "partial",
    reason: `${call.method} of Prisma Client`,
    gaps: [],
    form: "sql",
    sql,
    text: call.text,
    dialect,
    operation: sql === null ? "other" : operationOfSql(sql),
    tables,
    modelIds: [...new Set(models)],
    within: call.within,
    approximate: call.approximate,
  };
}

function withPlaceholders(pieces: readonly string[], dialect: Query["dialect"]): string {
  return pieces
    .map((piece, index) =>
      index === 0 ? piece : (dialect === "mysql" || dialect === "sqlite" ? "?" : `$${index}`) + piece,
    )
    .join("");
}

/** Models reached through relations that the arguments name, in order of appearance. */
function relatedModels(project: SchemaProject, name: string, shape: ArgumentShape): readonly string[] {
  const model = project.models.get(name)?.declaration;
  if (!model) return [];
  return Object.entries(shape).flatMap(([key, inner]) => {
    const field = model.fields.find((candidate) => candidate.name === key);
    // A key that is no field is a word of the query language (`include`, `some`, `create`): same model.
    if (!field) return relatedModels(project, name, inner);
    if (!project.models.has(field.type)) return [];
    return [field.type, ...relatedModels(project, field.type, inner)];
  });
}
