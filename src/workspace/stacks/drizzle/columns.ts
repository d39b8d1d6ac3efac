import type { Gap } from "../../ir/entry.ts";
import type { Field, FieldDefault, FieldType } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { NO_TYPE } from "../../languages/sql/column-type.ts";
import { typeOfText } from "../../languages/sql/type-text.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { dictOf, itemsOf, substituted } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { EntryFact } from "./facts.ts";
import { type BuilderOptions, isSerial, nativeOf } from "./native-types.ts";
import type { DrizzleSchema, FoundTable } from "./schema.ts";
import { sqlText } from "./sql-text.ts";

type Call = Extract<Expression, { k: "call" }>;

interface Modifier {
  readonly name: string;
  readonly args: readonly Expression[];
}

/** A column of a table: the field, and what is called on its builder. */
export interface FoundColumn {
  readonly key: string;
  readonly name: string;
  readonly uri: string;
  readonly field: Field;
  readonly modifiers: ReadonlyMap<string, readonly Expression[]>;
  readonly source: SourceRef;
}

const DEPTH = 6;

/** Columns of a table in order, with those of shared objects in their place. */
export function columnsOf(
  schema: DrizzleSchema,
  table: FoundTable,
): { readonly columns: readonly FoundColumn[]; readonly gaps: readonly Gap[] } {
  const reader = new ColumnReader(schema, table);
  reader.read(table.uri, table.fact.columns, 0);
  return { columns: [...reader.columns.values()], gaps: reader.gaps };
}

class ColumnReader {
  readonly columns = new Map<string, FoundColumn>();
  readonly gaps: Gap[] = [];
  readonly #schema: DrizzleSchema;
  readonly #table: FoundTable;

  constructor(schema: DrizzleSchema, table: FoundTable) {
    this.#schema = schema;
    this.#table = table;
  }

  read(uri: string, entries: readonly EntryFact[], depth: number): void {
    for (const entry of entries) {
      const source = { uri, range: rangeOf(entry.span), hash: entry.hash };
      if (entry.key === null) this.#spread(uri, entry, source, depth);
      else this.#column(uri, entry.key, entry.value, source);
    }
  }

