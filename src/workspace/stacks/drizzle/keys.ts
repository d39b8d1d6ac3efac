import type { Constraint, Index, IndexColumn, ReferentialAction } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { dictOf, itemsOf } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { FoundColumn } from "./columns.ts";
import type { EntryFact } from "./facts.ts";
import type { DrizzleSchema, FoundTable } from "./schema.ts";
import { sqlText } from "./sql-text.ts";

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly FoundColumn[];
  readonly target: FoundTable;
  /** Keys of the columns in the other table's object. */
  readonly targetKeys: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly source: SourceRef;
}

/** Keys, indexes and constraints of a table. */
export interface TableKeys {
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
}

interface Link {
  readonly name: string;
  readonly args: readonly Expression[];
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  cascade: "cascade",
  restrict: "restrict",
  "set null": "set-null",
  "set default": "set-default",
  "no action": "no-action",
};

export function keysOf(
  schema: DrizzleSchema,
  table: FoundTable,
  columns: readonly FoundColumn[],
  nameIn: (table: FoundTable, key: string) => string,
): TableKeys {
  const reader = new KeyReader(schema, table, columns, nameIn);
  for (const column of columns) reader.column(column);
  for (const entry of table.fact.extras) reader.extra(entry);
  return reader.finish();
}

class KeyReader {
  readonly #schema: DrizzleSchema;
  readonly #table: FoundTable;
  readonly #columns: readonly FoundColumn[];
  readonly #nameIn: (table: FoundTable, key: string) => string;
  readonly #primary: string[] = [];
  #primarySource: SourceRef | null = null;
  #primaryName: string | null = null;
  readonly #foreignKeys: ForeignKey[] = [];
  readonly #indexes: Index[] = [];
  readonly #constraints: Constraint[] = [];

  constructor(
    schema: DrizzleSchema,
    table: FoundTable,
    columns: readonly FoundColumn[],
    nameIn: (table: FoundTable, key: string) => string,
  ) {
    this.#schema = schema;
    this.#table = table;
    this.#columns = columns;
    this.#nameIn = nameIn;
  }

  column(column: FoundColumn): void {
    const { modifiers, name, source } = column;
    if (modifiers.has("primaryKey")) {
      this.#primary.push(name);
      this.#primarySource ??= source;
    }
    const unique = modifiers.get("unique");
    if (unique) {
      const given = this.#schema.values.textOf(column.uri, unique[0]);
      this.#unique(given ?? `${this.#table.table}_${name}_unique`, [name], "field", source);
    }
    const references = modifiers.get("references");
    if (references) this.#references(column, references);
  }

  extra({ value, span, hash }: EntryFact): void {
    const links = linksOf(value);
    const [start] = links;
    const uri = this.#table.uri;
    const builder = start && value.k === "call" ? this.#schema.builderName(uri, calleeOf(value)) : null;
    const source = { uri, range: rangeOf(span), hash };
    if (!builder || !start) return;
    const [first] = start.args;
    switch (builder.name) {
      case "index":
      case "uniqueIndex":
        this.#index(builder.name === "uniqueIndex", links, source);
        break;
      case "unique": {
        const on = links.find(({ name }) => name === "on")?.args ?? [];
        const names = on.map((item) => this.#columnName(item)).filter((name) => name !== null);
        const given = this.#schema.values.textOf(uri, first);
        this.#unique(given ?? `${this.#table.table}_${names.join("_")}_unique`, names, "unique", source);
        break;
      }
      case "primaryKey": {
        const options = dictOf(first);
        const listed = first?.k === "dict" ? itemsOf(options.get("columns")) : start.args;
        const names = listed.map((item) => this.#columnName(item)).filter((name) => name !== null);
        this.#primary.push(...names);
        this.#primarySource ??= source;
        this.#primaryName =
          this.#schema.values.textOf(uri, options.get("name")) ??
          `${this.#table.table}_${names.join("_")}_pk`;
        break;
      }
      case "foreignKey":
        this.#foreignKey(dictOf(first), links, source);
        break;
      case "check":
        this.#constraints.push({
          kind: "check",
          name: this.#schema.values.textOf(uri, first),
          columns: [],
          expression: start.args[1] ? this.#sql(start.args[1]) : null,
          deferrable: false,
          source,
        });
    }
  }

