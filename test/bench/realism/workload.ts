/** A database with rows, and what is asked of it. */
export interface Workload {
  readonly title: string;
  readonly schema: readonly string[];
  /** Fills the tables; spread unevenly, as real ones are. */
  readonly rows: readonly string[];
  readonly queries: readonly WorkloadQuery[];
  /** What an index could be on: `post (author_id, created_at)`. */
  readonly candidates: readonly string[];
}

export interface WorkloadQuery {
  /** Placeholders are `$n`. */
  readonly sql: string;
  /** Values that are really asked for, as SQL. */
  readonly values: readonly string[];
  /** What kind of query it is, for the list of those that go wrong. */
  readonly kind: string;
}

export function query(kind: string, sql: string, ...values: readonly string[]): WorkloadQuery {
  return { kind, sql, values };
}
