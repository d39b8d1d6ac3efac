import type { Expression } from "../../languages/expression.ts";
import type { CallPlace } from "../../languages/typescript/call-chain.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { UseFact } from "../../languages/typescript/name-uses.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import type { Span } from "../../source.ts";

/** A property of a class, or a column or relation of an `EntitySchema`. */
export interface PropertyFact {
  readonly name: string;
  /** Type annotation as written; null when there is none. */
  readonly type: string | null;
  readonly decorators: readonly Expression[];
  readonly documentation: string | null;
  readonly span: Span;
  readonly hash: string;
}

/** A class with decorators, or one that another may inherit columns from. */
export interface ClassFact {
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly extends: Expression | null;
  /** What stands in the angle brackets of the base: `User` of `extends Repository<User>`. */
  readonly extendsOf: string | null;
  readonly properties: readonly PropertyFact[];
  readonly documentation: string | null;
  readonly nameSpan: Span;
  readonly nameHash: string;
  readonly span: Span;
  readonly hash: string;
}

/** `new EntitySchema({…})`, by the variable it is set to. Columns and relations are properties without decorators. */
export interface SchemaFact {
  readonly variable: string;
  readonly options: Expression;
  readonly columns: readonly SchemaEntry[];
  readonly relations: readonly SchemaEntry[];
  readonly nameSpan: Span;
  readonly nameHash: string;
  readonly span: Span;
  readonly hash: string;
}

export interface SchemaEntry {
  /** Null for an object that is spread in. */
  readonly name: string | null;
  readonly value: Expression;
  readonly span: Span;
  readonly hash: string;
}

/** A call of a repository, of an entity manager, of an entity itself, or a chain of a query builder. */
export interface QueryFact extends CallPlace {
  /** The entity as written, or the class of a repository: which of them it is, is decided when all names are known. */
  readonly target: Expression;
  readonly method: string;
  readonly operation: "select" | "insert" | "update" | "delete";
  /** Paths of relations that are loaded or joined: `author`, `author.country`. */
  readonly relations: readonly string[];
  /** Further entities of a query builder. */
  readonly joined: readonly Expression[];
  readonly approximate: string | null;
}

/** A call on the query runner of a migration. */
export interface StepFact {
  readonly method: string;
  /** Of `query`: the SQL as far as it is written out; null when it is not. */
  readonly sql: string | null;
  /** Why the SQL is not exact; null when it is. */
  readonly approximate: string | null;
  /** Arguments of any other method. */
  readonly args: readonly Expression[];
  /** Database it is for, where its function names one: `mysqlUp`; null for all. */
  readonly variant: "postgresql" | "mysql" | "sqlite" | null;
  readonly text: string;
  readonly span: Span;
  readonly hash: string;
}

export interface MigrationFact {
  readonly className: string;
  /** `name = "…"` of the class; null when there is none. */
  readonly name: string | null;
  readonly transaction: boolean;
  readonly up: readonly StepFact[];
  /** Null when there is no `down`. */
  readonly down: readonly StepFact[] | null;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

export interface CodeFact {
  readonly kind: "code";
  readonly values: ModuleValues;
  readonly classes: readonly ClassFact[];
  readonly schemas: readonly SchemaFact[];
  readonly queries: readonly QueryFact[];
  readonly uses: readonly UseFact[];
  readonly migrations: readonly MigrationFact[];
  /** `type` of a data source in this file: `postgres`; null where none is written. */
  readonly driver: string | null;
  /** `namingStrategy` of a data source in this file: the class. */
  readonly naming: string | null;
  readonly entityPrefix: string | null;
}

export type TypeormFacts =
  | CodeFact
  | {
      readonly kind: "config";
      readonly config: ProjectConfig;
      /** The only database driver among the dependencies; null when there is none or several. */
      readonly driver: string | null;
    };
