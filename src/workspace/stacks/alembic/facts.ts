import type { Call } from "../../languages/python/expressions.ts";
import type { PythonAssignment } from "../../languages/python/module.ts";
import type { Span } from "../../source.ts";
import type { OutlineFacts } from "../python/project.ts";

/** One call of a migration that changes something. */
export interface OperationFacts {
  /** `add_column`, or `execute` for a statement on the connection, `enum.create` for a type. */
  readonly name: string;
  readonly call: Call;
  /** The call of `batch_alter_table` around it; null when there is none. */
  readonly batch: Call | null;
  /** Stands in `autocommit_block()`. */
  readonly autocommit: boolean;
  /** Stands under a condition or in a loop. */
  readonly conditional: boolean;
  readonly text: string;
  readonly span: Span;
  readonly hash: string;
}

export interface DirectionFacts {
  readonly operations: readonly OperationFacts[];
  /** Local names: `status = sa.Enum(…)`. */
  readonly locals: readonly PythonAssignment[];
  /** Code that works on rows or asks the database, beside the operations. */
  readonly others: readonly string[];
  readonly raises: boolean;
  readonly span: Span;
}

export interface RevisionFacts {
  readonly revision: string;
  readonly down: readonly string[];
  readonly labels: readonly string[];
  readonly dependsOn: readonly string[];
  /** First line of the docstring of the file. */
  readonly message: string | null;
  readonly upgrade: DirectionFacts | null;
  readonly downgrade: DirectionFacts | null;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

/** What one Python file says that matters to Alembic: a migration, or a column type that migrations use. */
export interface AlembicFacts extends OutlineFacts {
  readonly migration: RevisionFacts | null;
}
