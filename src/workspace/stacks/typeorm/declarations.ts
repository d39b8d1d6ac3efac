import { dottedName, type Expression } from "../../languages/expression.ts";
import { dictOf, type PlacedValue, type ValueTable } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { type AppliedDecorator, appliedDecorators } from "./decorators.ts";
import type { PropertyFact, SchemaEntry } from "./facts.ts";

export type ColumnKind =
  | "column"
  | "primary"
  | "generated"
  | "create-date"
  | "update-date"
  | "delete-date"
  | "version"
  | "tree-level"
  /** Written by nobody: it follows from a decorator of the class. */
  | "implied";

/** A column as an entity declares it, in either notation. */
export interface ColumnDeclaration {
  readonly property: string;
  readonly uri: string;
  readonly kind: ColumnKind;
  /** `increment`, `uuid`, `identity`; null for a column that nothing generates. */
  readonly strategy: string | null;
  readonly written: string | null;
  readonly annotation: string | null;
  readonly options: ReadonlyMap<string, Expression>;
  readonly documentation: string | null;
  readonly source: SourceRef;
  /** Names of the embedded objects around it, from the outside in, with the prefix each gives to columns. */
  readonly embedded: readonly string[];
  readonly prefixes: readonly string[];
  readonly inheritedFrom: string | null;
}

export interface RelationDeclaration {
  readonly property: string;
  readonly uri: string;
  readonly kind: "one-to-one" | "one-to-many" | "many-to-one" | "many-to-many";
  /** A class, a function that gives one, or a name in quotes. */
  readonly target: Expression;
  /** Property on the other side. */
  readonly inverse: string | null;
  readonly options: ReadonlyMap<string, Expression>;
  /** Options of each `@JoinColumn`; null where there is none. */
  readonly joinColumns: readonly ReadonlyMap<string, Expression>[] | null;
  /** Options of `@JoinTable`; null where there is none. */
  readonly joinTable: ReadonlyMap<string, Expression> | null;
  readonly primary: boolean;
  readonly source: SourceRef;
}

const COLUMNS: Readonly<Record<string, ColumnKind>> = {
  Column: "column",
  PrimaryColumn: "primary",
  PrimaryGeneratedColumn: "generated",
  CreateDateColumn: "create-date",
  UpdateDateColumn: "update-date",
  DeleteDateColumn: "delete-date",
  VersionColumn: "version",
  ViewColumn: "column",
  VirtualColumn: "column",
  TreeLevelColumn: "tree-level",
};
const RELATIONS: Readonly<Record<string, RelationDeclaration["kind"]>> = {
  OneToOne: "one-to-one",
  OneToMany: "one-to-many",
  ManyToOne: "many-to-one",
  ManyToMany: "many-to-many",
};

export interface PropertyPlace {
  readonly uri: string;
  readonly inheritedFrom: string | null;
  readonly embedded: readonly string[];
  readonly prefixes: readonly string[];
}

/** What the decorators of a property say: a column, an embedded object, a relation; null when none of them. */
export function readProperty(
  values: ValueTable,
  property: PropertyFact,
  place: PropertyPlace,
):
  | { readonly k: "column"; readonly column: ColumnDeclaration }
  | { readonly k: "relation"; readonly relation: RelationDeclaration }
  | { readonly k: "embedded"; readonly target: Expression; readonly prefix: Expression | null }
  | null {
  const { uri } = place;
  const named = property.decorators.flatMap((decorator) => appliedDecorators(values, uri, decorator));
  const source = { uri, range: rangeOf(property.span), hash: property.hash };
  const relation = named.find(({ name }) => name !== null && name in RELATIONS);
  const primary = named.some(({ name }) => name === "PrimaryColumn");
  if (relation) {
    return {
      k: "relation",
      relation: readRelation(values, property, named, relation, primary, source),
    };
  }
  // Of several decorators the one that says most, `@PrimaryColumn() @Generated("uuid")`, or the last: it applies first.
  const column =
    named.find(({ name }) => name === "PrimaryGeneratedColumn" || name === "PrimaryColumn") ??
    named.findLast(({ name }) => name !== null && name in COLUMNS && name !== "VirtualColumn");
  if (!column?.name) return null;
  const { args } = column;
  const [first] = args;
  const written = args.find((value) => optionsLike(values, column.uri, value));
  const placed = written && values.valueOf(column.uri, written);
  const options = placed ? mergedOptions(values, placed) : new Map<string, Expression>();
  if (first?.k === "function") {
    const prefix = options.get("prefix") ?? null;
    return { k: "embedded", target: first, prefix };
  }
  const kind = COLUMNS[column.name] ?? "column";
  const generated = named.find(({ name }) => name === "Generated");
  const text = first && first.k !== "dict" ? (values.textOf(column.uri, first) ?? dottedName(first)) : null;
  const strategy =
    kind === "generated"
      ? (text ?? "increment")
      : generated
        ? (values.textOf(generated.uri, generated.args[0]) ?? "increment")
        : null;
  return {
    k: "column",
    column: {
      property: property.name,
      uri: column.uri,
      kind,
      strategy,
      written:
        typeName(values, column.uri, options.get("type")) ??
        (kind === "generated" || optionsLike(values, column.uri, first) ? null : text),
      annotation: property.type,
      options,
      documentation: property.documentation ?? values.textOf(column.uri, options.get("comment")),
      source,
      embedded: place.embedded,
      prefixes: place.prefixes,
      inheritedFrom: place.inheritedFrom,
    },
  };
}

