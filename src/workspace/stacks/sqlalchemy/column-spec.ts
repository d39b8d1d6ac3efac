import type { FieldDefault, ReferentialAction } from "../../ir/model.ts";
import type { Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  isTrue,
  positionalArguments,
  render,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { PythonProject, Written } from "../python/project.ts";
import { readType, unknownType } from "./read-type.ts";
import { literalText, serverDefault } from "./sql-expression.ts";
import type { SqlType } from "./sql-types.ts";

/** What a foreign key refers to: "table.column" as text, or the attribute of a class as written. */
export interface ForeignKeySpec {
  readonly target: Written;
  readonly name: string | null;
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
  readonly deferrable: boolean;
}

export interface ColumnSpec {
  /** Name of the attribute. */
  readonly name: string;
  readonly column: string;
  /** Null where no type is given: it is that of the column it refers to. */
  readonly type: SqlType | null;
  /** Null where it depends on whether it is part of the key. */
  readonly nullable: boolean | null;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly indexed: boolean;
  readonly default: FieldDefault | null;
  /** As SQL; null when there is none or it is computed. */
  readonly serverDefault: string | null;
  readonly identity: boolean;
  readonly computed: boolean;
  readonly autoincrement: boolean | null;
  readonly documentation: string | null;
  readonly foreignKeys: readonly ForeignKeySpec[];
  readonly inheritedFrom: string | null;
  readonly gap: string | null;
  readonly source: SourceRef;
  readonly written: Written;
}

/** Options that are given beside the call itself, by an annotation or an alias. */
export interface ColumnHints {
  readonly type?: SqlType | null;
  readonly nullable?: boolean;
  readonly inheritedFrom?: string | null;
}

/** Reads `Column(…)` and `mapped_column(…)`; later calls are what `Annotated` adds and give what the first does not say. */
export function readColumn(
  project: PythonProject,
  name: string,
  calls: readonly (Written & { readonly expression: Call })[],
  source: SourceRef,
  hints: ColumnHints = {},
): ColumnSpec {
  let columnName: string | null = null;
  let type: SqlType | null = null;
  const foreignKeys: ForeignKeySpec[] = [];
  let identity = false;
  let computed: string | null = null;
  let gap: string | null = null;
  for (const call of calls) {
    const given = argumentOf(call.expression, "name");
    columnName ??= given && project.text({ ...call, expression: given });
    let position = 0;
    for (const value of positionalArguments(call.expression)) {
      const at = { ...call, expression: value };
      const called = calledName(value) ?? "";
      if (position === 0 && (value.k === "string" || value.k === "template")) columnName ??= project.text(at);
      else if (/^(ForeignKey|FK)$/.test(called) && value.k === "call")
        foreignKeys.push(readForeignKey(project, { ...at, expression: value }));
      else if (/^(Identity|Sequence)$/.test(called)) identity = true;
      else if (called === "Computed" && value.k === "call")
        computed ??= sqlText(positionalArguments(value)[0]);
      else if (!/Constraint$|^(FetchedValue|DefaultClause)$/.test(called)) type ??= readType(project, at);
      position++;
    }
    const keyword = argumentOf(call.expression, "type_");
    if (keyword) type ??= readType(project, { ...call, expression: keyword });
    if (call.expression.args.some((argument) => argument.name === "**"))
      gap = "some of its options are computed";
  }
  const option = (key: string): Written | null => {
    for (const call of calls) {
      const value = argumentOf(call.expression, key);
      if (value) return { ...call, expression: value };
    }
    return null;
  };
  const flag = (key: string) => {
    const value = option(key);
    return value ? booleanValue(project.constant(value).expression) : null;
  };
  const server = option("server_default");
  const onServer = server && serverDefault(project.constant(server).expression);
  const autoincrement = option("autoincrement");
  return {
    name,
    column: columnName ?? name,
    type: type ?? hints.type ?? null,
    nullable: flag("nullable") ?? hints.nullable ?? null,
    primaryKey: flag("primary_key") === true,
    unique: flag("unique") === true,
    indexed: flag("index") === true,
    default: defaultOf(project, option),
    serverDefault: onServer,
    identity,
    computed: computed !== null,
    autoincrement: autoincrement ? booleanValue(autoincrement.expression) : null,
    documentation:
      stringValue(option("comment")?.expression ?? null) ?? stringValue(option("doc")?.expression ?? null),
    foreignKeys,
    inheritedFrom: hints.inheritedFrom ?? null,
    gap,
    source,
    written: calls[0] ?? { uri: source.uri, scope: "", expression: NOTHING },
  };
}

const NOTHING: Expression = { k: "name", value: "None", span: [0, 0, 0, 0] };

export function readForeignKey(
  project: PythonProject,
  call: Written & { readonly expression: Call },
): ForeignKeySpec {
  const { expression } = call;
  const target = argumentOf(expression, "column") ?? positionalArguments(expression)[0] ?? NOTHING;
  return { target: { ...call, expression: target }, ...keyOptions(project, call) };
}

/** Options that `ForeignKey` and `ForeignKeyConstraint` share. */
export function keyOptions(
  project: PythonProject,
  call: Written & { readonly expression: Call },
): Omit<ForeignKeySpec, "target"> {
  const text = (key: string) => {
    const value = argumentOf(call.expression, key);
    return value && project.text({ ...call, expression: value });
  };
  return {
    name: text("name"),
    onDelete: actionOf(text("ondelete")),
    onUpdate: actionOf(text("onupdate")),
    deferrable: isTrue(argumentOf(call.expression, "deferrable")),
  };
}

export function actionOf(text: string | null): ReferentialAction | null {
  switch (text?.toUpperCase().trim()) {
    case "CASCADE":
      return "cascade";
    case "RESTRICT":
      return "restrict";
    case "SET NULL":
      return "set-null";
    case "SET DEFAULT":
      return "set-default";
    case "NO ACTION":
      return "no-action";
    default:
      return null;
  }
}

function sqlText(expression: Expression | undefined): string | null {
  return expression ? (stringValue(expression) ?? render(expression)) : null;
}

function defaultOf(project: PythonProject, option: (key: string) => Written | null): FieldDefault | null {
  const server = option("server_default");
  if (server) {
    const { expression } = project.constant(server);
    return { kind: "database", text: serverDefault(expression) ?? render(expression) };
  }
  const factory = option("default_factory");
  const value = option("insert_default") ?? option("default") ?? factory;
  if (!value || (value.expression.k === "name" && value.expression.value === "None")) return null;
  const literal = value === factory ? null : literalText(project.constant(value).expression);
  return literal === null
    ? { kind: "application", text: render(value.expression) }
    : { kind: "literal", text: literal };
}

export function typeOrUnknown(type: SqlType | null): SqlType {
  return type ?? unknownType(null, "no type is given and none could be inferred");
}
