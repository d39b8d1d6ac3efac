import type { Constraint, Index, IndexColumn } from "../../ir/model.ts";
import type { Expression } from "../../languages/expression.ts";
import { dictOf, itemsOf } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { KeyDeclaration } from "./class-reader.ts";
import type { FoundColumn } from "./columns.ts";
import { isFalse, isTrue } from "./declarations.ts";
import type { Entity, EntityTable } from "./entities.ts";
import type { Join } from "./joins.ts";
import { hashedName } from "./naming.ts";

/** Indexes and constraints of one entity, with the names TypeORM gives them. */
export function keysOf(
  table: EntityTable,
  entity: Entity,
  columns: readonly FoundColumn[],
  joins: readonly Join[],
): { readonly indexes: readonly Index[]; readonly constraints: readonly Constraint[] } {
  const builder = new KeyBuilder(table, entity, columns, joins);
  builder.build();
  return builder;
}

class KeyBuilder {
  readonly indexes: Index[] = [];
  readonly constraints: Constraint[] = [];
  readonly #table: EntityTable;
  readonly #entity: Entity;
  readonly #columns: readonly FoundColumn[];
  readonly #joins: readonly Join[];

  constructor(table: EntityTable, entity: Entity, columns: readonly FoundColumn[], joins: readonly Join[]) {
    this.#table = table;
    this.#entity = entity;
    this.#columns = columns;
    this.#joins = joins;
  }

