import type { Constraint, Index, IndexColumn } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  type Call,
  calledName,
  isTrue,
  listItems,
  positionalArguments,
  render,
  stringList,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { Written } from "../python/project.ts";
import { type ForeignKeySpec, keyOptions } from "./column-spec.ts";
import { conventionalName, type NamingKind } from "./names.ts";
import type { ModelInfo, ModelRegistry } from "./registry.ts";
import { sqlOf } from "./sql-expression.ts";

/** A key over several columns, from `ForeignKeyConstraint`. */
export interface CompositeKey extends Omit<ForeignKeySpec, "target"> {
  readonly columns: readonly string[];
  readonly targets: readonly string[];
  readonly source: SourceRef;
}

export interface TableObjects {
  readonly indexes: Index[];
  readonly constraints: Constraint[];
  readonly keys: CompositeKey[];
  /** Columns of `PrimaryKeyConstraint`. */
  readonly primaryKey: readonly string[];
}

/** Indexes, constraints and composite keys that stand beside the columns of a table. */
export function readExtras(registry: ModelRegistry, info: ModelInfo): TableObjects {
  const found = {
    indexes: [] as Index[],
    constraints: [] as Constraint[],
    keys: [] as CompositeKey[],
    primaryKey: [] as string[],
  };
  for (const written of info.extras) {
    const expression = unconditional(written.expression);
    if (expression.k !== "call") continue;
    const call = { ...written, expression };
    const source = registry.sourceOr(call, info.source);
    switch (calledName(expression)) {
      case "Index":
        found.indexes.push(readIndex(registry, info, call, source));
        break;
      case "UniqueConstraint": {
        const columns = columnsOf(registry, info, call, 0);
        const name = nameOf(registry, info, call, "uq", columns);
        found.constraints.push({
          kind: "unique",
          name,
          columns,
          expression: null,
          deferrable: isDeferrable(call),
          source,
        });
        found.indexes.push(plainIndex(name, columns, "unique", source));
        break;
      }
      case "PrimaryKeyConstraint":
        found.primaryKey.push(...columnsOf(registry, info, call, 0));
        break;
      case "CheckConstraint": {
        const [condition] = positionalArguments(call.expression);
        const text = argumentOf(call.expression, "sqltext") ?? condition;
        const expression = text ? sqlText(registry, info, { ...call, expression: text }) : null;
        found.constraints.push({
          kind: "check",
          name: nameOf(registry, info, call, "ck", []),
          columns: info.columns
            .map(({ column }) => column)
            .filter((column) => expression !== null && new RegExp(`\\b${column}\\b`).test(expression)),
          expression,
          deferrable: false,
          source,
        });
        break;
      }
      case "ForeignKeyConstraint": {
        const [own, other] = positionalArguments(call.expression);
        const local = own ?? argumentOf(call.expression, "columns");
        const remote = other ?? argumentOf(call.expression, "refcolumns");
        const columns = (listItems(local) ?? []).flatMap(
          (item) => columnName(registry, info, { ...call, expression: item }) ?? [],
        );
        const targets = (listItems(remote) ?? []).map(
          (item) => registry.project.text({ ...call, expression: item }) ?? render(item),
        );
        const options = keyOptions(registry.project, call);
        const third = positionalArguments(call.expression)[2];
        const name = options.name ?? (third ? registry.project.text({ ...call, expression: third }) : null);
        found.keys.push({ columns, targets, ...options, name, source });
        break;
      }
      case "ExcludeConstraint":
        found.constraints.push({
          kind: "exclusion",
          name: nameOf(registry, info, call, "ck", []),
          columns: positionalArguments(call.expression).flatMap(
            (item) => columnName(registry, info, { ...call, expression: listItems(item)?.[0] ?? item }) ?? [],
          ),
          expression: positionalArguments(call.expression).map(render).join(", "),
          deferrable: isDeferrable(call),
          source,
        });
        break;
    }
  }
  return found;
}

/** `Index(…).ddl_if(dialect="postgresql")` is an index of the table on every database that it is made for. */
function unconditional(expression: Expression): Expression {
  const isMember = expression.k === "call" && expression.callee.k === "member";
  return isMember && expression.callee.name === "ddl_if" ? unconditional(expression.callee.of) : expression;
}

type WrittenCall = Written & { readonly expression: Call };

export function readIndex(
  registry: ModelRegistry,
  info: ModelInfo,
  call: WrittenCall,
  source: SourceRef,
): Index {
  const { expression } = call;
  const [first, ...rest] = positionalArguments(expression);
  const text = first ? registry.project.text({ ...call, expression: first }) : null;
  const operators = argumentOf(expression, "postgresql_ops");
  const columns = rest.map((item) => indexColumn(registry, info, { ...call, expression: item }, operators));
  const where = argumentOf(expression, "postgresql_where") ?? argumentOf(expression, "sqlite_where");
  const using = argumentOf(expression, "postgresql_using");
  const include = argumentOf(expression, "postgresql_include");
  return {
    name:
      text ??
      conventional(
        info,
        "ix",
        columns.flatMap(({ column }) => column ?? []),
      ),
    columns,
    include: stringList(include),
    method: (using && registry.project.text({ ...call, expression: using })) ?? "btree",
    unique: isTrue(argumentOf(expression, "unique")),
    predicate: where && sqlText(registry, info, { ...call, expression: where }),
    origin: "declared",
    source,
  };
}

