import { messages, type PGlite } from "@electric-sql/pglite";
import type { EnginePlan, SqlError } from "../lab.ts";
import { type PostgresPlanNode, readPostgresPlan, tablesOfPlan } from "../plan/read-postgres-plan.ts";
import type { TableStatistics } from "../statistics/statistics.ts";
import { sqlErrorOf } from "./sql-error.ts";
import { literal, quotedName, virtualSizesOf, writeStatistics } from "./table-statistics.ts";
import { type VirtualSize, withVirtualSizes } from "./virtual-sizes.ts";

export type Planned =
  | { readonly kind: "plan"; readonly plan: EnginePlan; readonly tables: readonly string[] }
  | { readonly kind: "rejected"; readonly error: SqlError };

type Document = readonly { readonly Plan: PostgresPlanNode }[];

const OPTIONS = "FORMAT JSON, VERBOSE, COSTS";
const STATEMENT = "aksara_statement";

/** Plans statements on tables that have no rows, as if they had those that the statistics say. */
export class StatementPlanner {
  readonly #database: PGlite;
  readonly #virtualSizes: boolean;
  #statistics: ReadonlyMap<string, TableStatistics> = new Map();
  /** Tables whose statistics are written already. */
  readonly #written = new Set<string>();
  /** The same, of those that a rollback takes away again; null outside of a transaction. */
  #writtenInTrial: Set<string> | null = null;

  constructor(database: PGlite, virtualSizes: boolean) {
    this.#database = database;
    this.#virtualSizes = virtualSizes;
  }

  /** What is known from now on. Tables that are not in it count as empty. */
  use(statistics: readonly TableStatistics[]): void {
    this.#statistics = new Map(statistics.map((table) => [table.table, table]));
    this.#written.clear();
  }

  trialStarted(): void {
    this.#writtenInTrial = new Set();
  }

  trialEnded(): void {
    this.#writtenInTrial = null;
  }

  /**
   * The plan of one statement; `values` stand for `$1`, `$2` …, and null plans without knowing them. Leaves no trace in
   * the database but statistics.
   */
  async plan(sql: string, values: readonly (string | null)[] | null): Promise<Planned> {
    // Asked to describe it, the engine takes one statement only and does not run it; positions are those of the text.
    const described = await this.#attempt(sql, 0, () => this.#database.describeQuery(sql));
    if (described.kind === "rejected") return described;
    const first = await this.#explain(sql, values);
    if (first.kind === "rejected") return first;
    const tables = tablesOfPlan(first.value);
    if (!this.#virtualSizes) return { kind: "plan", plan: readPostgresPlan(first.value), tables };
    const sizes: VirtualSize[] = [];
    for (const name of tables) sizes.push(...(await this.#prepare(name)));
    const second = await withVirtualSizes(this.#database, sizes, () => this.#explain(sql, values));
    if (second.kind === "rejected") return second;
    return { kind: "plan", plan: readPostgresPlan(second.value), tables };
  }

  /** Writes the statistics of a table where that was not done; resolves to the sizes it and its indexes are to have. */
  async #prepare(name: string): Promise<readonly VirtualSize[]> {
    const statistics = this.#statistics.get(name);
    if (statistics === undefined) return [];
    if (!this.#written.has(name) && !this.#writtenInTrial?.has(name)) {
      await writeStatistics(this.#database, statistics);
      (this.#writtenInTrial ?? this.#written).add(name);
    }
    const sizes = await virtualSizesOf(this.#database, statistics);
    const partial = sizes.filter(({ predicate }) => predicate !== null);
    if (partial.length === 0) return sizes;
    const shares = await this.#sharesOf(
      name,
      sizes,
      partial.map(({ predicate }) => predicate ?? "true"),
    );
    return sizes.map((size) => {
      const index = partial.indexOf(size);
      return index < 0
        ? size
        : { ...size, blocks: Math.max(1, Math.ceil(size.blocks * (shares[index] ?? 1))) };
    });
  }

  /** The share of a table's rows that each predicate leaves, as the planner estimates it. */
  #sharesOf(
    table: string,
    sizes: readonly VirtualSize[],
    predicates: readonly string[],
  ): Promise<readonly number[]> {
    const rowsOf = async (condition: string): Promise<number> => {
      const sql = `SELECT FROM ${quotedName(table)} WHERE ${condition}`;
      const answer = await this.#explain(sql, null);
      return answer.kind === "done" ? answer.value["Plan Rows"] : 0;
    };
    return withVirtualSizes(this.#database, sizes.slice(0, 1), async () => {
      const all = await rowsOf("true");
      const shares: number[] = [];
      for (const predicate of predicates) shares.push(all === 0 ? 1 : (await rowsOf(predicate)) / all);
      return shares;
    });
  }

  async #explain(sql: string, values: readonly (string | null)[] | null): Promise<Attempt<PostgresPlanNode>> {
    if (values !== null && values.length > 0) return await this.#explainWith(sql, values);
    const prefix = `EXPLAIN (GENERIC_PLAN, ${OPTIONS}) `;
    return await this.#attempt(sql, prefix.length, () => this.#document(prefix + sql));
  }

  async #explainWith(sql: string, values: readonly (string | null)[]): Promise<Attempt<PostgresPlanNode>> {
    const list = values.map((value) => (value === null ? "NULL" : literal(value))).join(", ");
    const prefix = `PREPARE ${STATEMENT} AS `;
    await this.#database.exec("SET plan_cache_mode = force_custom_plan");
    const prepared = await this.#attempt(sql, prefix.length, () => this.#database.exec(prefix + sql));
    if (prepared.kind === "rejected") return prepared;
    const answer = await this.#attempt(sql, Number.POSITIVE_INFINITY, () =>
      this.#document(`EXPLAIN (${OPTIONS}) EXECUTE ${STATEMENT} (${list})`),
    );
    await this.#attempt(sql, 0, () => this.#database.exec(`DEALLOCATE ${STATEMENT}`));
    return answer;
  }

  async #document(sql: string): Promise<PostgresPlanNode> {
    const results = await this.#database.exec(sql);
    const row = results.at(-1)?.rows[0] as { readonly "QUERY PLAN": Document } | undefined;
    const plan = row?.["QUERY PLAN"][0]?.Plan;
    if (plan === undefined) throw new Error("The database gave no plan.");
    return plan;
  }

  async #attempt<Value>(sql: string, prefix: number, run: () => Promise<Value>): Promise<Attempt<Value>> {
    try {
      return { kind: "done", value: await run() };
    } catch (error) {
      if (!(error instanceof messages.DatabaseError)) throw error;
      return { kind: "rejected", error: sqlErrorOf(error, sql, prefix) };
    }
  }
}

type Attempt<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "rejected"; readonly error: SqlError };
