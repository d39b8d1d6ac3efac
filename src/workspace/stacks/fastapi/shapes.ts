import type { ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  calledName,
  dictEntry,
  isNone,
  render,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { PythonAssignment, PythonClass } from "../../languages/python/module.ts";
import { rangeOf } from "../../source.ts";
import { readAnnotation } from "../python/annotation.ts";
import type { Written } from "../python/project.ts";
import type { WebProgram } from "../python/web-program.ts";

type ShapeField = ShapeRef["fields"][number];

const MODEL =
  /^(pydantic(\.\w+)*\.(BaseModel|RootModel)|sqlmodel(\.main)?\.SQLModel|msgspec\.Struct|pydantic\.generics\.GenericModel)$/;

/** The pydantic model, SQLModel or dataclass that an annotation names; null for anything else. */
export function modelClass(program: WebProgram, written: Written): ClassRef<PythonClass> | null {
  const found = program.classes.find(written.uri, written.expression, written.scope);
  if (found?.kind !== "class") return null;
  const { declaration } = found.ref;
  if (
    declaration.decorators.some((each) =>
      /(^|\.)dataclass$/.test(dottedName(each.k === "call" ? each.callee : each) ?? ""),
    )
  )
    return found.ref;
  const bases = program.classes.linearize(found.ref);
  return bases.some((step) =>
    step.kind === "external"
      ? MODEL.test(step.name) || /(^|\.)(TypedDict|BaseModel)$/.test(step.name)
      : false,
  )
    ? found.ref
    : null;
}

/** The shape that an annotation declares; null where it names no model of the workspace. */
export function shapeOf(program: WebProgram, written: Written): ShapeRef | null {
  const annotation = readAnnotation(program, written);
  const ref = modelClass(program, annotation.inner);
  if (!ref) return null;
  const { container } = annotation;
  return {
    name: container === null ? ref.qualname : `${container}[${ref.qualname}]`,
    fields: fieldsOf(program, ref),
    modelId: null,
    source: { uri: ref.uri, range: rangeOf(ref.declaration.span), hash: ref.declaration.hash },
  };
}

/** Many routes take or give the same models. */
const KNOWN = new WeakMap<WebProgram, Map<string, readonly ShapeField[]>>();

function fieldsOf(program: WebProgram, ref: ClassRef<PythonClass>): readonly ShapeField[] {
  let known = KNOWN.get(program);
  if (!known) {
    known = new Map();
    KNOWN.set(program, known);
  }
  const found = known.get(ref.key) ?? readFields(program, ref);
  known.set(ref.key, found);
  return found;
}

function readFields(program: WebProgram, ref: ClassRef<PythonClass>): readonly ShapeField[] {
  const fields = new Map<string, ShapeField>();
  const inCamelCase = hasCamelCase(program, ref);
  for (const step of program.classes.linearize(ref).toReversed()) {
    if (step.kind !== "class") continue;
    for (const item of step.ref.declaration.assignments) {
      const field = fieldOf(program, step.ref, item);
      if (!field) continue;
      const isPlain = field.name === item.target;
      fields.set(item.target, isPlain && inCamelCase ? { ...field, name: camelCase(field.name) } : field);
    }
  }
  return [...fields.values()];
}

/** `alias_generator=to_camel` in `model_config` or in the `Config` of pydantic 1. */
function hasCamelCase(program: WebProgram, ref: ClassRef<PythonClass>): boolean {
  for (const step of program.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const { assignments, classes } = step.ref.declaration;
    const config = assignments.findLast(({ target }) => target === "model_config")?.value;
    const old = classes
      .find(({ name }) => name === "Config")
      ?.assignments.findLast(({ target }) => target === "alias_generator")?.value;
    const value =
      (config?.k === "call"
        ? argumentOf(config, "alias_generator")
        : config
          ? dictEntry(config, "alias_generator")
          : null) ?? old;
    if (value) return /camel/i.test(render(value));
  }
  return false;
}

function camelCase(name: string): string {
  return name.replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function fieldOf(program: WebProgram, ref: ClassRef<PythonClass>, item: PythonAssignment): ShapeField | null {
  const { target, annotation, value } = item;
  if (!annotation || target.startsWith("_") || target === "model_config" || target.includes(".")) return null;
  const head = dottedName(annotation.k === "subscript" ? annotation.of : annotation) ?? "";
  if (
    /(^|\.)ClassVar$/.test(head) ||
    calledName(value ?? annotation) === "Relationship" ||
    calledName(value ?? annotation) === "PrivateAttr"
  )
    return null;
  const { extras } = readAnnotation(program, { uri: ref.uri, scope: ref.qualname, expression: annotation });
  const field = [value, ...extras.map(({ expression }) => expression)].find(
    (each) => each?.k === "call" && calledName(each) === "Field",
  );
  const alias =
    field?.k === "call"
      ? stringValue(argumentOf(field, "validation_alias") ?? argumentOf(field, "alias"))
      : null;
  return {
    name: alias ?? target,
    type: typeText(annotation),
    required: isRequired(value, field ?? null),
    readOnly: false,
  };
}

function isRequired(value: Expression | null, field: Expression | null): boolean {
  if (value && value !== field) return isEllipsis(value);
  if (field?.k !== "call") return value === null;
  if (argumentOf(field, "default_factory")) return false;
  const given = argumentAt(field, 0, "default");
  return given === null || isEllipsis(given);
}

export function isEllipsis(expression: Expression): boolean {
  return expression.k === "name" && /^(\.\.\.|Ellipsis)$/.test(expression.value);
}

/** A type as it is written, without what `Annotated` adds. */
export function typeText(annotation: Expression): string {
  if (annotation.k === "string") return annotation.value;
  if (annotation.k === "subscript" && /(^|\.)Annotated$/.test(dottedName(annotation.of) ?? "")) {
    const [first] = annotation.index;
    return first ? typeText(first) : render(annotation);
  }
  return isNone(annotation) ? "None" : render(annotation);
}
