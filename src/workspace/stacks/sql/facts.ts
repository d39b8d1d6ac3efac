import type { Query } from "../../ir/query.ts";
import type { Definition, Place } from "../../languages/sql/definition.ts";
import type { DialectEvidence } from "../../languages/sql/dialect.ts";
import type { SqlName } from "../../languages/sql/identifier.ts";
import type { Span } from "../../source.ts";

/** The tool whose marks a migration file carries. */
export type MarkedTool =
  | "goose"
  | "sql-migrate"
  | "dbmate"
  | "node-pg-migrate"
  | "liquibase"
  | "play"
  | "drizzle"
  | "sqitch";

/** A name given to a query in a comment above it. */
export interface QueryTitle {
  readonly name: string;
  readonly nameSpan: Span;
  /** From the comment to the end of the statement. */
  readonly place: Place;
  /** What follows the name: `:many`, `!`, `:? :1`; "" for nothing. */
  readonly command: string;
}

export interface StatementFacts {
  readonly section: "up" | "down";
  readonly verb: string;
  readonly operation: Query["operation"];
  readonly names: readonly SqlName[];
  /** Tables that it reads or writes, or defines something of. */
  readonly tables: readonly SqlName[];
  /** As written; null for one that is too long to keep. */
  readonly text: string | null;
  readonly place: Place;
  readonly definitions: readonly Definition[];
  readonly title: QueryTitle | null;
  /** `INSERT … VALUES` of constants: data, not a query. */
  readonly isData: boolean;
  /** Cannot run inside of a transaction. */
  readonly needsNoTransaction: boolean;
  /** Why its text is not exact SQL; null when it is. */
  readonly approximate: string | null;
  /** Why it was not understood; null when it was. */
  readonly broken: string | null;
}

/** A `.sql` file. */
export interface ScriptFacts {
  readonly k: "script";
  /** The whole file. */
  readonly place: Place;
  readonly evidence: DialectEvidence;
  /** Database whose SQL it is when that is not read: "ClickHouse". Such a script has no statements. */
  readonly foreign: string | null;
  readonly tool: MarkedTool | null;
  /** Holds a section for the way back, even an empty one. */
  readonly hasDown: boolean;
  readonly noTransaction: boolean;
  /** Begins and commits by itself. */
  readonly ownTransaction: boolean;
  /** Written by a dump program. */
  readonly isDump: boolean;
  /** Changes it says it needs (Sqitch). */
  readonly requires: readonly string[];
  readonly statements: readonly StatementFacts[];
}

/** SQL in a string of a program. */
export interface LiteralFacts {
  /** Constant, or function with a call: "execute". */
  readonly name: string;
  readonly nameSpan: Span;
  readonly within: string | null;
  readonly sql: string;
  readonly operation: Query["operation"];
  readonly tables: readonly SqlName[];
  /** The call or literal as written. */
  readonly text: string;
  readonly place: Place;
  readonly line: string;
  readonly how: string;
  readonly approximate: string | null;
}

/** A Python or TypeScript file. */
export interface CodeFacts {
  readonly k: "code";
  readonly evidence: DialectEvidence;
  readonly literals: readonly LiteralFacts[];
}

/** A file that says which database a project uses. */
export interface HintFacts {
  readonly k: "hint";
  readonly evidence: DialectEvidence;
}

export type SqlFacts = ScriptFacts | CodeFacts | HintFacts;