function indexColumn(
  registry: ModelRegistry,
  info: ModelInfo,
  item: Written,
  operators: Expression | null,
): IndexColumn {
  const { expression } = item;
  const plain = columnName(registry, info, item);
  if (plain !== null) return { ...NO_COLUMN, column: plain, opclass: operatorOf(operators, plain) };
  if (expression.k === "call") {
    const name = calledName(expression) ?? "";
    const [first] = positionalArguments(expression);
    const inner = expression.callee.k === "member" && !first ? expression.callee.of : first;
    const column =
      inner && /^(desc|asc|nulls_?(last|first)|label)$/.test(name)
        ? indexColumn(registry, info, { ...item, expression: inner }, operators)
        : null;
    if (column) {
      if (name === "desc") return { ...column, order: "desc" };
      if (/^nulls_?(last|first)$/.test(name))
        return { ...column, nulls: name.endsWith("last") ? "last" : "first" };
      return column;
    }
    const label =
      name === "label" && expression.callee.k === "member" && first?.k === "string" ? first.value : null;
    if (label !== null && expression.callee.k === "member") {
      return {
        ...indexColumn(registry, info, { ...item, expression: expression.callee.of }, null),
        opclass: operatorOf(operators, label),
      };
    }
  }
  const sql = sqlText(registry, info, item);
  const ordered = /^(\w+) (asc|desc)$/i.exec(sql);
  const column = ordered?.[1] && info.columns.some((each) => each.column === ordered[1]) ? ordered[1] : null;
  if (column !== null)
    return { ...NO_COLUMN, column, order: ordered?.[2]?.toLowerCase() === "desc" ? "desc" : "asc" };
  return { ...NO_COLUMN, expression: sql };
}

const NO_COLUMN: IndexColumn = { column: null, expression: null, order: "asc", nulls: null, opclass: null };

function operatorOf(operators: Expression | null, key: string): string | null {
  if (operators?.k !== "dict") return null;
  return stringValue(operators.entries.find(([name]) => stringValue(name) === key)?.[1] ?? null);
}

/** `"name"`, `Model.name`, `table.c.name` or an attribute of the class body. */
function columnName(registry: ModelRegistry, info: ModelInfo, written: Written): string | null {
  const text = registry.project.text(written);
  const name = text ?? dottedName(written.expression)?.split(".").at(-1) ?? null;
  if (name === null) return null;
  const spec =
    info.columns.find((each) => each.name === name) ?? info.columns.find((each) => each.column === name);
  if (spec) return spec.column;
  return text !== null && /^\w+$/.test(text) ? text : null;
}

function columnsOf(
  registry: ModelRegistry,
  info: ModelInfo,
  call: WrittenCall,
  from: number,
): readonly string[] {
  return positionalArguments(call.expression)
    .slice(from)
    .flatMap((item) => columnName(registry, info, { ...call, expression: item }) ?? []);
}

function sqlText(registry: ModelRegistry, info: ModelInfo, written: Written): string {
  const text = registry.project.text(written);
  if (text !== null) return text;
  const column = (name: string) => info.columns.find((each) => each.name === name)?.column ?? null;
  return sqlOf(written.expression, column) ?? render(written.expression);
}

function nameOf(
  registry: ModelRegistry,
  info: ModelInfo,
  call: WrittenCall,
  kind: NamingKind,
  columns: readonly string[],
): string | null {
  const value = argumentOf(call.expression, "name");
  const isFinal = value !== null && /^(conv|f)$/.test(calledName(value) ?? "");
  const inner = isFinal && value.k === "call" ? (positionalArguments(value)[0] ?? value) : value;
  const given = inner && registry.project.text({ ...call, expression: inner });
  if (given !== null && (kind !== "ck" || isFinal)) return given;
  if (given !== null && !/constraint_name/.test(info.convention[kind] ?? "")) return given;
  return conventional(info, kind, columns, given);
}

export function conventional(
  info: ModelInfo,
  kind: NamingKind,
  columns: readonly string[],
  given: string | null = null,
): string | null {
  if (info.table === null) return null;
  return conventionalName(info.convention, kind, { table: info.table, schema: info.schema, columns, given });
}

export function plainIndex(
  name: string | null,
  columns: readonly string[],
  origin: Index["origin"],
  source: SourceRef,
  unique = origin !== "field",
): Index {
  return {
    name,
    columns: columns.map((column) => ({ ...NO_COLUMN, column })),
    include: [],
    method: "btree",
    unique,
    predicate: null,
    origin,
    source,
  };
}

function isDeferrable(call: WrittenCall): boolean {
  return isTrue(argumentOf(call.expression, "deferrable"));
}
