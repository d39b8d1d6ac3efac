import type { Query, SqlDialect } from "../../ir/query.ts";
import { rangeOf } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import type { QueryFacts, SqlalchemyFacts } from "./facts.ts";
import type { ModelInfo, ModelRegistry } from "./registry.ts";

/** ORM calls of a file that name a model. */
export function queriesIn(
  registry: ModelRegistry,
  uri: string,
  facts: readonly QueryFacts[],
  dialect: SqlDialect,
): readonly Query[] {
  const queries: Query[] = [];
  const counts = new Map<string, number>();
  for (const query of facts) {
    const scope = query.within?.split(".")[0] ?? "";
    const models = new Set(query.roots.flatMap((root) => modelOf(registry, uri, root, scope) ?? []));
    const [first] = models;
    if (!first) continue;
    const within = query.within ?? "";
    const ordinal = (counts.get(within) ?? 0) + 1;
    counts.set(within, ordinal);
    queries.push(build(uri, query, first, [...models], ordinal, dialect));
  }
  return queries;
}

function modelOf(registry: ModelRegistry, uri: string, root: string, scope: string): ModelInfo | null {
  return registry.find(uri, root === "cls" ? scope : root, scope);
}

function build(
  uri: string,
  query: QueryFacts,
  first: ModelInfo,
  models: readonly ModelInfo[],
  ordinal: number,
  dialect: SqlDialect,
): Query {
  const range = rangeOf(query.span);
  return {
    kind: "query",
    id: `query:${uri}:${query.within ?? ""}:${ordinal}`,
    name: `${first.name}.${query.methods.join(".")}`,
    uri,
    range,
    nameRange: range,
    hash: query.hash,
    stack: "sqlalchemy",
    confidence: "certain",
    reason: "call chain of SQLAlchemy on a model",
    gaps: [],
    form: "orm",
    sql: null,
    text: query.text,
    dialect,
    operation: operationOf(query.methods),
    tables: models.map((model) => model.qualifiedName),
    modelIds: models.map((model) => model.id),
    within: query.within,
    approximate: null,
  };
}

function operationOf(methods: readonly string[]): Query["operation"] {
  const [first = "", ...rest] = methods;
  if (/^(delete|insert|update)$/.test(first))
    return first === "delete" ? "delete" : first === "insert" ? "insert" : "update";
  if (/^bulk_(insert|save)/.test(first)) return "insert";
  if (first.startsWith("bulk_update")) return "update";
  const last = rest.at(-1);
  return last === "delete" || last === "update" ? last : "select";
}

/** The database that most files speak of. */
export function dialectOf(facts: FactsByUri<SqlalchemyFacts>): SqlDialect {
  const votes = new Map<string, number>();
  for (const { dialects } of facts.values()) {
    for (const name of dialects) votes.set(name, (votes.get(name) ?? 0) + 1);
  }
  // Tests often run on SQLite what production runs on a server.
  const ranked = (["postgresql", "mysql", "sqlite"] as const).filter((name) => votes.has(name));
  return ranked.reduce<SqlDialect>(
    (best, name) =>
      best === "unknown" || (name !== "sqlite" && (votes.get(name) ?? 0) > (votes.get(best) ?? 0))
        ? name
        : best,
    "unknown",
  );
}