  finish(): TableKeys {
    if (this.#primary.length > 0 && this.#primarySource) {
      const name =
        this.#primaryName ?? (this.#table.dialect === "postgresql" ? `${this.#table.table}_pkey` : null);
      const shared = { name, source: this.#primarySource };
      this.#constraints.unshift({
        ...shared,
        kind: "primary-key",
        columns: this.#primary,
        expression: null,
        deferrable: false,
      });
      this.#indexes.unshift({
        ...shared,
        columns: this.#primary.map(plain),
        include: [],
        method: "btree",
        unique: true,
        predicate: null,
        origin: "primary-key",
      });
    }
    this.#impliedIndexes();
    return {
      primaryKey: this.#primary,
      foreignKeys: this.#foreignKeys,
      indexes: this.#indexes,
      constraints: this.#constraints,
    };
  }

  /** InnoDB makes an index for a foreign key that has none. */
  #impliedIndexes(): void {
    if (this.#table.dialect !== "mysql") return;
    for (const { columns, name, source } of this.#foreignKeys) {
      const covered = this.#indexes.some((index) =>
        columns.every((column, at) => index.columns[at]?.column === column.name),
      );
      if (covered) continue;
      this.#indexes.push({
        name,
        columns: columns.map((column) => plain(column.name)),
        include: [],
        method: "btree",
        unique: false,
        predicate: null,
        origin: "foreign-key",
        source,
      });
    }
  }

  #unique(name: string, columns: readonly string[], origin: "field" | "unique", source: SourceRef): void {
    this.#constraints.push({ kind: "unique", name, columns, expression: null, deferrable: false, source });
    this.#indexes.push({
      name,
      columns: columns.map(plain),
      include: [],
      method: "btree",
      unique: true,
      predicate: null,
      origin,
      source,
    });
  }

  #index(unique: boolean, links: readonly Link[], source: SourceRef): void {
    const { values } = this.#schema;
    const uri = this.#table.uri;
    let columns: readonly Expression[] = [];
    let method = "btree";
    let predicate: string | null = null;
    for (const { name, args } of links) {
      if (name === "on" || name === "onOnly") columns = args;
      if (name === "using") {
        const written = values.textOf(uri, args[0]);
        // Before 0.31 `using` took SQL; since then the method, followed by the columns.
        if (written !== null) [method, columns] = [written, args.length > 1 ? args.slice(1) : columns];
        else
          method =
            /\b(gin|gist|hash|brin|btree|hnsw|ivfflat)\b/i.exec(this.#sql(args[0]) ?? "")?.[1] ?? method;
      }
      if (name === "where" && args[0]) predicate = this.#sql(args[0]);
    }
    this.#indexes.push({
      name: values.textOf(uri, links[0]?.args[0]) ?? this.#indexName(columns),
      columns: columns.map((item) => this.#indexColumn(item)),
      include: [],
      method,
      unique,
      predicate,
      origin: "declared",
      source,
    });
  }

  #indexName(columns: readonly Expression[]): string {
    const names = columns.map((item) => this.#columnName(baseOf(item)) ?? "expr");
    return `${this.#table.table}_${names.join("_")}_index`;
  }

  #indexColumn(item: Expression): IndexColumn {
    let order: IndexColumn["order"] = "asc";
    let nulls: IndexColumn["nulls"] = null;
    let opclass: string | null = null;
    for (const { name, args } of linksOf(item)) {
      if (name === "desc") order = "desc";
      if (name === "nullsFirst") nulls = "first";
      if (name === "nullsLast") nulls = "last";
      if (name === "op") opclass = this.#schema.values.textOf(this.#table.uri, args[0]);
    }
    const column = this.#columnName(baseOf(item));
    const expression = column === null ? (this.#sql(baseOf(item)) ?? "…") : null;
    return { column, expression, order, nulls, opclass };
  }

  #references(column: FoundColumn, args: readonly Expression[]): void {
    const [target, options] = args;
    const result = target && this.#schema.values.resultOf(column.uri, target);
    const found = result && this.#schema.columnOf(result.uri, result.value);
    if (found) this.#addForeignKey(null, [column], found.table, [found.key], dictOf(options), column.source);
    else if (result?.value.k === "member" && dottedName(result.value.of) === this.#table.fact.name) {
      this.#addForeignKey(null, [column], this.#table, [result.value.name], dictOf(options), column.source);
    }
  }

  #foreignKey(options: ReadonlyMap<string, Expression>, links: readonly Link[], source: SourceRef): void {
    const columns = itemsOf(options.get("columns")).flatMap((item) => this.#column(item) ?? []);
    const foreign = itemsOf(options.get("foreignColumns"));
    const targets = foreign.flatMap(
      (item) => this.#schema.columnOf(this.#table.uri, item) ?? this.#own(item),
    );
    const [first] = targets;
    if (!first || columns.length === 0) return;
    const actions = new Map(options);
    for (const { name, args } of links) if (args[0]) actions.set(name, args[0]);
    const name = this.#schema.values.textOf(this.#table.uri, options.get("name"));
    this.#addForeignKey(
      name,
      columns,
      first.table,
      targets.map(({ key }) => key),
      actions,
      source,
    );
  }

  /** `foreignColumns: [t.id]`: a table that refers to itself. */
  #own(item: Expression): readonly { readonly table: FoundTable; readonly key: string }[] {
    const column = this.#column(item);
    return column ? [{ table: this.#table, key: column.key }] : [];
  }

  #addForeignKey(
    given: string | null,
    columns: readonly FoundColumn[],
    target: FoundTable,
    targetKeys: readonly string[],
    options: ReadonlyMap<string, Expression>,
    source: SourceRef,
  ): void {
    const own = columns.map(({ name }) => name);
    const others = targetKeys.map((key) => this.#nameIn(target, key));
    const name = given ?? [this.#table.table, ...own, target.table, ...others, "fk"].join("_");
    const action = (key: string) =>
      ACTIONS[this.#schema.values.textOf(this.#table.uri, options.get(key)) ?? ""] ?? "no-action";
    this.#constraints.push({
      kind: "foreign-key",
      name,
      columns: own,
      expression: null,
      deferrable: false,
      source,
    });
    this.#foreignKeys.push({
      name,
      columns,
      target,
      targetKeys,
      onDelete: action("onDelete"),
      onUpdate: action("onUpdate"),
      source,
    });
  }

  /** `t.email`, `users.email`, and for a destructured parameter `email`. */
  #column(value: Expression): FoundColumn | null {
    const key = value.k === "member" ? value.name : value.k === "name" ? value.value : null;
    const of = value.k === "member" ? dottedName(value.of) : null;
    const { extrasParameter, name } = this.#table.fact;
    if (value.k === "member" && of !== extrasParameter && of !== name) return null;
    return this.#columns.find((column) => column.key === key) ?? null;
  }

  #columnName(value: Expression): string | null {
    return this.#column(value)?.name ?? null;
  }

  #sql(value: Expression | undefined): string | null {
    if (!value) return null;
    const text = sqlText(this.#schema, this.#table.uri, value, (part) => this.#columnName(part));
    if (text !== null) return text;
    return this.#comparison(value);
  }

  /** `where(isNull(t.deletedAt))`, `where(eq(t.state, "open"))`: the operators of Drizzle as SQL. */
  #comparison(value: Expression): string | null {
    if (value.k !== "call")
      return this.#columnName(value) ?? this.#schema.values.textOf(this.#table.uri, value);
    const parts = value.args.map((argument) => this.#sql(argument.value) ?? "…");
    const [left = "…", right = "…"] = parts;
    const literal = (text: string, at: number) => (value.args[at]?.value.k === "string" ? `'${text}'` : text);
    const name = dottedName(value.callee) ?? "";
    const operator = OPERATORS[name];
    if (operator) return `${left} ${operator} ${literal(right, 1)}`;
    if (name === "isNull") return `${left} IS NULL`;
    if (name === "isNotNull") return `${left} IS NOT NULL`;
    if (name === "and" || name === "or") return parts.join(` ${name.toUpperCase()} `);
    if (name === "not") return `NOT (${left})`;
    return name === "" ? null : `${name}(…)`;
  }
}

