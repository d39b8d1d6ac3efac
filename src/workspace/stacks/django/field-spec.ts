import type { FieldDefault, FieldType } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  isNone,
  isTrue,
  numberValue,
  positionalArguments,
  render,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { ClassFacts, FunctionFacts } from "./facts.ts";
import { DJANGO_FIELDS, externalFieldClass, type FieldClass } from "./field-classes.ts";
import type { DjangoProject } from "./project.ts";
import { type RelationSpec, readRelation } from "./relation-spec.ts";
import { choiceValues, constantNumber, constantOf, constantString, type Written } from "./values.ts";

/** A field as its declaration says, before anything is known about the models around it. */
export interface FieldSpec {
  readonly name: string;
  /** The class as written: `CharField`, `MoneyField`. */
  readonly declared: string;
  /** Django's class that it behaves like; null when that is not known. */
  readonly djangoClass: string | null;
  readonly fieldClass: FieldClass;
  /** `db_column`. */
  readonly column: string | null;
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  /** `db_index`, or what the class does without it. */
  readonly indexed: boolean;
  readonly default: FieldDefault | null;
  readonly generated: boolean;
  readonly documentation: string | null;
  readonly relation: RelationSpec | null;
  /** Why the field is understood only in part; null when it is understood. */
  readonly gap: string | null;
  readonly source: SourceRef;
  /** The call that declares it. */
  readonly declaration: Written;
}

interface FoundClass {
  readonly declared: string;
  readonly djangoClass: string | null;
  readonly fieldClass: FieldClass;
  readonly gap: string | null;
  /** Options that a class of the workspace gives to the class behind it. */
  readonly presets: ReadonlyMap<string, Written>;
  readonly native: string | null;
}

/** The field that an assignment declares; null when it declares something else (a manager, a constant). */
export function readField(
  project: DjangoProject,
  name: string,
  written: Written,
  source: SourceRef,
): FieldSpec | null {
  const { expression } = written;
  if (expression.k !== "call") return null;
  const found = classOf(project, written, expression.callee);
  return found && describe(project, name, written, expression, found, source);
}

function classOf(project: DjangoProject, { uri, scope }: Written, callee: Expression): FoundClass | null {
  const dotted = dottedName(callee);
  if (dotted === null) return null;
  const found = project.classes.findName(uri, dotted, scope);
  if (!found) {
    // Declarations of known outside bases are written with the bare class.
    const own = DJANGO_FIELDS.get(dotted);
    return own && scope === "" && uri === "" ? plain(dotted, dotted, own, null) : null;
  }
  const last = dotted.slice(dotted.lastIndexOf(".") + 1);
  if (found.kind === "external") {
    const external = externalFieldClass(found.name);
    return (
      external &&
      plain(
        last,
        external.known ? external.name : likeOf(external.name),
        external.fieldClass,
        gapOf(found.name, external),
      )
    );
  }
  for (const step of project.classes.linearize(found.ref)) {
    if (step.kind !== "external") continue;
    const external = externalFieldClass(step.name);
    if (external) return workspaceClass(project, found.ref, last, step.name, external);
  }
  return null;
}

/** A field class of the workspace: what it is built on, and what it says of itself. */
function workspaceClass(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  declared: string,
  dotted: string,
  external: NonNullable<ReturnType<typeof externalFieldClass>>,
): FoundClass | null {
  const native = returnedText(project, ref, "db_type");
  const internal = returnedText(project, ref, "get_internal_type");
  const behaves = internal === null ? null : DJANGO_FIELDS.get(internal);
  // Built on Field itself a class has a column only if it names the type of one.
  if (external.name === "Field" && native === null && !behaves && !hasMethod(project, ref, "db_type"))
    return null;
  const name = behaves ? internal : external.name;
  const fieldClass = behaves ?? external.fieldClass;
  const computed = external.name === "Field" && native === null && !behaves;
  const gap = computed
    ? `the column type of ${declared} is computed by its db_type()`
    : behaves
      ? null
      : gapOf(dotted, external);
  return { declared, djangoClass: name, fieldClass, gap, native, presets: presetsOf(project, ref) };
}

