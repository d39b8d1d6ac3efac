import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  isTrue,
  positionalArguments,
  render,
} from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { enumMembers } from "../python/enum-members.ts";
import type { PythonProject, Written } from "../python/project.ts";
import { KNOWN_TYPES, type SqlType } from "./sql-types.ts";

const DEPTH = 8;
const PLAIN = {
  length: null,
  precision: null,
  scale: null,
  array: false,
  values: [],
  enumName: null,
  gap: null,
};

/** The column type that an expression gives: `String(50)`, `postgresql.JSONB`, a TypeDecorator of the workspace. */
export function readType(project: PythonProject, written: Written, depth = 0): SqlType {
  const { expression } = written;
  if (depth > DEPTH) return unknownType(expression, "it refers to itself");
  const found = project.classes.find(
    written.uri,
    expression.k === "call" ? expression.callee : expression,
    written.scope,
  );
  if (found?.kind === "class") {
    const own = decorated(project, written, depth);
    if (own) return own;
  }
  const constant = found?.kind === "class" ? written : project.constant(written);
  if (constant !== written) return readType(project, constant, depth + 1);
  if (expression.k === "call" && expression.callee.k === "member") {
    const { name, of } = expression.callee;
    const [first, dialect] = positionalArguments(expression);
    if (name === "as_mutable" && first)
      return readType(project, { ...written, expression: first }, depth + 1);
    if (name === "with_variant" && first) {
      const forPostgres = dialect?.k === "string" && dialect.value === "postgresql";
      return readType(project, { ...written, expression: forPostgres ? first : of }, depth + 1);
    }
  }
  const outside = found?.kind === "external" ? found.name : null;
  const call = expression.k === "call" ? expression : null;
  const dotted = outside ?? dottedName(call ? call.callee : expression);
  if (dotted === null) return unknownType(expression, "the type is computed");
  return named(project, written, dotted.slice(dotted.lastIndexOf(".") + 1), call, depth);
}

/** A type of the workspace: what its `impl` or the type it inherits from is. */
function decorated(project: PythonProject, written: Written, depth: number): SqlType | null {
  const { expression } = written;
  const call = expression.k === "call" ? expression : null;
  const callee = call ? call.callee : expression;
  const found = project.classes.find(written.uri, callee, written.scope);
  if (found?.kind !== "class") return null;
  const declared = found.name;
  const perDialect = dialectType(project, found.ref, depth);
  if (perDialect) return { ...perDialect, declared };
  const impl = project.attribute(found.ref, "impl");
  if (impl) {
    const type = readType(project, impl, depth + 1);
    const isBare = impl.expression.k !== "call" && call !== null;
    const size = call && (argumentOf(call, "length") ?? positionalArguments(call)[0]);
    // `MyString(50)` hands its length on to an `impl` that is given as a class.
    const length = isBare && size ? project.number({ ...written, expression: size }) : null;
    if (length !== null && type.ddl === "VARCHAR")
      return { ...type, declared, ddl: `VARCHAR(${length})`, length };
    return { ...type, declared };
  }
  for (const step of project.classes.linearize(found.ref)) {
    const name = step.name.slice(step.name.lastIndexOf(".") + 1);
    if (step.kind !== "external" || name === "TypeDecorator" || name === "UserDefinedType") continue;
    const type = named(project, written, name, call, depth);
    if (type.gap === null) return { ...type, declared };
  }
  return unknownType(expression, `what ${declared} is in the database is written in its methods`);
}

/** What `load_dialect_impl` gives PostgreSQL: the one of its types that only PostgreSQL has; null where it has no such. */
function dialectType(project: PythonProject, ref: ClassRef<PythonClass>, depth: number): SqlType | null {
  for (const step of project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const method = step.ref.declaration.methods.find(({ name }) => name === "load_dialect_impl");
    for (const returned of method?.returned ?? []) {
      const value =
        calledName(returned) === "type_descriptor" && returned.k === "call"
          ? positionalArguments(returned)[0]
          : returned;
      if (!value) continue;
      const at = { uri: step.ref.uri, scope: step.ref.qualname, expression: value };
      const outside = project.externalName({ ...at, expression: value.k === "call" ? value.callee : value });
      if (/^sqlalchemy\.dialects\.postgresql/.test(outside ?? "")) return readType(project, at, depth + 1);
    }
    if (method) return null;
  }
  return null;
}

