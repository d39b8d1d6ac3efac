import type { OperationFacts } from "./facts.ts";
import type { ReadOperation } from "./operation-sql.ts";

/** One step of a direction with what it becomes. */
export interface Step {
  readonly facts: OperationFacts;
  readonly read: ReadOperation;
}

export interface Reverse {
  readonly sql: readonly string[] | null;
  /** Null when it cannot be told. */
  readonly reversible: boolean | null;
}

/** Which operation undoes which. */
const UNDONE_BY: Readonly<Record<string, readonly string[]>> = {
  create_table: ["drop_table"],
  drop_table: ["create_table"],
  add_column: ["drop_column"],
  drop_column: ["add_column"],
  create_index: ["drop_index"],
  drop_index: ["create_index"],
  create_foreign_key: ["drop_constraint"],
  create_unique_constraint: ["drop_constraint"],
  create_check_constraint: ["drop_constraint"],
  create_primary_key: ["drop_constraint"],
  create_exclude_constraint: ["drop_constraint"],
  drop_constraint: [
    "create_foreign_key",
    "create_unique_constraint",
    "create_check_constraint",
    "create_primary_key",
  ],
  alter_column: ["alter_column"],
  rename_table: ["rename_table"],
  "enum.create": ["enum.drop"],
  "enum.drop": ["enum.create"],
  create_table_comment: ["drop_table_comment", "create_table_comment"],
  drop_table_comment: ["create_table_comment"],
};

/**
 * Finds for each step of the way up what of the way down undoes it: by name where both say what they are about, by
 * order, from the end, for the statements among them. Index and constraint go with a table that is dropped.
 */
export function pairReverse(up: readonly Step[], down: readonly Step[], raises: boolean): readonly Reverse[] {
  const left = new Set(down);
  const found = new Map<Step, Step[]>();
  for (const step of up) {
    const match = [...left].find((other) => undoes(step, other));
    if (!match) continue;
    left.delete(match);
    found.set(step, [match]);
  }
  const dropped = new Set(
    down.filter(({ facts }) => facts.name === "drop_table").map(({ read }) => read.table),
  );
  const open = up.filter((step) => !found.has(step) && !dropped.has(step.read.table ?? ""));
  // Statements have no names: the first one up is undone by the last one down.
  const statements = [...left].filter(({ facts }) => facts.name === "execute").reverse();
  for (const step of open.filter(({ facts }) => facts.name === "execute")) {
    const match = statements.shift();
    if (!match) break;
    left.delete(match);
    found.set(step, [match]);
  }
  // What is left belongs to something: the step that nothing else undoes, else the first.
  const rest = [...left];
  const home = up.find((step) => !found.has(step) && !dropped.has(step.read.table ?? "")) ?? up[0];
  if (home && rest.length > 0) found.set(home, [...rest, ...(found.get(home) ?? [])]);
  return up.map((step) => {
    if (raises) return { sql: null, reversible: false };
    const matches = found.get(step);
    if (matches) return { sql: joined(matches), reversible: true };
    const goesWithTable =
      step.read.table !== null && dropped.has(step.read.table) && step.facts.name !== "drop_table";
    if (goesWithTable) return { sql: [], reversible: true };
    return {
      sql: null,
      reversible:
        step.facts.name === "execute" || step.facts.name === "bulk_insert"
          ? down.length === 0
            ? false
            : null
          : false,
    };
  });
}

function undoes({ facts, read }: Step, other: Step): boolean {
  if (!UNDONE_BY[facts.name]?.includes(other.facts.name)) return false;
  if (facts.name === "rename_table") return read.table === other.read.subject;
  if (facts.name.startsWith("enum.")) return read.subject === other.read.subject;
  if (/index|constraint|foreign_key|primary_key/.test(facts.name)) {
    if (read.subject !== other.read.subject) return false;
    return read.table === null || other.read.table === null || read.table === other.read.table;
  }
  if (read.table === null || read.table !== other.read.table) return false;
  if (!/_column$/.test(facts.name)) return true;
  const [column] = read.columns;
  const [back] = other.read.columns;
  // A renamed column has its new name on the way back.
  return (
    column !== undefined && (column === back || (facts.name === "alter_column" && read.subject === back))
  );
}

function joined(steps: readonly Step[]): readonly string[] | null {
  const parts = steps.map(({ read }) => read.sql);
  return parts.every((part) => part !== null) ? parts.flat() : null;
}
