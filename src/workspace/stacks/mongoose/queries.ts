import type { Query } from "../../ir/query.ts";
import type { ModelUse } from "../../ir/reference.ts";
import { rangeOf } from "../../source.ts";
import type { CodeFact, QueryFact } from "./facts.ts";
import { modelIdOf, type SchemaTable } from "./schema-table.ts";

/** Turns calls on known models into queries, and names of models into uses; ids stay when lines move. */
export class QueryBuilder {
  readonly queries: Query[] = [];
  readonly uses: ModelUse[] = [];
  readonly #table: SchemaTable;
  readonly #seen = new Map<string, number>();

  constructor(table: SchemaTable) {
    this.#table = table;
  }

  add(uri: string, { queries, uses }: CodeFact): void {
    const lines = new Set<string>();
    for (const { name, span, hash, within, line } of uses) {
      const model = this.#table.modelOf(uri, { k: "name", value: name, span });
      if (!model) continue;
      const modelId = modelIdOf(model);
      lines.add(`${modelId} ${span[0]}`);
      this.uses.push({ modelId, uri, range: rangeOf(span), hash, within, line });
    }
    for (const fact of queries) {
      const query = this.#query(uri, fact);
      if (!query) continue;
      this.queries.push(query);
      const [modelId = ""] = query.modelIds;
      if (lines.has(`${modelId} ${query.nameRange.start.line}`)) continue;
      const { nameRange: range, within } = query;
      this.uses.push({ modelId, uri, range, hash: fact.nameHash, within, line: fact.line });
    }
  }

  #query(uri: string, fact: QueryFact): Query | null {
    const { target, isName } = fact;
    const model = isName ? this.#table.modelNamed(uri, target) : this.#table.modelOf(uri, target);
    if (!model) return null;
    const name = `${model.name}.${fact.method}`;
    return {
      kind: "query",
      id: this.#id(`query:mongoose:${uri}#${fact.within ?? ""}:${name}`),
      name,
      uri,
      range: rangeOf(fact.span),
      nameRange: rangeOf(fact.nameSpan),
      hash: fact.hash,
      stack: "mongoose",
      confidence: "certain",
      reason: "call of Mongoose on a model",
      gaps: [],
      form: "orm",
      sql: null,
      text: fact.text,
      dialect: "unknown",
      operation: fact.operation,
      tables: [model.collection],
      modelIds: [modelIdOf(model)],
      within: fact.within,
      approximate: "MongoDB answers it: no SQL stands behind it",
    };
  }

  #id(base: string): string {
    const count = (this.#seen.get(base) ?? 0) + 1;
    this.#seen.set(base, count);
    return count === 1 ? base : `${base}:${count}`;
  }
}