const OPERATORS: Readonly<Record<string, string>> = {
  eq: "=",
  ne: "<>",
  gt: ">",
  gte: ">=",
  lt: "<",
  lte: "<=",
};

function plain(column: string): IndexColumn {
  return { column, expression: null, order: "asc", nulls: null, opclass: null };
}

/** Calls of a chain from the first on; the first has the name of the function. */
function linksOf(value: Expression): readonly Link[] {
  const links: Link[] = [];
  let at = value;
  while (at.k === "call") {
    const args = at.args.map((argument) => argument.value);
    if (at.callee.k === "member") {
      links.push({ name: at.callee.name, args });
      at = at.callee.of;
    } else {
      links.push({ name: dottedName(at.callee) ?? "", args });
      break;
    }
  }
  return links.reverse();
}

/** What is called first in a chain: `index` of `index("a").on(t.b)`, `pg.index` too. */
function calleeOf(value: Expression): Expression {
  let at = value;
  while (at.k === "call" && at.callee.k === "member" && at.callee.of.k === "call") at = at.callee.of;
  return at.k === "call" ? at.callee : at;
}

/** `t.name` of `t.name.desc().nullsLast()`. */
function baseOf(value: Expression): Expression {
  let at = value;
  while (at.k === "call" && at.callee.k === "member") at = at.callee.of;
  return at;
}
