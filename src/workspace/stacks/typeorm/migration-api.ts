import type { SqlDialect } from "../../ir/query.ts";
import type { Expression } from "../../languages/expression.ts";
import { dictOf, itemsOf, type ValueTable } from "../../languages/typescript/value-table.ts";
import type { StepFact } from "./facts.ts";
import { hashedName } from "./naming.ts";

type Options = ReadonlyMap<string, Expression>;

/** The statements that a call on the query runner becomes; null where they cannot be told from the source. */
export function statementsOf(
  values: ValueTable,
  uri: string,
  { method, args }: StepFact,
  dialect: SqlDialect,
): readonly string[] | null {
  const writer = new StatementWriter(values, uri, dialect);
  const [first, second, third] = args;
  const table = first ? writer.tableName(first) : null;
  if (table === null || !first) return null;
  switch (method) {
    case "createTable":
      return writer.createTable(writer.optionsOf(first));
    case "dropTable":
      return [`DROP TABLE ${writer.quoted(table)}`];
    case "renameTable": {
      const to = second ? writer.tableName(second) : null;
      return to === null ? null : [`ALTER TABLE ${writer.quoted(table)} RENAME TO ${writer.quoted(to)}`];
    }
    case "addColumn":
    case "addColumns":
      return every(itemsOf(second), (item) => {
        const column = writer.column(writer.optionsOf(item));
        return column && `ALTER TABLE ${writer.quoted(table)} ADD ${column}`;
      });
    case "dropColumn":
    case "dropColumns":
      return every(itemsOf(second), (item) => {
        const name = writer.nameOf(item);
        return name && `ALTER TABLE ${writer.quoted(table)} DROP COLUMN ${writer.quoted(name)}`;
      });
    case "renameColumn": {
      const [from, to] = [second && writer.nameOf(second), third && writer.nameOf(third)];
      return from && to
        ? [`ALTER TABLE ${writer.quoted(table)} RENAME COLUMN ${writer.quoted(from)} TO ${writer.quoted(to)}`]
        : null;
    }
    case "createIndex":
    case "createIndices":
      return every(itemsOf(second), (item) => writer.index(table, writer.optionsOf(item)));
    case "dropIndex":
      return every(itemsOf(second), (item) => {
        const name = writer.nameOf(item);
        return (
          name &&
          `DROP INDEX ${writer.quoted(name)}${dialect === "mysql" ? ` ON ${writer.quoted(table)}` : ""}`
        );
      });
    case "createForeignKey":
    case "createForeignKeys":
      return every(itemsOf(second), (item) => {
        const key = writer.foreignKey(table, writer.optionsOf(item));
        return key && `ALTER TABLE ${writer.quoted(table)} ADD ${key}`;
      });
    case "createUniqueConstraint":
    case "createUniqueConstraints":
      return every(itemsOf(second), (item) => {
        const key = writer.unique(table, writer.optionsOf(item));
        return key && `ALTER TABLE ${writer.quoted(table)} ADD ${key}`;
      });
    case "createCheckConstraint":
      return every(itemsOf(second), (item) => {
        const options = writer.optionsOf(item);
        const expression = writer.text(options.get("expression"));
        return (
          expression &&
          `ALTER TABLE ${writer.quoted(table)} ADD ${writer.named(options)}CHECK (${expression})`
        );
      });
    case "createPrimaryKey": {
      const names = itemsOf(second).flatMap((item) => writer.text(item) ?? []);
      const name = hashedName("PK", table, names);
      return [
        `ALTER TABLE ${writer.quoted(table)} ADD CONSTRAINT ${writer.quoted(name)} PRIMARY KEY (${writer.list(names)})`,
      ];
    }
    case "dropForeignKey":
    case "dropUniqueConstraint":
    case "dropCheckConstraint":
      return every(itemsOf(second), (item) => {
        const name = writer.nameOf(item);
        const word = dialect === "mysql" && method === "dropForeignKey" ? "FOREIGN KEY" : "CONSTRAINT";
        return name && `ALTER TABLE ${writer.quoted(table)} DROP ${word} ${writer.quoted(name)}`;
      });
    case "clearTable":
      return [`TRUNCATE TABLE ${writer.quoted(table)}`];
    case "createSchema":
      return [`CREATE SCHEMA ${writer.quoted(table)}`];
    case "dropSchema":
      return [`DROP SCHEMA ${writer.quoted(table)}`];
    default:
      return null;
  }
}

function every(
  items: readonly Expression[],
  write: (item: Expression) => string | null,
): readonly string[] | null {
  const texts = items.map(write);
  return texts.length === 0 || texts.some((text) => !text) ? null : texts.filter((text) => text !== null);
}

class StatementWriter {
  readonly #values: ValueTable;
  readonly #uri: string;
  readonly #dialect: SqlDialect;

  constructor(values: ValueTable, uri: string, dialect: SqlDialect) {
    this.#values = values;
    this.#uri = uri;
    this.#dialect = dialect;
  }

  /** Options of `new Table({…})`, `{…}`, or a constant that holds one. */
  optionsOf(value: Expression): Options {
    const found = this.#values.valueOf(this.#uri, value)?.value ?? value;
    return dictOf(found.k === "call" ? found.args[0]?.value : found);
  }

  tableName(value: Expression): string | null {
    return this.text(value) ?? this.text(this.optionsOf(value).get("name"));
  }

  nameOf(value: Expression): string | null {
    return this.tableName(value);
  }

  text(value: Expression | undefined): string | null {
    return this.#values.textOf(this.#uri, value);
  }

  quoted(name: string): string {
    const mark = this.#dialect === "mysql" ? "`" : '"';
    return name
      .split(".")
      .map((part) => `${mark}${part}${mark}`)
      .join(".");
  }