function optionsLike(values: ValueTable, uri: string, value: Expression | undefined): boolean {
  return resolved(values, uri, value)?.k === "dict";
}

function resolved(values: ValueTable, uri: string, value: Expression | undefined): Expression | undefined {
  if (!value) return undefined;
  if (value.k !== "name" && value.k !== "member") return value;
  return values.valueOf(uri, value)?.value;
}

/** `type: "varchar"`, `type: String`. */
function typeName(values: ValueTable, uri: string, value: Expression | undefined): string | null {
  if (!value) return null;
  return values.textOf(uri, value) ?? dottedName(value);
}

function readRelation(
  values: ValueTable,
  property: PropertyFact,
  named: readonly AppliedDecorator[],
  { name, args, uri }: AppliedDecorator,
  primary: boolean,
  source: SourceRef,
): RelationDeclaration {
  const joins = named.filter((entry) => entry.name === "JoinColumn");
  const table = named.find((entry) => entry.name === "JoinTable");
  const options = dictOf(args.slice(1).find((value) => optionsLike(values, uri, value)));
  const second = args[1];
  return {
    property: property.name,
    uri,
    kind: RELATIONS[name ?? ""] ?? "many-to-one",
    target: args[0] ?? { k: "name", value: "undefined", span: [0, 0, 0, 0] },
    inverse: second ? inverseOf(values, uri, second) : null,
    options,
    joinColumns:
      joins.length === 0
        ? null
        : joins.flatMap((join) => {
            const [first] = join.args;
            return first?.k === "list" ? first.items.map((item) => dictOf(item)) : [dictOf(first)];
          }),
    joinTable: table ? dictOf(table.args[0]) : null,
    primary,
    source,
  };
}

/** `"posts"`, `(user) => user.posts`. */
function inverseOf(values: ValueTable, uri: string, value: Expression): string | null {
  if (value.k === "string") return value.value;
  const result = value.k === "function" ? values.resultOf(uri, value)?.value : null;
  if (result?.k !== "member") return null;
  const path = dottedName(result);
  return path === null ? null : path.slice(path.indexOf(".") + 1);
}

/** A column of an `EntitySchema`. */
export function schemaColumn(values: ValueTable, uri: string, entry: SchemaEntry): ColumnDeclaration | null {
  const found = entry.name === null ? null : values.valueOf(uri, entry.value);
  if (entry.name === null || found?.value.k !== "dict") return null;
  const options = mergedOptions(values, found);
  const flag = (name: string) => isTrue(options.get(name));
  const generated = options.get("generated");
  const kind: ColumnKind = flag("createDate")
    ? "create-date"
    : flag("updateDate")
      ? "update-date"
      : flag("deleteDate")
        ? "delete-date"
        : flag("version")
          ? "version"
          : flag("primary")
            ? generated
              ? "generated"
              : "primary"
            : "column";
  return {
    property: entry.name,
    uri: found.uri,
    kind,
    strategy: generated ? (isTrue(generated) ? "increment" : values.textOf(found.uri, generated)) : null,
    written: typeName(values, found.uri, options.get("type")),
    annotation: null,
    options,
    documentation: values.textOf(found.uri, options.get("comment")),
    source: { uri, range: rangeOf(entry.span), hash: entry.hash },
    embedded: [],
    prefixes: [],
    inheritedFrom: null,
  };
}

export function schemaRelation(
  values: ValueTable,
  uri: string,
  entry: SchemaEntry,
): RelationDeclaration | null {
  const found = entry.name === null ? null : values.valueOf(uri, entry.value);
  if (entry.name === null || found?.value.k !== "dict") return null;
  const options = mergedOptions(values, found);
  const kind = values.textOf(found.uri, options.get("type"));
  const target = options.get("target");
  if (!target || kind === null || !Object.values(RELATIONS).some((known) => known === kind)) return null;
  const join = options.get("joinColumn");
  const table = options.get("joinTable");
  return {
    property: entry.name,
    uri: found.uri,
    kind: kind as RelationDeclaration["kind"],
    target,
    inverse: options.has("inverseSide")
      ? inverseOf(values, found.uri, options.get("inverseSide") ?? target)
      : null,
    options,
    joinColumns: !join ? null : join.k === "list" ? join.items.map((item) => dictOf(item)) : [dictOf(join)],
    joinTable: table ? dictOf(table) : null,
    primary: isTrue(options.get("primary")),
    source: { uri, range: rangeOf(entry.span), hash: entry.hash },
  };
}

/** Options with those that are spread in: `{...BaseColumn, nullable: true}`. */
function mergedOptions(values: ValueTable, { uri, value }: PlacedValue): ReadonlyMap<string, Expression> {
  const options = new Map<string, Expression>();
  if (value.k !== "dict") return options;
  for (const [key, entry] of value.entries) {
    if (key.k === "string") options.set(key.value, entry);
    else if (key.k === "name" && key.value === "...") {
      const spread = values.valueOf(uri, entry);
      for (const [name, inner] of spread ? mergedOptions(values, spread) : []) options.set(name, inner);
    }
  }
  return options;
}

export function isTrue(value: Expression | undefined): boolean {
  return value?.k === "name" && value.value === "true";
}

export function isFalse(value: Expression | undefined): boolean {
  return value?.k === "name" && value.value === "false";
}
