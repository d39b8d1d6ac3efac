import type { Query } from "../../ir/query.ts";
import type { ModelUse } from "../../ir/reference.ts";
import { rangeOf } from "../../source.ts";
import type { QueryFact, WithShape } from "./facts.ts";
import type { DeclaredRelations } from "./relations.ts";
import { type DrizzleSchema, type FoundTable, modelIdOf } from "./schema.ts";

/** Turns chains of calls on known tables into queries; ids stay when lines move. */
export class QueryBuilder {
  readonly queries: Query[] = [];
  readonly uses: ModelUse[] = [];
  readonly #schema: DrizzleSchema;
  readonly #relations: DeclaredRelations;
  readonly #seen = new Map<string, number>();

  constructor(schema: DrizzleSchema, relations: DeclaredRelations) {
    this.#schema = schema;
    this.#relations = relations;
  }

  add(uri: string, fact: QueryFact): void {
    const found = fact.tables.flatMap((part) => {
      const table =
        fact.key === null ? this.#schema.tableOf(uri, part.value) : this.#schema.tableNamed(uri, fact.key);
      return table ? [{ table, part }] : [];
    });
    const [first] = found;
    if (!first) return;
    for (const { table, part } of found) {
      this.uses.push({
        modelId: modelIdOf(table),
        uri,
        range: rangeOf(part.span),
        hash: part.hash,
        within: fact.within,
        line: fact.line,
      });
    }
    const tables = [
      ...new Set([...found.map(({ table }) => table), ...this.#related(first.table, fact.with)]),
    ];
    const name = `${first.table.fact.name}.${fact.method}`;
    this.queries.push({
      kind: "query",
      id: this.#id(`query:drizzle:${uri}#${fact.within ?? ""}:${name}`),
      name,
      uri,
      range: rangeOf(fact.span),
      nameRange: rangeOf(fact.nameSpan),
      hash: fact.hash,
      stack: "drizzle",
      confidence: "certain",
      reason:
        fact.key === null ? "query of Drizzle on a table of the workspace" : "relational query of Drizzle",
      gaps: [],
      form: "orm",
      sql: null,
      text: fact.text,
      dialect: first.table.dialect,
      operation: fact.operation,
      tables: tables.map(({ table }) => table),
      modelIds: tables.map(modelIdOf),
      within: fact.within,
      approximate: fact.approximate,
    });
  }

  /** Tables reached through the relations that `with` names. */
  #related(table: FoundTable, shape: WithShape): readonly FoundTable[] {
    return Object.entries(shape).flatMap(([name, inner]) => {
      const relation = this.#relations.get(table)?.find((candidate) => candidate.name === name);
      if (!relation) return [];
      return [
        ...(relation.through ? [relation.through] : []),
        relation.target,
        ...this.#related(relation.target, inner),
      ];
    });
  }

  #id(base: string): string {
    const count = (this.#seen.get(base) ?? 0) + 1;
    this.#seen.set(base, count);
    return count === 1 ? base : `${base}:${count}`;
  }
}
