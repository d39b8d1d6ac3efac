import type { Query } from "../../ir/query.ts";
import type { ModelUse } from "../../ir/reference.ts";
import { rangeOf } from "../../source.ts";
import { type Entity, type EntityTable, modelIdOf } from "./entities.ts";
import type { CodeFact, QueryFact } from "./facts.ts";

/** Turns calls on known entities into queries, and names of entities into uses; ids stay when lines move. */
export class QueryBuilder {
  readonly queries: Query[] = [];
  readonly uses: ModelUse[] = [];
  readonly #table: EntityTable;
  readonly #seen = new Map<string, number>();

  constructor(table: EntityTable) {
    this.#table = table;
  }

  add(uri: string, { queries, uses }: CodeFact): void {
    const before = this.uses.length;
    for (const { name, span, hash, within, line } of uses) {
      const entity = this.#table.entityOf(uri, { k: "name", value: name, span });
      // The definition of an entity is no use of it.
      if (!entity || (entity.uri === uri && entity.fact.nameSpan.join() === span.join())) continue;
      this.uses.push({ modelId: modelIdOf(entity), uri, range: rangeOf(span), hash, within, line });
    }
    const named = new Set(this.uses.slice(before).map((use) => `${use.modelId} ${use.range.start.line}`));
    for (const fact of queries) {
      const query = this.#query(uri, fact);
      if (!query) continue;
      this.queries.push(query);
      const [modelId = ""] = query.modelIds;
      if (named.has(`${modelId} ${query.nameRange.start.line}`)) continue;
      const { nameRange: range, within } = query;
      this.uses.push({ modelId, uri, range, hash: fact.nameHash, within, line: fact.line });
    }
  }

  #query(uri: string, fact: QueryFact): Query | null {
    const table = this.#table;
    const entity = table.entityOf(uri, fact.target) ?? table.entityOfRepository(uri, fact.target);
    if (!entity) return null;
    const others = fact.joined.flatMap((target) => table.entityOf(uri, target) ?? []);
    const entities = [
      ...new Set([entity, ...others, ...fact.relations.flatMap((path) => this.#related(entity, path))]),
    ];
    const name = `${entity.name}.${fact.method}`;
    return {
      kind: "query",
      id: this.#id(`query:typeorm:${uri}#${fact.within ?? ""}:${name}`),
      name,
      uri,
      range: rangeOf(fact.span),
      nameRange: rangeOf(fact.nameSpan),
      hash: fact.hash,
      stack: "typeorm",
      confidence: "certain",
      reason:
        fact.method === "createQueryBuilder" ? "query builder of TypeORM" : "call of TypeORM on an entity",
      gaps: [],
      form: "orm",
      sql: null,
      text: fact.text,
      dialect: entity.dialect,
      operation: fact.operation,
      tables: entities.map((found) => found.table),
      modelIds: entities.map(modelIdOf),
      within: fact.within,
      approximate: fact.approximate,
    };
  }

  /** Entities on a path of relations: `author.country`. */
  #related(entity: Entity, path: string): readonly Entity[] {
    const found: Entity[] = [];
    let at: Entity | null = entity;
    for (const name of path.split(".")) {
      const relation: Entity["relations"][number] | undefined = at?.relations.find(
        ({ property }) => property === name,
      );
      at = relation ? this.#table.entityOf(relation.uri, relation.target) : null;
      if (!at) break;
      found.push(at);
    }
    return found;
  }

  #id(base: string): string {
    const count = (this.#seen.get(base) ?? 0) + 1;
    this.#seen.set(base, count);
    return count === 1 ? base : `${base}:${count}`;
  }
}
