import { dottedName, type Expression } from "../../languages/expression.ts";
import { render, stringValue } from "../../languages/python/expressions.ts";
import { type Annotation, lastName } from "../python/annotation.ts";
import type { PythonProject, Written } from "../python/project.ts";
import type { Family } from "./declarative.ts";
import { enumFromClass, plainType, readType, unknownType } from "./read-type.ts";
import type { SqlType } from "./sql-types.ts";

/** `type_annotation_map` by the last part of the key's name, or by its text where the key is more than a name. */
export type TypeMap = ReadonlyMap<string, Written>;

const ZONELESS = "TIMESTAMP WITHOUT TIME ZONE";
const PYTHON_TYPES: Readonly<Record<string, readonly [string, SqlType["logical"]]>> = {
  int: ["INTEGER", "integer"],
  str: ["VARCHAR", "string"],
  float: ["FLOAT", "float"],
  bool: ["BOOLEAN", "boolean"],
  bytes: ["BYTEA", "binary"],
  Decimal: ["NUMERIC", "decimal"],
  datetime: [ZONELESS, "datetime"],
  date: ["DATE", "date"],
  time: ["TIME WITHOUT TIME ZONE", "time"],
  timedelta: ["INTERVAL", "duration"],
  UUID: ["UUID", "uuid"],
};
/** Types of pydantic that SQLModel keeps as what they are made of. */
const PYDANTIC: Readonly<Record<string, string>> = {
  EmailStr: "str",
  NameEmail: "str",
  SecretStr: "str",
  AnyUrl: "str",
  AnyHttpUrl: "str",
  HttpUrl: "str",
  Path: "str",
  UUID1: "UUID",
  UUID3: "UUID",
  UUID4: "UUID",
  UUID5: "UUID",
  AwareDatetime: "datetime",
  NaiveDatetime: "datetime",
  PastDatetime: "datetime",
  FutureDatetime: "datetime",
  PositiveInt: "int",
  NonNegativeInt: "int",
  PositiveFloat: "float",
  NonNegativeFloat: "float",
  StrictStr: "str",
  StrictInt: "int",
  StrictBool: "bool",
};

/** The column type that SQLAlchemy infers from an annotation; null where it infers none. */
export function typeOfAnnotation(
  project: PythonProject,
  annotation: Annotation,
  family: Family,
  typeMap: TypeMap,
): SqlType | null {
  for (const alias of annotation.aliases) {
    const mapped = typeMap.get(alias.slice(alias.lastIndexOf(".") + 1));
    if (mapped) return readType(project, mapped);
  }
  const { inner } = annotation;
  if (annotation.container !== null) return collection(project, annotation, typeMap);
  const mapped = typeMap.get(keyOf(inner.expression));
  if (mapped) return readType(project, mapped);
  if (inner.expression.k === "subscript") return literal(inner.expression);
  const enumeration = enumFromClass(project, inner);
  if (enumeration) return enumeration;
  const outside = project.externalName(inner) ?? dottedName(inner.expression);
  const name = outside?.slice(outside.lastIndexOf(".") + 1) ?? "";
  const plain = PYTHON_TYPES[family === "sqlmodel" ? (PYDANTIC[name] ?? name) : name];
  return plain ? plainType(name, ...plain) : null;
}

function collection(project: PythonProject, annotation: Annotation, typeMap: TypeMap): SqlType {
  const { container, inner } = annotation;
  const text = `${container}[${render(inner.expression)}]`;
  const mapped = typeMap.get(text) ?? (container === null ? undefined : typeMap.get(container));
  return mapped ? readType(project, mapped) : unknownType(inner.expression, `${text} has no type of its own`);
}

/** `Literal["a", "b"]` is kept as text that is as long as the longest. */
function literal(expression: Extract<Expression, { k: "subscript" }>): SqlType | null {
  if (lastName(expression.of) !== "Literal") return null;
  const values = expression.index.flatMap((value) => stringValue(value) ?? []);
  const length = Math.max(0, ...values.map((value) => value.length));
  return { ...plainType("Literal", `VARCHAR(${length})`, "enum"), values, length };
}

export function keyOf(expression: Expression): string {
  return dottedName(expression) === null ? render(expression) : lastName(expression);
}