function plain(
  declared: string,
  djangoClass: string | null,
  fieldClass: FieldClass,
  gap: string | null,
): FoundClass {
  return { declared, djangoClass, fieldClass, gap, presets: new Map(), native: null };
}

function likeOf(name: string): string | null {
  return DJANGO_FIELDS.has(name) ? name : null;
}

function gapOf(
  dotted: string,
  external: { readonly fieldClass: FieldClass; readonly known: boolean },
): string | null {
  if (external.known) return null;
  const kind =
    external.fieldClass.native === null && external.fieldClass.kind === "column"
      ? "its column type is not known"
      : "it is read like Django's field of that name";
  return `${dotted} is a field class from outside of the workspace: ${kind}`;
}

/** Options that `__init__` of field classes of the workspace sets: `kwargs.setdefault("max_length", 12)`, `super().__init__(max_length=12)`. */
function presetsOf(project: DjangoProject, ref: ClassRef<ClassFacts>): ReadonlyMap<string, Written> {
  const presets = new Map<string, Written>();
  for (const step of project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const init = step.ref.declaration.methods.find((method) => method.name === "__init__");
    const add = (name: string, expression: Expression) => {
      if (!presets.has(name)) presets.set(name, { uri: step.ref.uri, scope: step.ref.qualname, expression });
    };
    for (const { target, value } of init?.assignments ?? []) {
      const [, name] = /^kwargs\[["'](\w+)["']\]$/.exec(target) ?? [];
      if (name && value) add(name, value);
    }
    for (const call of init?.calls ?? []) {
      if (call.k !== "call") continue;
      const [first, second] = positionalArguments(call);
      const name = first && stringValue(first);
      if (calledName(call) === "setdefault" && name && second) add(name, second);
      if (calledName(call) !== "__init__") continue;
      for (const argument of call.args)
        if (argument.name && !argument.name.startsWith("*")) add(argument.name, argument.value);
    }
  }
  return presets;
}

/** A literal that a method of a field class of the workspace returns. */
function returnedText(project: DjangoProject, ref: ClassRef<ClassFacts>, name: string): string | null {
  const returned = methodNamed(project, ref, name)?.returned ?? [];
  return returned.length === 1 ? stringValue(returned[0]?.value ?? null) : null;
}

function hasMethod(project: DjangoProject, ref: ClassRef<ClassFacts>, name: string): boolean {
  return methodNamed(project, ref, name) !== null;
}

function methodNamed(project: DjangoProject, ref: ClassRef<ClassFacts>, name: string): FunctionFacts | null {
  for (const step of project.classes.linearize(ref)) {
    const method =
      step.kind === "class" ? step.ref.declaration.methods.find((item) => item.name === name) : null;
    if (method) return method;
  }
  return null;
}

function describe(
  project: DjangoProject,
  name: string,
  written: Written,
  call: Call,
  found: FoundClass,
  source: SourceRef,
): FieldSpec {
  const option = (key: string): Written | null => {
    const own = argumentOf(call, key);
    return own ? { ...written, expression: own } : (found.presets.get(key) ?? null);
  };
  const flag = (key: string) => {
    const value = option(key);
    return value ? booleanValue(constantOf(project, value).expression) : null;
  };
  const { fieldClass } = found;
  const isKey = fieldClass.kind === "foreign-key" || fieldClass.kind === "one-to-one";
  const unique = flag("unique") ?? (fieldClass.kind === "one-to-one" || fieldClass.unique === true);
  return {
    name,
    declared: found.declared,
    djangoClass: found.djangoClass,
    fieldClass,
    column: constantString(project, option("db_column")),
    type: typeOf(project, written, call, found, option),
    nullable: flag("null") ?? fieldClass.nullable ?? false,
    primaryKey: flag("primary_key") === true,
    unique,
    indexed: flag("db_index") ?? (isKey || fieldClass.indexed === true),
    default: defaultOf(project, option),
    generated: fieldClass.serial === true || found.djangoClass === "GeneratedField",
    documentation:
      constantString(project, option("help_text")) ?? stringValue(option("verbose_name")?.expression ?? null),
    relation: readRelation(project, written, call, fieldClass),
    gap: found.gap,
    source,
    declaration: written,
  };
}

function typeOf(
  project: DjangoProject,
  written: Written,
  call: Call,
  found: FoundClass,
  option: (key: string) => Written | null,
): FieldType {
  const { fieldClass, declared } = found;
  const first = argumentAt(call, 0, "base_field");
  const inner =
    found.djangoClass === "ArrayField"
      ? (option("base_field") ?? (first && { ...written, expression: first }))
      : found.djangoClass === "GeneratedField"
        ? option("output_field")
        : null;
  const innerField = inner && readField(project, "", inner, { uri: "", range: EMPTY_RANGE, hash: "" });
  const isArray = found.djangoClass === "ArrayField";
  if (innerField) {
    const native = innerField.type.native;
    return {
      ...innerField.type,
      declared,
      native: native && isArray ? `${native}[]` : native,
      array: isArray || innerField.type.array,
    };
  }
  const given = option("max_length");
  const length =
    given && !isNone(given.expression)
      ? constantNumber(project, given)
      : given
        ? null
        : (fieldClass.length ?? null);
  const precision = constantNumber(project, option("max_digits"));
  const scale = constantNumber(project, option("decimal_places"));
  const choices = option("choices");
  const filled = {
    length,
    precision,
    scale,
    srid: constantNumber(project, option("srid")) ?? 4326,
    dimensions: constantNumber(project, option("dimensions")),
  };
  const lengthUnknown = given !== null && length === null && !isNone(given.expression);
  const template =
    fieldClass.native === "varchar(%(max_length))" && length === null && !lengthUnknown
      ? "varchar"
      : fieldClass.native;
  return {
    declared,
    native: found.native ?? (template && fill(template, filled)),
    logical: fieldClass.logical,
    length: fieldClass.logical === "string" ? length : null,
    precision,
    scale,
    array: isArray,
    values: (choices && choiceValues(project, choices)) ?? [],
  };
}

const EMPTY_RANGE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Fills a native type; null when an option that it needs is not known. */
function fill(
  template: string,
  values: Readonly<Record<"length" | "precision" | "scale" | "srid" | "dimensions", number | null>>,
): string | null {
  const options: Record<string, number | null> = {
    max_length: values.length,
    max_digits: values.precision,
    decimal_places: values.scale,
    srid: values.srid,
    dimensions: values.dimensions,
  };
  let complete = true;
  const native = template.replace(/%\((\w+)\)/g, (_, name: string) => {
    const value = options[name] ?? null;
    if (value === null) complete = false;
    return String(value);
  });
  return complete ? native : null;
}

function defaultOf(project: DjangoProject, option: (key: string) => Written | null): FieldDefault | null {
  const database = option("db_default");
  if (database) return { kind: "database", text: textOf(project, database) };
  const value = option("default");
  if (value) {
    const constant = constantOf(project, value);
    const plainValue =
      constant.expression.k === "list" && constant !== value
        ? constant.expression.items[0]
        : constant.expression;
    const literal = plainValue && literalText(plainValue);
    return literal
      ? { kind: "literal", text: literal }
      : { kind: "application", text: textOf(project, value) };
  }
  for (const automatic of ["auto_now", "auto_now_add"]) {
    if (isTrue(option(automatic)?.expression ?? null)) return { kind: "application", text: automatic };
  }
  return null;
}

/** A constant as Python writes it; null when the value is computed. */
function literalText(expression: Expression): string | null {
  if (expression.k === "string" || expression.k === "number") return render(expression);
  if (expression.k === "name" && /^(True|False|None)$/.test(expression.value)) return expression.value;
  if (numberValue(expression) !== null) return render(expression);
  if (expression.k === "list" || expression.k === "dict") return render(expression);
  const translated = stringValue(expression);
  if (translated !== null) return JSON.stringify(translated);
  const wrapped =
    expression.k === "call" && /^(Decimal|date|timedelta|datetime|UUID)$/.test(calledName(expression) ?? "");
  return wrapped ? render(expression) : null;
}

function textOf(project: DjangoProject, { uri, expression }: Written): string {
  return project.textOf(uri, expression) ?? render(expression);
}
