import type { Expression } from "../../languages/expression.ts";
import type { CallPlace } from "../../languages/typescript/call-chain.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import type { Span } from "../../source.ts";

/** `key: value` of an object; without a key a spread object, or an item of a list. */
export interface EntryFact {
  readonly key: string | null;
  readonly value: Expression;
  readonly span: Span;
  readonly hash: string;
}

/** A variable set to a call of something that may make a table: whether it does is decided when all names are known. */
export interface TableFact {
  readonly name: string;
  readonly callee: Expression;
  readonly title: Expression;
  readonly columns: readonly EntryFact[];
  /** Parameter of `(t) => ({…})` around the columns; null for a plain object. */
  readonly columnsParameter: string | null;
  readonly extras: readonly EntryFact[];
  readonly extrasParameter: string | null;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

/** An object of columns that tables spread: set to a variable, or given back by a function. */
export interface ColumnSetFact {
  readonly name: string;
  readonly entries: readonly EntryFact[];
}

/** `relations(users, ({one, many}) => ({…}))`, and each table of `defineRelations(schema, (r) => ({…}))`. */
export interface RelationsFact {
  readonly table: Expression;
  readonly entries: readonly EntryFact[];
}

/** A chain of calls that may be a query: `db.select().from(users)…`, `db.query.users.findMany(…)`. */
export interface QueryFact extends CallPlace {
  readonly operation: "select" | "insert" | "update" | "delete";
  /** What it is called: `findMany`, `select`. */
  readonly method: string;
  /** Tables as written; for `db.query.users` the key of the schema. */
  readonly tables: readonly { readonly value: Expression; readonly span: Span; readonly hash: string }[];
  readonly key: string | null;
  /** Names of relations below `with`, each with those below it. */
  readonly with: WithShape;
  readonly approximate: string | null;
}

export interface WithShape {
  readonly [relation: string]: WithShape;
}

export type DrizzleFacts =
  | {
      readonly kind: "code";
      readonly values: ModuleValues;
      readonly tables: readonly TableFact[];
      readonly sets: readonly ColumnSetFact[];
      readonly relations: readonly RelationsFact[];
      readonly queries: readonly QueryFact[];
      /** The casing that a client or the configuration of the kit asks for; null where nothing is said. */
      readonly casing: Expression | null;
    }
  | { readonly kind: "config"; readonly config: ProjectConfig };
