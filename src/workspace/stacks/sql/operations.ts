import type { SqlDialect } from "../../ir/query.ts";
import type { Definition, TableChange } from "../../languages/sql/definition.ts";
import { foldIdentifier, nameText, type SqlName } from "../../languages/sql/identifier.ts";
import type { StatementFacts } from "./facts.ts";

/** What a statement of a migration does, in words and by the things it does it to. */
export interface OperationShape {
  /** `CREATE TABLE`, `ALTER TABLE … ADD COLUMN`. */
  readonly name: string;
  readonly summary: string;
  readonly table: string | null;
  readonly columns: readonly string[];
  /** What it makes, changes or drops, so that the statement that undoes it can be found: `column:orders.note`. */
  readonly effects: readonly string[];
  /** Tables it drops, and columns as `table.column`. */
  readonly drops: readonly string[];
}

const CHANGE_WORDS: Readonly<Record<TableChange["k"], string>> = {
  "add-column": "ADD COLUMN",
  "drop-column": "DROP COLUMN",
  "set-type": "ALTER COLUMN TYPE",
  "set-default": "ALTER COLUMN SET DEFAULT",
  "set-nullable": "ALTER COLUMN SET NOT NULL",
  "set-numbered": "ALTER COLUMN IDENTITY",
  "drop-expression": "ALTER COLUMN DROP EXPRESSION",
  redefine: "MODIFY COLUMN",
  "rename-column": "RENAME COLUMN",
  "add-constraint": "ADD CONSTRAINT",
  "drop-constraint": "DROP CONSTRAINT",
  "drop-primary-key": "DROP PRIMARY KEY",
  "rename-constraint": "RENAME CONSTRAINT",
  "add-index": "ADD INDEX",
  "drop-index": "DROP INDEX",
  "rename-index": "RENAME INDEX",
  "rename-table": "RENAME TO",
  "set-schema": "SET SCHEMA",
  inherit: "INHERIT",
  "attach-partition": "ATTACH PARTITION",
  "set-comment": "COMMENT",
  option: "",
  unknown: "",
};

export function shapeOf(statement: StatementFacts, dialect: SqlDialect): OperationShape {
  const words = new Words(dialect);
  // A DO block may hold several definitions; it is told by its first.
  const [definition] = statement.definitions;
  if (definition?.k === "alter") return words.alteration(definition);
  if (definition) return words.definition(statement, definition);
  return words.other(statement);
}

class Words {
  readonly #dialect: SqlDialect;

  constructor(dialect: SqlDialect) {
    this.#dialect = dialect;
  }