  /** `...timestamps`, `...timestamps()`, `...shared.columns`. */
  #spread(uri: string, entry: EntryFact, source: SourceRef, depth: number): void {
    const named = entry.value.k === "call" ? entry.value.callee : entry.value;
    const { values } = this.#schema;
    const origin = values.originOf(uri, named);
    const found = this.#schema.columnSet(origin);
    if (found && depth < DEPTH) {
      this.read(found.uri, found.set.entries, depth + 1);
      return;
    }
    const object = values.valueOf(uri, entry.value);
    const dict = object && dictOf(object.value);
    if (object && dict && dict.size > 0) {
      for (const [key, value] of dict) this.#column(object.uri, key, value, source);
      return;
    }
    this.#gap(
      `columns of \`${dottedName(named) ?? "…"}\``,
      "what is spread into the table was not found",
      source,
    );
  }

  #column(uri: string, key: string, written: Expression, source: SourceRef): void {
    const { uri: at, value } = this.#expanded(uri, written);
    const { base, modifiers } = unchained(value);
    if (!base) {
      this.#gap(`column \`${key}\``, "what it is set to is no column builder that was understood", source);
      return;
    }
    const type = this.#typeOf(at, base, modifiers, key, source);
    const first = base.args[0]?.value;
    const given = first && first.k !== "dict" ? this.#schema.values.textOf(at, first) : null;
    const name = given ?? this.#schema.columnName(this.#table.uri, key);
    const called = new Map(modifiers.map((modifier) => [modifier.name, modifier.args]));
    const builder = this.#builderOf(at, base);
    const serial = isSerial(builder);
    const primaryKey = called.has("primaryKey");
    const identity = called.has("generatedAlwaysAsIdentity") || called.has("generatedByDefaultAsIdentity");
    const counted = called.has("autoincrement") || dictOf(called.get("primaryKey")?.[0]).has("autoIncrement");
    this.columns.set(key, {
      key,
      name,
      uri: at,
      modifiers: called,
      source,
      field: {
        name: key,
        column: name,
        type,
        nullable: !(called.has("notNull") || primaryKey || serial || identity),
        primaryKey,
        unique: called.has("unique") || primaryKey || (serial && this.#table.dialect === "mysql"),
        indexed: called.has("unique") || primaryKey,
        default: this.#default(at, called),
        generated: serial || identity || counted || called.has("generatedAlwaysAs"),
        documentation: null,
        inheritedFrom: null,
        source,
      },
    });
  }

  /** A function of the workspace that gives a column, and a name that stands for one, replaced by what they give. */
  #expanded(
    uri: string,
    written: Expression,
    depth = 0,
  ): { readonly uri: string; readonly value: Expression } {
    const { values } = this.#schema;
    const { base, callee, wrap } = innermost(written);
    if (depth > DEPTH) return { uri, value: written };
    if (base === null) {
      const set = values.valueOf(uri, callee);
      if (!set || set.value === callee) return { uri, value: written };
      const inner = this.#expanded(set.uri, set.value, depth + 1);
      return { uri: inner.uri, value: wrap(inner.value) };
    }
    if (this.#schema.builderName(uri, base.callee)) return { uri, value: written };
    const found = values.functionOf(uri, base.callee);
    const [result] = found?.fact.returned ?? [];
    if (!found || !result || result.k === "dict") return { uri, value: written };
    const given = new Map([
      ...(found.fact.defaults ?? []),
      ...found.fact.parameters.flatMap((name, index) => {
        const value = base.args[index]?.value;
        return value ? [[name, value] as const] : [];
      }),
    ]);
    const inner = this.#expanded(found.uri, substituted(result, given), depth + 1);
    return { uri: inner.uri, value: wrap(inner.value) };
  }

  /** Name of the builder: imported, or a member of what the callback around the columns gets. */
  #builderOf(uri: string, base: Call): string {
    const parameter = this.#table.fact.columnsParameter;
    if (parameter !== null && base.callee.k === "member" && dottedName(base.callee.of) === parameter) {
      return base.callee.name;
    }
    if (parameter !== null && base.callee.k === "name" && /^\{/.test(parameter)) return base.callee.value;
    return this.#schema.builderName(uri, base.callee)?.name ?? "";
  }

  #typeOf(
    uri: string,
    base: Call,
    modifiers: readonly Modifier[],
    key: string,
    source: SourceRef,
  ): FieldType {
    const { dialect } = this.#table;
    const array = modifiers.some(({ name }) => name === "array");
    const builder = this.#builderOf(uri, base);
    const options = this.#options(uri, base);
    const declared = `${dottedName(base.callee) ?? builder}${shownArguments(base)}`;
    const values = this.#allowed(uri, base);
    const whole = (type: FieldType): FieldType => ({
      ...type,
      declared,
      native: type.native !== null && array ? `${type.native}[]` : type.native,
      array: type.array || array,
      values: values.length > 0 ? values : type.values,
    });
    if (/^(?:mysql|singlestore)Enum$/.test(builder)) {
      const native = `enum(${values.map((value) => `'${value}'`).join(",")})`;
      return whole({ ...NO_TYPE.type, native, logical: "enum" });
    }
    const native = builder === "" ? null : nativeOf(dialect, builder, options);
    if (native !== null) {
      const type = typeOfText(native, dialect);
      return whole(dialect === "sqlite" ? sqliteMeaning(type, options) : type);
    }
    const made = this.#madeType(uri, base);
    if (made) return whole(made);
    this.#gap(`column \`${key}\`: type ${declared}`, "it is no builder that is known", source);
    return whole(NO_TYPE.type);
  }

  /** `pgEnum("status", […])` and `customType({dataType})`, called by the name they are set to. */
  #madeType(uri: string, base: Call): FieldType | null {
    const { values } = this.#schema;
    const made = values.valueOf(uri, base.callee);
    if (made?.value.k !== "call") return null;
    const builder = this.#schema.builderName(made.uri, made.value.callee)?.name;
    const isEnum =
      builder === "pgEnum" || (made.value.callee.k === "member" && made.value.callee.name === "enum");
    const [first, second] = made.value.args.map(({ value }) => value);
    if (isEnum) {
      return {
        ...NO_TYPE.type,
        native: values.textOf(made.uri, first),
        logical: "enum",
        values: this.#texts(made.uri, second),
      };
    }
    if (builder !== "customType" || first?.k !== "dict") return null;
    return this.#customType(made.uri, dictOf(first).get("dataType"), base);
  }

  /** What `dataType(config)` of a custom type gives for the configuration of a column. */
  #customType(uri: string, dataType: Expression | undefined, base: Call): FieldType {
    const { values } = this.#schema;
    const found = dataType && values.functionOf(uri, dataType);
    const [parameter = ""] = found?.fact.parameters ?? [];
    const config = base.args.map(({ value }) => value).find((value) => value.k === "dict");
    const given = new Map(config ? [[parameter, config] as const] : []);
    for (const result of found?.fact.returned ?? []) {
      const text = found && values.textOf(found.uri, substituted(result, given));
      if (text) return typeOfText(text, this.#table.dialect);
    }
    return NO_TYPE.type;
  }

  #options(uri: string, base: Call): BuilderOptions {
    const options: Record<string, string> = {};
    const dict = base.args.map(({ value }) => value).find((value) => value.k === "dict");
    for (const [name, value] of dictOf(dict)) {
      const text =
        value.k === "name" && /^(?:true|false)$/.test(value.value)
          ? value.value
          : this.#schema.values.textOf(uri, value);
      if (text !== null) options[name] = text;
    }
    return options;
  }

  /** Allowed values: `text({enum: […]})`, `mysqlEnum("status", […])`. */
  #allowed(uri: string, base: Call): readonly string[] {
    const args = base.args.map(({ value }) => value);
    const option = args.map((value) => dictOf(value).get("enum")).find((value) => value !== undefined);
    if (option) return this.#texts(uri, option);
    if (!/Enum$/.test(this.#builderOf(uri, base))) return [];
    return args.flatMap((value) => (value.k === "string" ? [] : this.#texts(uri, value)));
  }

  #texts(uri: string, value: Expression | undefined): readonly string[] {
    const list = value && this.#schema.values.valueOf(uri, value);
    if (list?.value.k === "dict")
      return [...dictOf(list.value).values()].flatMap((item) => this.#text(list.uri, item));
    return itemsOf(list?.value).flatMap((item) => this.#text(list?.uri ?? uri, item));
  }

  #text(uri: string, value: Expression): readonly string[] {
    const text = this.#schema.values.textOf(uri, value);
    return text === null ? [] : [text];
  }

  #default(uri: string, called: ReadonlyMap<string, readonly Expression[]>): FieldDefault | null {
    if (called.has("defaultNow"))
      return { kind: "database", text: this.#table.dialect === "mysql" ? "(now())" : "now()" };
    if (called.has("defaultRandom")) return { kind: "database", text: "gen_random_uuid()" };
    const [value] = called.get("default") ?? [];
    if (value) {
      const sql = sqlText(this.#schema, uri, value);
      if (sql !== null) return { kind: "database", text: sql };
      return { kind: "literal", text: literalText(value) };
    }
    const made =
      called.get("$defaultFn") ??
      called.get("$default") ??
      called.get("$onUpdate") ??
      called.get("$onUpdateFn");
    const [maker] = made ?? [];
    if (!maker) return null;
    const result = this.#schema.values.resultOf(uri, maker);
    return { kind: "application", text: result ? rendered(result.value) : (dottedName(maker) ?? "…") };
  }

  #gap(what: string, why: string, source: SourceRef): void {
    this.gaps.push({ what, why, source });
  }
}

/** The builder's call, and what is called on it in order. */
function unchained(value: Expression): {
  readonly base: Call | null;
  readonly modifiers: readonly Modifier[];
} {
  const modifiers: Modifier[] = [];
  let at = value;
  while (at.k === "call" && at.callee.k === "member" && at.callee.of.k === "call") {
    modifiers.push({ name: at.callee.name, args: at.args.map((argument) => argument.value) });
    at = at.callee.of;
  }
  return { base: at.k === "call" ? at : null, modifiers: modifiers.reverse() };
}

/** What stands at the start of a chain, and how to put something else in its place. */
function innermost(value: Expression): {
  readonly base: Call | null;
  readonly callee: Expression;
  readonly wrap: (inner: Expression) => Expression;
} {
  if (value.k === "call" && value.callee.k === "member") {
    const { callee } = value;
    const isChain = callee.of.k === "call" || (callee.of.k === "name" && MODIFIER.test(callee.name));
    if (isChain) {
      const inner = innermost(callee.of);
      return {
        ...inner,
        wrap: (replaced) => ({ ...value, callee: { ...callee, of: inner.wrap(replaced) } }),
      };
    }
  }
  if (value.k === "call") return { base: value, callee: value.callee, wrap: (inner) => inner };
  return { base: null, callee: value, wrap: (inner) => inner };
}

const MODIFIER = /^(?:notNull|primaryKey|unique|references|default\w*|\$\w+|array|generated\w+)$/;

/** What a column of SQLite is for: its mode says more than its type. */
function sqliteMeaning(type: FieldType, options: BuilderOptions): FieldType {
  switch (options.mode) {
    case "boolean":
      return { ...type, logical: "boolean" };
    case "timestamp":
    case "timestamp_ms":
      return { ...type, logical: "datetime" };
    case "json":
      return { ...type, logical: "json" };
    case "bigint":
      return { ...type, logical: "bigint" };
    default:
      return type;
  }
}

function shownArguments(base: Call): string {
  const options = base.args.map(({ value }) => value).find((value) => value.k === "dict");
  const shown = [...dictOf(options)].map(([name, value]) => `${name}: ${rendered(value)}`);
  return shown.length === 0 ? "" : `({ ${shown.join(", ")} })`;
}

function literalText(value: Expression): string {
  if (value.k === "dict" && value.entries.length > 0) {
    return `{${[...dictOf(value)].map(([key, entry]) => `${JSON.stringify(key)}: ${literalText(entry)}`).join(", ")}}`;
  }
  if (value.k === "list") return `[${value.items.map(literalText).join(", ")}]`;
  if (value.k === "binary" && value.left === null) return `${value.op}${literalText(value.right)}`;
  return value.k === "other" ? value.text : rendered(value);
}
