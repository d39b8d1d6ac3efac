import type { SqlDialect } from "../../ir/query.ts";
import type { Place } from "../../languages/sql/definition.ts";
import type { SqlName } from "../../languages/sql/identifier.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { IndexState, TableState } from "./table-state.ts";

/** What the readers of single definitions need of the schema around them. */
export interface ReplayContext {
  readonly dialect: SqlDialect;
  /** By key, in order of creation. */
  readonly tables: ReadonlyMap<string, TableState>;
  fold(identifier: string): string;
  /** Key of a table as a statement names it. */
  keyOf(name: SqlName): string;
  find(name: SqlName): TableState | null;
  /** Partitions and heirs. */
  childrenOf(table: TableState): readonly TableState[];
  addParent(table: TableState, parent: TableState): void;
  /** Name the database gives an index without one. */
  indexName(table: TableState, parts: IndexState["parts"]): string | null;
  /** Gives a table another name or schema; what refers to it follows. */
  renameTable(table: TableState, to: SqlName): void;
  gap(what: string, why: string, source: SourceRef | null): void;
}

export function sourceOf(uri: string, place: Place): SourceRef {
  return { uri, range: rangeOf(place.span), hash: place.hash };
}