  alteration(definition: Extract<Definition, { k: "alter" }>): OperationShape {
    const table = this.#text(definition.table);
    const { changes } = definition;
    const names = [...new Set(changes.map(wordsOf))];
    return {
      name: `ALTER TABLE … ${names.join(", ")}`,
      summary: changes.map((change) => this.#change(table, change)).join("; "),
      table,
      columns: [...new Set(changes.flatMap((change) => this.#columnsOf(change)))],
      effects: changes.flatMap((change) => this.#effectsOf(table, change)),
      drops: changes.flatMap((change) =>
        change.k === "drop-column" ? [`${table}.${this.#fold(change.name)}`] : [],
      ),
    };
  }

  definition(statement: StatementFacts, definition: Definition): OperationShape {
    const { verb } = statement;
    const base = {
      name: verb,
      table: null,
      columns: [],
      effects: this.#generic(statement),
      drops: this.#dropsOf(statement),
    };
    switch (definition.k) {
      case "table": {
        const table = this.#text(definition.name);
        const columns = definition.columns.map(({ name }) => this.#fold(name));
        return { ...base, table, columns, effects: [`table:${table}`], summary: `Create table ${table}` };
      }
      case "index": {
        const table = this.#text(definition.table);
        const { index } = definition;
        const columns = index.parts.map(({ column }) => column).filter((column) => column !== null);
        const concurrently = statement.needsNoTransaction ? " CONCURRENTLY" : "";
        const name = index.name === null ? "" : ` ${this.#fold(index.name)}`;
        const over = index.parts.map(({ column, expression }) =>
          column === null ? expression : this.#fold(column),
        );
        return {
          ...base,
          name: `CREATE ${index.unique ? "UNIQUE " : ""}INDEX${concurrently}`,
          table,
          columns: columns.map((column) => this.#fold(column)),
          effects: index.name === null ? [] : [`index:${this.#fold(index.name)}`],
          summary: `Create ${index.unique ? "unique " : ""}index${name} on ${table} (${over.join(", ")})`,
        };
      }
      case "drop": {
        const names = definition.names.map((name) => this.#text(name));
        const tables =
          definition.kind === "table" ? names : definition.table ? [this.#text(definition.table)] : [];
        const concurrently = statement.needsNoTransaction ? " CONCURRENTLY" : "";
        return {
          ...base,
          name: verb + concurrently,
          table: tables[0] ?? null,
          effects: definition.names.map(
            (name) => `${definition.kind}:${this.#effectName(definition.kind, name)}`,
          ),
          summary: `Drop ${definition.kind} ${names.join(", ")}`,
        };
      }
      case "rename": {
        const name = this.#text(definition.name);
        const to = this.#text(definition.to);
        return {
          ...base,
          table: definition.kind === "table" ? name : null,
          effects: [`rename:${[name, to].sort().join(">")}`],
          summary: `Rename ${definition.kind} ${name} to ${to}`,
        };
      }
      case "comment": {
        const table = this.#text(definition.table);
        const column = definition.column === null ? null : this.#fold(definition.column);
        const columns = column === null ? [] : [column];
        return {
          ...base,
          table,
          columns,
          summary: `Comment on ${column === null ? `table ${table}` : `column ${table}.${column}`}`,
        };
      }
      case "enum":
      case "domain":
      case "composite":
        return {
          ...base,
          effects: [`type:${this.#bare(definition.name)}`],
          summary: `Create type ${this.#text(definition.name)}`,
        };
      case "enum-value":
        return { ...base, summary: `Add value '${definition.value}' to type ${this.#text(definition.name)}` };
      case "enum-rename":
        return {
          ...base,
          summary: `Rename value '${definition.value}' of type ${this.#text(definition.name)}`,
        };
      case "view":
        return {
          ...base,
          effects: [`view:${this.#bare(definition.name)}`],
          summary: `Create view ${this.#text(definition.name)}`,
        };
      default:
        return this.other(statement);
    }
  }

  other(statement: StatementFacts): OperationShape {
    const table = statement.tables[0] ? this.#text(statement.tables[0]) : null;
    const names = statement.names.map((name) => this.#text(name));
    const summary =
      statement.operation !== "ddl" && statement.operation !== "other" && table !== null
        ? `${sentence(statement.operation)}${{ insert: " into", delete: " from", select: " from", update: "" }[statement.operation]} ${table}`
        : names.length > 0
          ? `${sentence(statement.verb.toLowerCase())} ${names.join(", ")}`
          : shorten(statement.text ?? statement.verb);
    return {
      name: statement.verb || "statement",
      summary,
      table: table ?? (/^TRUNCATE|TABLE$/.test(statement.verb) ? (names[0] ?? null) : null),
      columns: [],
      effects: this.#generic(statement),
      drops: [],
    };
  }

  #change(table: string, change: TableChange): string {
    switch (change.k) {
      case "add-column":
        return `Add column ${table}.${this.#fold(change.column.name)}`;
      case "drop-column":
        return `Drop column ${table}.${this.#fold(change.name)}`;
      case "set-type":
        return `Change type of ${table}.${this.#fold(change.name)} to ${change.type.declared}`;
      case "set-default":
        return `${change.default === null ? "Drop" : "Set"} default of ${table}.${this.#fold(change.name)}`;
      case "set-nullable":
        return `${change.nullable ? "Allow" : "Forbid"} NULL in ${table}.${this.#fold(change.name)}`;
      case "set-numbered":
      case "drop-expression":
        return `Change ${table}.${this.#fold(change.name)}`;
      case "redefine":
        return `Redefine column ${table}.${this.#fold(change.name)}`;
      case "rename-column":
        return `Rename column ${table}.${this.#fold(change.name)} to ${this.#fold(change.to)}`;
      case "add-constraint": {
        const { name, kind } = change.constraint;
        return `Add ${kind.replace("-", " ")} constraint${name === null ? "" : ` ${this.#fold(name)}`} to ${table}`;
      }
      case "drop-constraint":
        return `Drop constraint ${this.#fold(change.name)} of ${table}`;
      case "drop-primary-key":
        return `Drop primary key of ${table}`;
      case "add-index":
        return `Create index${change.index.name === null ? "" : ` ${this.#fold(change.index.name)}`} on ${table}`;
      case "drop-index":
        return `Drop index ${this.#fold(change.name)} of ${table}`;
      case "rename-table":
        return `Rename table ${table} to ${this.#text(change.to)}`;
      case "rename-constraint":
      case "rename-index":
        return `Rename ${this.#fold(change.name)} of ${table} to ${this.#fold(change.to)}`;
      case "set-schema":
        return `Move table ${table} to schema ${this.#fold(change.schema)}`;
      case "inherit":
        return `Let ${table} inherit from ${this.#text(change.parent)}`;
      case "attach-partition":
        return `Attach partition ${this.#text(change.partition)} to ${table}`;
      case "set-comment":
        return `Comment on table ${table}`;
      default:
        return `Alter table ${table}: ${shorten(change.text)}`;
    }
  }

  #columnsOf(change: TableChange): readonly string[] {
    switch (change.k) {
      case "add-column":
      case "redefine":
        return [this.#fold(change.column.name)];
      case "drop-column":
      case "set-type":
      case "set-default":
      case "set-nullable":
      case "set-numbered":
      case "drop-expression":
      case "rename-column":
        return [this.#fold(change.name)];
      case "add-constraint":
        return change.constraint.columns.map((column) => this.#fold(column));
      case "add-index":
        return change.index.parts.flatMap(({ column }) => (column === null ? [] : [this.#fold(column)]));
      default:
        return [];
    }
  }

  #effectsOf(table: string, change: TableChange): readonly string[] {
    const [column] = this.#columnsOf(change);
    switch (change.k) {
      case "add-column":
      case "drop-column":
        return [`column:${table}.${column}`];
      case "rename-column":
        return [`rename:${[this.#fold(change.name), this.#fold(change.to)].sort().join(">")}`];
      case "add-constraint": {
        const { name, kind } = change.constraint;
        return [`constraint:${table}.${name === null ? kind : this.#fold(name)}`];
      }
      case "drop-constraint":
        return [`constraint:${table}.${this.#fold(change.name)}`];
      case "drop-primary-key":
        return [`constraint:${table}.primary-key`];
      case "add-index":
        return change.index.name === null ? [] : [`index:${this.#fold(change.index.name)}`];
      case "drop-index":
        return [`index:${this.#fold(change.name)}`];
      case "rename-table":
        return [`rename:${[table, this.#text(change.to)].sort().join(">")}`];
      case "option":
        return [`option:${table}:${change.text.replace(/^(?:ENABLE|DISABLE)\s+/i, "").toLowerCase()}`];
      default:
        return column === undefined ? [] : [`alter:${table}.${column}`];
    }
  }

  /** By kind and name of the object, for what has no definition here: functions, triggers, policies, rows. */
  #generic(statement: StatementFacts): readonly string[] {
    const kind = /(?:CREATE|DROP|ALTER)(?: MATERIALIZED)? (\w+)$/.exec(statement.verb)?.[1]?.toLowerCase();
    if (kind) return statement.names.map((name) => `${kind}:${this.#bare(name)}`);
    if (statement.operation === "insert" || statement.operation === "delete") {
      return statement.tables.slice(0, 1).map((name) => `rows:${this.#text(name)}`);
    }
    return [];
  }

  #effectName(kind: string, name: SqlName): string {
    return kind === "table" ? this.#text(name) : this.#bare(name);
  }

  #dropsOf(statement: StatementFacts): readonly string[] {
    return statement.definitions.flatMap((definition) =>
      definition.k === "drop" && definition.kind === "table"
        ? definition.names.map((name) => this.#text(name))
        : [],
    );
  }

  #fold(name: string): string {
    return foldIdentifier(name, this.#dialect);
  }

  #bare(name: SqlName): string {
    return foldIdentifier(name.name, this.#dialect);
  }

  #text(name: SqlName): string {
    return nameText(name, this.#dialect).replace(/^public\./, "");
  }
}

function wordsOf(change: TableChange): string {
  if (change.k === "set-nullable" && change.nullable) return "ALTER COLUMN DROP NOT NULL";
  if (change.k === "set-default" && change.default === null) return "ALTER COLUMN DROP DEFAULT";
  return CHANGE_WORDS[change.k] || optionWords(change);
}

/** `ENABLE ROW LEVEL SECURITY` of what changes no column. */
function optionWords(change: TableChange): string {
  const text = "text" in change ? change.text : "";
  return (/^[A-Za-z_]+(?:\s+[A-Z_]+)*/.exec(text)?.[0] ?? text.slice(0, 20))
    .replace(/\s+/g, " ")
    .toUpperCase();
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