function named(
  project: PythonProject,
  written: Written,
  name: string,
  call: Call | null,
  depth: number,
): SqlType {
  const at = (value: Expression) => ({ ...written, expression: value });
  const numberAt = (position: number, key: string) => {
    const value = call && argumentAt(call, position, key);
    return value ? project.number(at(value)) : null;
  };
  if (/^(Enum|ENUM|PgEnum|PGEnum|SQLEnum|SAEnum|SqlEnum)$/.test(name) && call)
    return enumType(project, written, name, call);
  if (/^(DateTime|TIMESTAMP|DATETIME)$/.test(name)) {
    const zone = call ? argumentAt(call, 0, "timezone") : null;
    const ddl = isTrue(zone) ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP WITHOUT TIME ZONE";
    return { ...PLAIN, declared: name, ddl, logical: "datetime" };
  }
  if (/^(Time|TIME)$/.test(name)) {
    const ddl = isTrue(call ? argumentAt(call, 0, "timezone") : null)
      ? "TIME WITH TIME ZONE"
      : "TIME WITHOUT TIME ZONE";
    return { ...PLAIN, declared: name, ddl, logical: "time" };
  }
  if (name === "ARRAY" && call) {
    const item = argumentAt(call, 0, "item_type");
    const inner = item ? readType(project, at(item), depth + 1) : null;
    if (!inner) return unknownType(call, "the type of the items is not given");
    const dimensions = numberAt(3, "dimensions") ?? 1;
    return { ...inner, declared: name, ddl: inner.ddl && inner.ddl + "[]".repeat(dimensions), array: true };
  }
  if (/^(Geometry|Geography)$/.test(name)) return geometry(project, written, name, call);
  if (name === "ChoiceType" && call) {
    const impl = argumentOf(call, "impl");
    return impl
      ? readType(project, at(impl), depth + 1)
      : { ...PLAIN, declared: name, ddl: "VARCHAR(255)", logical: "string", length: 255 };
  }
  if (/^(Encrypted|StringEncrypted)Type$/.test(name)) {
    return {
      ...PLAIN,
      declared: name,
      ddl: name.startsWith("String") ? "VARCHAR" : "BYTEA",
      logical: "string",
    };
  }
  if (name === "NullType") return unknownType(written.expression, "no type is given");
  const found = KNOWN_TYPES[name];
  if (!found) return unknownType(written.expression, `${name} is not a type that is known here`);
  const given = found.ddl.includes("%")
    ? numberAt(0, name === "Vector" || name === "VECTOR" ? "dim" : "length")
    : null;
  const length = given ?? found.length ?? null;
  const precision = found.ddl.includes("#") ? numberAt(0, "precision") : null;
  const scale = found.ddl.includes("#") ? numberAt(1, "scale") : null;
  const size = precision === null ? "" : scale === null ? `(${precision})` : `(${precision}, ${scale})`;
  const ddl = found.ddl.replace("%", length === null ? "" : `(${length})`).replace("#", size);
  return { ...PLAIN, declared: name, ddl, logical: found.logical, length, precision, scale };
}

function enumType(project: PythonProject, written: Written, declared: string, call: Call): SqlType {
  const at = (value: Expression) => ({ ...written, expression: value });
  const given = positionalArguments(call);
  const [first] = given;
  const nameArgument = argumentOf(call, "name");
  const byValue = argumentOf(call, "values_callable") !== null;
  const members = first && given.length === 1 ? enumMembers(project, at(first)) : null;
  const values = members
    ? members.map((member) => (byValue ? member.value : member.name))
    : given.flatMap((value) => project.text(at(value)) ?? []);
  const unpacked = call.args.some((argument) => argument.name === "*");
  const isNative = booleanValue(argumentOf(call, "native_enum")) !== false;
  const className = members && first ? (dottedName(first) ?? "").split(".").at(-1)?.toLowerCase() : null;
  const enumName = (nameArgument && project.text(at(nameArgument))) ?? className ?? null;
  return enumOf(
    declared,
    values,
    isNative ? enumName : null,
    isNative,
    unpacked || (first && !members && values.length === 0) ? "its values are computed" : null,
    call,
    project,
    written,
  );
}

function enumOf(
  declared: string,
  values: readonly string[],
  enumName: string | null,
  isNative: boolean,
  gap: string | null,
  call: Call,
  project: PythonProject,
  written: Written,
): SqlType {
  if (isNative) {
    const ddl = enumName === null ? null : quoted(enumName);
    return { ...PLAIN, declared, ddl, logical: "enum", values, enumName, gap };
  }
  const value = argumentOf(call, "length");
  const longest = Math.max(0, ...values.map((each) => each.length));
  const length = (value && project.number({ ...written, expression: value })) ?? longest;
  return { ...PLAIN, declared, ddl: `VARCHAR(${length})`, logical: "enum", values, length, gap };
}

/** The native enumeration that SQLAlchemy makes of a Python one it meets in an annotation. */
export function enumFromClass(project: PythonProject, written: Written): SqlType | null {
  const members = enumMembers(project, written);
  if (!members) return null;
  const name = (dottedName(written.expression) ?? "").split(".").at(-1) ?? "";
  const enumName = name.toLowerCase();
  return {
    ...PLAIN,
    declared: name,
    ddl: quoted(enumName),
    logical: "enum",
    values: members.map((member) => member.name),
    enumName,
  };
}

function geometry(project: PythonProject, written: Written, name: string, call: Call | null): SqlType {
  const kind = call && argumentAt(call, 0, "geometry_type");
  const srid = call && argumentAt(call, 1, "srid");
  const shape = (kind && project.text({ ...written, expression: kind })) ?? "GEOMETRY";
  const number = (srid && project.number({ ...written, expression: srid })) ?? -1;
  return { ...PLAIN, declared: name, ddl: `${name.toLowerCase()}(${shape},${number})`, logical: "geometry" };
}

export function unknownType(expression: Expression | null, why: string): SqlType {
  const declared = expression ? (calledName(expression) ?? render(expression).slice(0, 60)) : "";
  return { ...PLAIN, declared, ddl: null, logical: "unknown", gap: why };
}

export function plainType(declared: string, ddl: string, logical: SqlType["logical"]): SqlType {
  return { ...PLAIN, declared, ddl, logical };
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name}"`;
}