  list(names: readonly string[]): string {
    return names.map((name) => this.quoted(name)).join(", ");
  }

  named(options: Options): string {
    const name = this.text(options.get("name"));
    return name === null ? "" : `CONSTRAINT ${this.quoted(name)} `;
  }

  createTable(options: Options): readonly string[] | null {
    const table = this.text(options.get("name"));
    const declared = itemsOf(options.get("columns")).map((item) => this.optionsOf(item));
    const columns = declared.map((column) => this.column(column));
    if (table === null || columns.length === 0 || columns.some((column) => column === null)) return null;
    const keys = (name: string, write: (key: Options) => string | null) =>
      itemsOf(options.get(name)).flatMap((item) => write(this.optionsOf(item)) ?? []);
    const primary = declared.flatMap((column) =>
      isTrue(column.get("isPrimary")) ? (this.text(column.get("name")) ?? []) : [],
    );
    const unique = declared.flatMap((column) =>
      isTrue(column.get("isUnique")) ? (this.text(column.get("name")) ?? []) : [],
    );
    const parts = [
      ...columns,
      ...keys("uniques", (key) => this.unique(table, key)),
      ...unique.map(
        (name) => `CONSTRAINT ${this.quoted(hashedName("UQ", table, [name]))} UNIQUE (${this.quoted(name)})`,
      ),
      ...keys("checks", (key) => `${this.named(key)}CHECK (${this.text(key.get("expression")) ?? "…"})`),
      ...(primary.length === 0
        ? []
        : [
            `CONSTRAINT ${this.quoted(hashedName("PK", table, primary))} PRIMARY KEY (${this.list(primary)})`,
          ]),
      ...keys("foreignKeys", (key) => this.foreignKey(table, key)),
    ];
    return [
      `CREATE TABLE ${this.quoted(table)} (${parts.join(", ")})`,
      ...itemsOf(options.get("indices")).flatMap((item) => this.index(table, this.optionsOf(item)) ?? []),
    ];
  }

  column(options: Options): string | null {
    const name = this.text(options.get("name"));
    const type = this.text(options.get("type"));
    if (name === null || type === null) return null;
    const sizes = this.text(options.get("length")) ?? this.#precision(options);
    const strategy = isTrue(options.get("isGenerated"))
      ? (this.text(options.get("generationStrategy")) ?? "increment")
      : null;
    const words = [
      this.quoted(name),
      this.#typeWord(type, strategy) +
        (sizes === null ? "" : `(${sizes})`) +
        (isTrue(options.get("isArray")) ? " array" : ""),
      isTrue(options.get("isNullable")) ? null : "NOT NULL",
      this.#default(options, strategy),
      this.#dialect === "mysql" && strategy === "increment" ? "AUTO_INCREMENT" : null,
    ];
    return words.filter((word) => word !== null).join(" ");
  }

  index(table: string, options: Options): string | null {
    const columns = itemsOf(options.get("columnNames")).flatMap((item) => this.text(item) ?? []);
    if (columns.length === 0) return null;
    const where = this.text(options.get("where"));
    const name = this.text(options.get("name")) ?? hashedName("IDX", table, columns, where);
    const unique = isTrue(options.get("isUnique")) ? "UNIQUE " : "";
    return `CREATE ${unique}INDEX ${this.quoted(name)} ON ${this.quoted(table)} (${this.list(columns)})${where === null ? "" : ` WHERE ${where}`}`;
  }

  unique(table: string, options: Options): string | null {
    const columns = itemsOf(options.get("columnNames")).flatMap((item) => this.text(item) ?? []);
    if (columns.length === 0) return null;
    const name = this.text(options.get("name")) ?? hashedName("UQ", table, columns);
    return `CONSTRAINT ${this.quoted(name)} UNIQUE (${this.list(columns)})`;
  }

  foreignKey(table: string, options: Options): string | null {
    const columns = itemsOf(options.get("columnNames")).flatMap((item) => this.text(item) ?? []);
    const target = this.text(options.get("referencedTableName"));
    const referenced = itemsOf(options.get("referencedColumnNames")).flatMap((item) => this.text(item) ?? []);
    if (columns.length === 0 || target === null) return null;
    const name = this.text(options.get("name")) ?? hashedName("FK", table, columns);
    const action = (key: string, word: string) => {
      const written = this.text(options.get(key));
      return written === null ? "" : ` ${word} ${written}`;
    };
    return `CONSTRAINT ${this.quoted(name)} FOREIGN KEY (${this.list(columns)}) REFERENCES ${this.quoted(target)}(${this.list(referenced)})${action("onDelete", "ON DELETE")}${action("onUpdate", "ON UPDATE")}`;
  }

  #typeWord(type: string, strategy: string | null): string {
    if (strategy !== "increment" || this.#dialect === "mysql" || this.#dialect === "sqlite") return type;
    return { int: "SERIAL", integer: "SERIAL", bigint: "BIGSERIAL", smallint: "SMALLSERIAL" }[type] ?? type;
  }

  #precision(options: Options): string | null {
    const precision = this.text(options.get("precision"));
    const scale = this.text(options.get("scale"));
    return precision === null ? null : scale === null ? precision : `${precision},${scale}`;
  }

  #default(options: Options, strategy: string | null): string | null {
    if (strategy === "uuid" && this.#dialect !== "mysql" && this.#dialect !== "sqlite")
      return "DEFAULT uuid_generate_v4()";
    const value = options.get("default");
    const text = value?.k === "name" ? value.value : this.text(value);
    return text === null || text === "undefined" ? null : `DEFAULT ${text}`;
  }
}

function isTrue(value: Expression | undefined): boolean {
  return value?.k === "name" && value.value === "true";
}