  build(): void {
    this.#primaryKey();
    for (const { unique, name, field } of this.#columns) {
      if (unique) this.#unique(null, [name], "field", field.source);
    }
    for (const join of this.#joins) this.#foreignKey(join);
    for (const key of this.#entity.keys) this.#declared(key);
    if (this.#entity.dialect === "mysql") this.#impliedIndexes();
  }

  #primaryKey(): void {
    const primary = this.#columns.filter((column) => column.primary);
    const [first] = primary;
    if (!first) return;
    const names = primary.map(({ name }) => name);
    const given = this.#entity.columns
      .map(({ options, uri }) => this.#text(uri, options.get("primaryKeyConstraintName")))
      .find((name) => name !== null);
    const name =
      this.#entity.dialect === "mysql" ? null : (given ?? hashedName("PK", this.#entity.table, names));
    const { source } = first.field;
    this.constraints.push({
      kind: "primary-key",
      name,
      columns: names,
      expression: null,
      deferrable: false,
      source,
    });
    this.indexes.push({ ...plainIndex(names, source), name, unique: true, origin: "primary-key" });
  }

  #unique(
    given: string | null,
    columns: readonly string[],
    origin: "field" | "unique",
    source: SourceRef,
  ): void {
    const { table, dialect } = this.#entity;
    // MySQL keeps what is unique as an index, and TypeORM names it as one.
    const name = given ?? hashedName(dialect === "mysql" ? "IDX" : "UQ", table, columns);
    if (dialect !== "mysql") {
      this.constraints.push({ kind: "unique", name, columns, expression: null, deferrable: false, source });
    }
    this.indexes.push({ ...plainIndex(columns, source), name, unique: true, origin });
  }

  #foreignKey({ relation, columns, enforced }: Join): void {
    const names = columns.map(({ name }) => name);
    if (names.length === 0) return;
    const { source, kind, options, uri } = relation;
    const { table, dialect } = this.#entity;
    const given = (relation.joinColumns ?? [])
      .map((join) => this.#text(uri, join.get("foreignKeyConstraintName")))
      .find((name) => name !== null);
    if (enforced) {
      this.constraints.push({
        kind: "foreign-key",
        name: given ?? hashedName("FK", table, names),
        columns: names,
        expression: null,
        deferrable: options.has("deferrable"),
        source,
      });
    }
    // A key of its own makes a one-to-one of a many-to-one; a primary key is one already.
    if (kind !== "one-to-one" || relation.primary) return;
    const name = hashedName("REL", table, names);
    if (dialect !== "mysql") {
      this.constraints.push({
        kind: "unique",
        name,
        columns: names,
        expression: null,
        deferrable: false,
        source,
      });
    }
    this.indexes.push({ ...plainIndex(names, source), name, unique: true, origin: "unique" });
  }

  #declared(key: KeyDeclaration): void {
    const source = { uri: key.uri, range: rangeOf(key.span), hash: key.hash };
    const [first, second] = key.args;
    // An entry of an `EntitySchema` is one object.
    const schema =
      key.args.length === 1 && key.property === null ? dictOf(first) : new Map<string, Expression>();
    switch (key.kind) {
      case "Index":
        this.#index(key, schema, source);
        break;
      case "Unique": {
        const name = this.#text(key.uri, schema.get("name") ?? (isFields(first) ? undefined : first));
        const fields = this.#fields(key, schema.get("columns") ?? key.args.find(isFields));
        if (fields.length > 0) this.#unique(name, fields, "unique", source);
        break;
      }
      case "Check":
      case "Exclusion": {
        const expression = this.#text(key.uri, schema.get("expression") ?? second ?? first);
        const named = schema.get("name") ?? (second ? first : undefined);
        const kind = key.kind === "Check" ? "check" : "exclusion";
        const name =
          this.#text(key.uri, named) ??
          hashedName(kind === "check" ? "CHK" : "XCL", this.#entity.table, [expression ?? ""]);
        this.constraints.push({ kind, name, columns: [], expression, deferrable: false, source });
      }
    }
  }

  #index(key: KeyDeclaration, schema: ReadonlyMap<string, Expression>, source: SourceRef): void {
    const { args, uri, property } = key;
    const options = schema.has("columns")
      ? schema
      : dictOf(
          args.find(
            (value, at) => value.k === "dict" && (at > 0 || property !== null || !args.some(isFields)),
          ),
        );
    const listed =
      schema.get("columns") ?? args.find((value) => isFields(value) && value !== schemaOf(args, options));
    const fields = property === null ? this.#fields(key, listed) : this.#namesOf(property);
    if (fields.length === 0 || isFalse(options.get("synchronize"))) return;
    const [first] = args;
    const predicate = this.#text(uri, options.get("where"));
    const given =
      this.#text(uri, options.get("name")) ??
      (first?.k === "dict" || isFields(first) ? null : this.#text(uri, first));
    const method = isTrue(options.get("spatial"))
      ? "gist"
      : isTrue(options.get("fulltext"))
        ? "fulltext"
        : (this.#text(uri, options.get("using") ?? options.get("type")) ?? "btree");
    this.indexes.push({
      ...plainIndex(fields, source),
      columns: this.#ordered(key, listed, fields),
      name: given ?? hashedName("IDX", this.#entity.table, fields, predicate),
      method,
      unique: isTrue(options.get("unique")),
      predicate,
      origin: "declared",
    });
  }

  /** `@Index({ name: 1, age: -1 })`: an object of directions. */
  #ordered(
    key: KeyDeclaration,
    listed: Expression | undefined,
    fields: readonly string[],
  ): readonly IndexColumn[] {
    const value = listed?.k === "function" ? this.#table.values.resultOf(key.uri, listed)?.value : listed;
    const directions = [...dictOf(value).values()];
    return fields.map((column, at) => {
      const direction = directions[at];
      return {
        ...plainColumn(column),
        order: direction?.k === "binary" && direction.op === "-" ? "desc" : "asc",
      };
    });
  }

  /** Columns of `["a", "b"]`, `(t) => [t.a]`, `{a: 1}`. */
  #fields(key: KeyDeclaration, value: Expression | undefined): readonly string[] {
    const result = value?.k === "function" ? this.#table.values.resultOf(key.uri, value)?.value : value;
    if (result?.k === "dict") return [...dictOf(result).keys()].flatMap((path) => this.#namesOf(path));
    return itemsOf(result).flatMap((item) => {
      const path = item.k === "member" ? pathOf(item) : this.#text(key.uri, item);
      return path === null ? [] : this.#namesOf(path);
    });
  }

  /** Columns behind the path of a property; those of its key for a relation. */
  #namesOf(path: string): readonly string[] {
    const join = this.#joins.find(({ relation }) => relation.property === path);
    if (join) return join.columns.map(({ name }) => name);
    const column = this.#columns.find((candidate) => candidate.path === path || candidate.name === path);
    if (column) return [column.name];
    // `["name"]` for all columns of an embedded object.
    return this.#columns.filter((candidate) => candidate.path.startsWith(`${path}.`)).map(({ name }) => name);
  }

  /** InnoDB makes an index for a foreign key that none of the others begins with. */
  #impliedIndexes(): void {
    for (const { columns, relation, enforced } of this.#joins) {
      const names = columns.map(({ name }) => name);
      const led = this.indexes.some((index) => names.every((name, at) => index.columns[at]?.column === name));
      if (led || !enforced || names.length === 0) continue;
      const name = hashedName("FK", this.#entity.table, names);
      this.indexes.push({ ...plainIndex(names, relation.source), name, origin: "foreign-key" });
    }
  }

  #text(uri: string, value: Expression | undefined): string | null {
    return this.#table.values.textOf(uri, value);
  }
}

function schemaOf(
  args: readonly Expression[],
  options: ReadonlyMap<string, Expression>,
): Expression | undefined {
  return options.size === 0
    ? undefined
    : args.find((value) => value.k === "dict" && dictOf(value).size === options.size && args.length > 1);
}

function isFields(value: Expression | undefined): boolean {
  return value?.k === "list" || value?.k === "function";
}

/** `t.author.id`: without the parameter. */
function pathOf(value: Expression): string | null {
  if (value.k !== "member") return null;
  const of = pathOf(value.of);
  return of === null ? value.name : `${of}.${value.name}`;
}

function plainColumn(column: string): IndexColumn {
  return { column, expression: null, order: "asc", nulls: null, opclass: null };
}

function plainIndex(columns: readonly string[], source: SourceRef): Index {
  return {
    name: null,
    columns: columns.map(plainColumn),
    include: [],
    method: "btree",
    unique: false,
    predicate: null,
    origin: "declared",
    source,
  };
}
