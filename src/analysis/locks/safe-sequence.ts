import { quoted } from "../../database/sql/quote-name.ts";
import type { CostClass, SafeSequence } from "../../protocol/migration-locks.ts";
import { addedColumn, tableSql } from "./alter-commands.ts";
import type { TableChange } from "./table-change.ts";

type Step = SafeSequence["steps"][number];

/** A change with what is known of the statement it stands in. */
export interface ChangedTable {
  readonly change: TableChange;
  /** The command as it is written, where it is one of an ALTER TABLE; else the whole statement. */
  readonly text: string;
  readonly cost: CostClass;
  /** Columns of the table's primary key; empty when it has none, or it is not known. */
  readonly primaryKey: readonly string[];
  /** Type of the column that is changed, as it is before; null when it is not known. */
  readonly columnType: string | null;
}

/** A lock that is not had at once is given up: whoever waits for one keeps everybody behind it waiting. */
const LOCK_TIMEOUT = "SET lock_timeout = '2s';";
/** Rows of one batch of a backfill. */
const BATCH = 1_000;

/**
 * A way to the same schema that keeps nobody waiting for the length of a table; null where the statement is that way
 * already, or none is known. The steps are SQL; code is added by who knows the stack.
 */
export function safeSequence(changed: ChangedTable): Omit<SafeSequence, "code"> | null {
  const { change, text, cost } = changed;
  switch (change.kind) {
    case "create-index":
      if (change.concurrently) return null;
      return {
        reason:
          "An index that is built concurrently lets writes go on; a failed build leaves an invalid index to drop.",
        steps: [
          outside("Build the index", text.replace(/\bINDEX\s+(?!CONCURRENTLY\b)/i, "INDEX CONCURRENTLY ")),
        ],
      };
    case "drop-index":
      if (change.concurrently) return null;
      return {
        reason: "An index that is dropped concurrently waits for queries in place of stopping them.",
        steps: [
          outside("Drop the index", text.replace(/\bINDEX\s+(?!CONCURRENTLY\b)/i, "INDEX CONCURRENTLY ")),
        ],
      };
    case "set-not-null":
      return {
        reason: "A check that was validated spares reading all rows under the strongest lock.",
        steps: notNullSteps(change.table, change.column),
      };
    case "add-constraint":
      return constraintSequence(change, text);
    case "add-column":
      return columnSequence(changed, change);
    case "change-type":
      return cost === "rewrite" ? typeSequence(changed, change) : null;
    case "drop-column":
      return {
        reason: "Code that still reads or writes the column fails once it is gone.",
        steps: [
          byHand(`Deploy code that does not use ${change.column} any more`),
          inside("Drop the column", LOCK_TIMEOUT, terminated(alter(change.table, text))),
        ],
      };
    case "drop-table":
      return {
        reason: "Code that still uses the table fails once it is gone.",
        steps: [
          byHand(`Deploy code that does not use ${change.table} any more`),
          inside("Drop the table", LOCK_TIMEOUT, terminated(text)),
        ],
      };
    case "rename-column":
      return renameSequence(changed, change);
    default:
      return null;
  }
}

function notNullSteps(table: string, column: string): Step[] {
  // Not `…_not_null`: from version 18 on PostgreSQL gives that name to the column's own constraint.
  const check = quoted(`${bareName(table)}_${column}_has_value`);
  return [
    inside(
      "Add the condition without looking at rows",
      LOCK_TIMEOUT,
      alter(table, `ADD CONSTRAINT ${check} CHECK (${quoted(column)} IS NOT NULL) NOT VALID;`),
    ),
    inside("Look at the rows while others work", alter(table, `VALIDATE CONSTRAINT ${check};`)),
    inside(
      "Take it over, which reads no row now",
      LOCK_TIMEOUT,
      alter(table, `ALTER COLUMN ${quoted(column)} SET NOT NULL;`),
      alter(table, `DROP CONSTRAINT ${check};`),
    ),
  ];
}

function constraintSequence(
  change: Extract<TableChange, { kind: "add-constraint" }>,
  text: string,
): Omit<SafeSequence, "code"> | null {
  const { table, constraint, columns, notValid, usesIndex } = change;
  if (constraint === "check" || constraint === "foreign-key") {
    if (notValid) return null;
    const ending = constraint === "check" ? "check" : "fkey";
    const name = change.name ?? [bareName(table), ...columns, ending].join("_");
    const named = change.name === null ? text.replace(/^ADD\s+/i, `ADD CONSTRAINT ${quoted(name)} `) : text;
    return {
      reason:
        "A constraint that is added NOT VALID holds for new rows at once; the old ones are read while others work.",
      steps: [
        inside("Add it for new rows", LOCK_TIMEOUT, alter(table, `${named} NOT VALID;`)),
        inside("Look at the old rows", alter(table, `VALIDATE CONSTRAINT ${quoted(name)};`)),
      ],
    };
  }
  if ((constraint !== "unique" && constraint !== "primary-key") || usesIndex || columns.length === 0)
    return null;
  const name =
    change.name ?? [bareName(table), ...(constraint === "unique" ? [...columns, "key"] : ["pkey"])].join("_");
  const kind = constraint === "unique" ? "UNIQUE" : "PRIMARY KEY";
  const list = columns.map(quoted).join(", ");
  return {
    reason: "The unique index can be built while others write; the constraint then takes it over at once.",
    steps: [
      outside(
        "Build the index",
        `CREATE UNIQUE INDEX CONCURRENTLY ${quoted(name)} ON ${tableSql(table)} (${list});`,
      ),
      inside(
        "Make a constraint of it",
        LOCK_TIMEOUT,
        alter(table, `ADD CONSTRAINT ${quoted(name)} ${kind} USING INDEX ${quoted(name)};`),
      ),
    ],
  };
}

