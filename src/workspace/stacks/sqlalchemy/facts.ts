import type { Expression } from "../../languages/expression.ts";
import type { UseFacts } from "../../languages/python/uses.ts";
import type { Span } from "../../source.ts";
import type { OutlineFacts } from "../python/project.ts";

/** A call chain that reads or writes through the ORM; whether what it names is a model is known when resolving. */
export interface QueryFacts {
  /** Names given to `query(…)`, `select(…)`, `update(…)`, or that `.query` stands on, as written. */
  readonly roots: readonly string[];
  /** Names called, in order: `select`, `where`, `order_by`. */
  readonly methods: readonly string[];
  readonly text: string;
  readonly within: string | null;
  readonly span: Span;
  readonly hash: string;
}

/** What one Python file says that matters to SQLAlchemy. */
export interface SqlalchemyFacts extends OutlineFacts {
  /** Top-level `Index(…)` outside of a class. */
  readonly calls: readonly Expression[];
  /** `registry.map_imperatively(Order, orders, …)`, wherever it stands. */
  readonly mappings: readonly Expression[];
  readonly queries: readonly QueryFacts[];
  readonly uses: UseFacts;
  /** Hashes of the calls inside of declarations that become objects of their own, by `spanKey`. */
  readonly hashes: Readonly<Record<string, string>>;
  /** The database that the file speaks of: a driver, a connection address, a dialect's types. */
  readonly dialects: readonly string[];
  readonly errors: readonly Span[];
}

export function spanKey(span: Span): string {
  return span.join(":");
}
