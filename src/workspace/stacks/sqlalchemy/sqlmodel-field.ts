import type { FieldDefault } from "../../ir/model.ts";
import type { Expression } from "../../languages/expression.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  dictEntry,
  isNone,
  listItems,
  render,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { Annotation } from "../python/annotation.ts";
import type { Written } from "../python/project.ts";
import { typeOfAnnotation } from "./annotated-type.ts";
import { actionOf, type ColumnSpec, type ForeignKeySpec, readColumn, readForeignKey } from "./column-spec.ts";
import type { MemberContext } from "./members.ts";
import { readType } from "./read-type.ts";
import { literalText, serverDefault } from "./sql-expression.ts";
import type { SqlType } from "./sql-types.ts";

/** A field of a SQLModel class as a column; null where it is none (a relation by its type). */
export function readSqlmodelField(
  context: MemberContext,
  name: string,
  annotation: Annotation,
  value: Written | null,
  source: SourceRef,
): ColumnSpec | null {
  const { project, inheritedFrom } = context;
  const extra = annotation.extras.find((item) => calledName(item.expression) === "Field");
  const written = value && calledName(value.expression) === "Field" ? value : (extra ?? null);
  const field = written?.expression.k === "call" ? written.expression : null;
  const at = (expression: Expression): Written => ({ uri: source.uri, scope: "", ...written, expression });
  const option = (key: string): Expression | null => field && argumentOf(field, key);
  const ready = option("sa_column");
  if (ready?.k === "call") {
    const call = { ...at(ready), expression: ready };
    return readColumn(project, name, [call], source, {
      type: typeOfAnnotation(project, annotation, "sqlmodel", context.typeMap),
      inheritedFrom,
    });
  }
  const more = option("sa_column_kwargs");
  const flag = (key: string): boolean | null =>
    booleanValue(option(key) ?? (more && dictEntry(more, key)) ?? null);
  const primaryKey = flag("primary_key") === true;
  const server = more && dictEntry(more, "server_default");
  const given = option("sa_type");
  const inferred = given
    ? readType(project, at(given))
    : typeOfAnnotation(project, annotation, "sqlmodel", context.typeMap);
  return {
    name,
    column: (more && textOf(dictEntry(more, "name"))) ?? name,
    type:
      inferred && sized(inferred, (key) => (option(key) ? project.number(at(option(key) ?? NONE)) : null)),
    nullable: flag("nullable") ?? (primaryKey ? false : annotation.optional),
    primaryKey,
    unique: flag("unique") === true,
    indexed: flag("index") === true,
    default: server
      ? { kind: "database", text: serverDefault(server) ?? render(server) }
      : defaultOf(field, value, (expression) => project.constant(at(expression)).expression),
    serverDefault: server ? serverDefault(server) : null,
    identity: false,
    computed: false,
    autoincrement: null,
    documentation: textOf(option("description")),
    foreignKeys: foreignKeysOf(context, field, at),
    inheritedFrom,
    gap: field?.args.some((argument) => argument.name === "**") ? "some of its options are computed" : null,
    source,
    written: value ?? annotation.inner,
  };
}

const NONE: Expression = { k: "name", value: "None", span: [0, 0, 0, 0] };

function textOf(expression: Expression | null): string | null {
  return expression?.k === "string" ? expression.value : null;
}

function foreignKeysOf(
  { project }: MemberContext,
  field: Call | null,
  at: (expression: Expression) => Written,
): readonly ForeignKeySpec[] {
  if (!field) return [];
  const target = argumentOf(field, "foreign_key");
  if (target && !isNone(target)) {
    const action = argumentOf(field, "ondelete");
    return [
      {
        target: at(target),
        name: null,
        onDelete: actionOf(action ? project.text(at(action)) : null),
        onUpdate: null,
        deferrable: false,
      },
    ];
  }
  return (listItems(argumentOf(field, "sa_column_args")) ?? []).flatMap((item) =>
    item.k === "call" && calledName(item) === "ForeignKey"
      ? readForeignKey(project, { ...at(item), expression: item })
      : [],
  );
}

/** `max_length` and the digits of a decimal are options of the field. */
function sized(type: SqlType, number: (key: string) => number | null): SqlType {
  if (type.ddl === "VARCHAR") {
    const length = number("max_length");
    return length === null ? type : { ...type, ddl: `VARCHAR(${length})`, length };
  }
  if (type.ddl === "NUMERIC") {
    const precision = number("max_digits");
    const scale = number("decimal_places");
    if (precision === null) return type;
    return {
      ...type,
      ddl: scale === null ? `NUMERIC(${precision})` : `NUMERIC(${precision}, ${scale})`,
      precision,
      scale,
    };
  }
  return type;
}

function defaultOf(
  field: Call | null,
  value: Written | null,
  constant: (expression: Expression) => Expression,
): FieldDefault | null {
  const factory = field && argumentOf(field, "default_factory");
  if (factory) return { kind: "application", text: render(factory) };
  const plain = field ? argumentAt(field, 0, "default") : (value?.expression ?? null);
  if (!plain || isNone(plain) || plain.k === "other" || isEllipsis(plain)) return null;
  const literal = literalText(constant(plain));
  return literal === null ? { kind: "application", text: render(plain) } : { kind: "literal", text: literal };
}

function isEllipsis(expression: Expression): boolean {
  return expression.k === "name" && /^(\.\.\.|Ellipsis)$/.test(expression.value);
}