function columnSequence(
  { text, cost, primaryKey }: ChangedTable,
  change: Extract<TableChange, { kind: "add-column" }>,
): Omit<SafeSequence, "code"> | null {
  const { table, column, notNull, hasDefault, references } = change;
  const definition = addedColumn(text);
  if (definition === null) return null;
  const name = quoted(column);
  const add = inside(
    "Add the column without values",
    LOCK_TIMEOUT,
    alter(table, `ADD COLUMN ${name} ${definition.type};`),
  );
  if (cost !== "rewrite" && (!notNull || hasDefault)) {
    if (references === null || cost === "instant") return null;
    const key = quoted(`${bareName(table)}_${column}_fkey`);
    const target = /\bREFERENCES\s+.+$/is.exec(text)?.[0] ?? `REFERENCES ${tableSql(references)}`;
    return {
      reason:
        "The key is added NOT VALID and validated later, so that neither table waits for the other's rows.",
      steps: [
        inside("Add the column", LOCK_TIMEOUT, alter(table, text.replace(/\s*\bREFERENCES\s+.+$/is, ";"))),
        inside(
          "Add the key for new rows",
          LOCK_TIMEOUT,
          alter(table, `ADD CONSTRAINT ${key} FOREIGN KEY (${name}) ${target} NOT VALID;`),
        ),
        inside("Look at the old rows", alter(table, `VALIDATE CONSTRAINT ${key};`)),
      ],
    };
  }
  const value = definition.default;
  return {
    reason:
      value === null
        ? "A column that must have a value cannot be added to rows that have none."
        : "A default that is computed for each row is set for new rows first; the old ones get theirs in small steps.",
    steps: [
      add,
      ...(value === null
        ? [byHand(`Deploy code that writes ${column}`)]
        : [
            inside(
              "Give new rows their value",
              LOCK_TIMEOUT,
              alter(table, `ALTER COLUMN ${name} SET DEFAULT ${value};`),
            ),
          ]),
      backfill(table, `${name} = ${value ?? "…"}`, `${name} IS NULL`, primaryKey, value !== null),
      ...(notNull ? notNullSteps(table, column) : []),
    ],
  };
}

function typeSequence(
  { text, primaryKey }: ChangedTable,
  { table, column }: Extract<TableChange, { kind: "change-type" }>,
): Omit<SafeSequence, "code"> | null {
  const [, type, using] = /\bTYPE\s+(.+?)(?:\s+USING\s+(.+))?$/is.exec(text.replace(/;\s*$/, "")) ?? [];
  if (type === undefined) return null;
  const [old, fresh] = [quoted(column), quoted(`${column}_new`)];
  const value = using ?? `${old}::${type}`;
  return {
    reason:
      "Rows of another type are written anew; a second column is filled in small steps while others work.",
    steps: [
      inside("Add a column of the new type", LOCK_TIMEOUT, alter(table, `ADD COLUMN ${fresh} ${type};`)),
      byHand(`Deploy code that writes ${column} and ${column}_new`),
      backfill(table, `${fresh} = ${value}`, `${fresh} IS NULL AND ${old} IS NOT NULL`, primaryKey, true),
      byHand(`Deploy code that reads ${column}_new`),
      inside(
        "Put it in the place of the old one",
        LOCK_TIMEOUT,
        alter(table, `DROP COLUMN ${old};`),
        alter(table, `RENAME COLUMN ${fresh} TO ${old};`),
      ),
    ],
  };
}

function renameSequence(
  { primaryKey, columnType }: ChangedTable,
  { table, column, to }: Extract<TableChange, { kind: "rename-column" }>,
): Omit<SafeSequence, "code"> | null {
  if (columnType === null) return null;
  const [old, fresh] = [quoted(column), quoted(to)];
  return {
    reason:
      "No name fits the code of before and of after at once; for a while both columns have to be there.",
    steps: [
      inside(
        "Add the column under its new name",
        LOCK_TIMEOUT,
        alter(table, `ADD COLUMN ${fresh} ${columnType};`),
      ),
      byHand(`Deploy code that writes ${column} and ${to}`),
      backfill(table, `${fresh} = ${old}`, `${fresh} IS NULL AND ${old} IS NOT NULL`, primaryKey, true),
      byHand(`Deploy code that uses ${to} only`),
      inside("Drop the old one", LOCK_TIMEOUT, alter(table, `DROP COLUMN ${old};`)),
    ],
  };
}

function backfill(
  table: string,
  assignment: string,
  condition: string,
  primaryKey: readonly string[],
  known: boolean,
): Step {
  const key = primaryKey.length === 1 ? primaryKey.map(quoted).join() : "ctid";
  const name = tableSql(table);
  return outside(
    `Fill the old rows, ${BATCH.toLocaleString("en")} at a time, until none is left${known ? "" : "; the value is yours to choose"}`,
    `UPDATE ${name} SET ${assignment} WHERE ${key} IN (SELECT ${key} FROM ${name} WHERE ${condition} LIMIT ${BATCH});`,
  );
}

function alter(table: string, command: string): string {
  return `ALTER TABLE ${tableSql(table)} ${command}`;
}

function terminated(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `${sql};`;
}

function inside(title: string, ...sql: readonly string[]): Step {
  return { title, sql: [...sql], in_transaction: true };
}

function outside(title: string, sql: string): Step {
  return { title, sql: [terminated(sql)], in_transaction: false };
}

function byHand(title: string): Step {
  return { title, sql: [], in_transaction: false };
}

function bareName(table: string): string {
  return table.slice(table.lastIndexOf(".") + 1);
}
