import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentOf,
  calledName,
  listItems,
  numberValue,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { ClassFacts } from "./facts.ts";
import type { DjangoProject } from "./project.ts";

/** An expression with the file and class whose names it uses. */
export interface Written {
  readonly uri: string;
  /** Qualified name of the class it stands in; "" at the top level. */
  readonly scope: string;
  readonly expression: Expression;
}

/** Follows names to the constant they stand for: module constants, class attributes, members of enumerations. */
export function constantOf(project: DjangoProject, written: Written, depth = 0): Written {
  const dotted = dottedName(written.expression);
  if (dotted === null || depth > 8 || /^(True|False|None)$/.test(dotted)) return written;
  const target = lookUp(project, written, dotted);
  return target ? constantOf(project, target, depth + 1) : written;
}

function lookUp(project: DjangoProject, { uri, scope }: Written, dotted: string): Written | null {
  for (let outer = scope; outer !== ""; outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")))) {
    const own = project.classes.get(uri, outer);
    const found = own && !dotted.includes(".") ? attributeOf(project, own, dotted) : null;
    if (found) return found;
  }
  const dot = dotted.lastIndexOf(".");
  if (dot > 0) {
    const owner = project.classes.findName(uri, dotted.slice(0, dot), scope);
    if (owner?.kind === "class") return attributeOf(project, owner.ref, dotted.slice(dot + 1));
    // `Status.DRAFT.value` is the constant itself.
    if (/\.(value)$/.test(dotted))
      return lookUp(
        project,
        { uri, scope, expression: { k: "name", value: "", span: [0, 0, 0, 0] } },
        dotted.slice(0, dot),
      );
  }
  const resolved = project.names.resolve(uri, dotted);
  if (resolved?.kind !== "definition" || resolved.rest.length > 0) return null;
  const value = project.assignment(resolved.uri, resolved.name)?.value;
  return value ? { uri: resolved.uri, scope: "", expression: value } : null;
}

/** A class attribute, own or inherited. */
export function attributeOf(project: DjangoProject, ref: ClassRef<ClassFacts>, name: string): Written | null {
  for (const step of project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const found = step.ref.declaration.assignments.findLast((item) => item.target === name);
    if (found?.value) return { uri: step.ref.uri, scope: step.ref.qualname, expression: found.value };
  }
  return null;
}

export function constantNumber(project: DjangoProject, written: Written | null): number | null {
  if (!written) return null;
  return numberValue(constantOf(project, written).expression);
}

export function constantString(project: DjangoProject, written: Written | null): string | null {
  if (!written) return null;
  const { expression } = constantOf(project, written);
  return stringValue(expression) ?? stringValue(firstOf(expression));
}

/** `DRAFT = "draft", _("Draft")` in an enumeration: the value is the first. */
function firstOf(expression: Expression): Expression | null {
  return expression.k === "list" ? (expression.items[0] ?? null) : null;
}

/** Values that `choices=` allows, in source order; null when they cannot be read from the source. */
export function choiceValues(project: DjangoProject, written: Written, depth = 0): readonly string[] | null {
  if (depth > 6) return null;
  const { uri, scope, expression } = written;
  const dotted = dottedName(expression);
  if (dotted !== null) {
    const owner = dotted.endsWith(".choices") ? dotted.slice(0, -".choices".length) : dotted;
    const enumeration = project.classes.findName(uri, owner, scope);
    if (enumeration?.kind === "class" && isChoices(project, enumeration.ref))
      return membersOf(project, enumeration.ref);
    const constant = constantOf(project, written);
    return constant === written || dottedName(constant.expression) !== null
      ? null
      : choiceValues(project, constant, depth + 1);
  }
  if (expression.k === "dict")
    return expression.entries.map(([key]) => scalar(project, { uri, scope, expression: key }));
  if (expression.k === "binary" && expression.op === "+" && expression.left) {
    const left = choiceValues(project, { uri, scope, expression: expression.left }, depth + 1);
    const right = choiceValues(project, { uri, scope, expression: expression.right }, depth + 1);
    return left && right ? [...left, ...right] : null;
  }
  const items = listItems(expression);
  if (!items) return null;
  const values: string[] = [];
  for (const item of items) {
    const pair = constantOf(project, { uri, scope, expression: item });
    const [value, label] = listItems(pair.expression) ?? [];
    if (!value) return null;
    const group = label && listItems(label);
    if (group) values.push(...(choiceValues(project, { ...pair, expression: label }, depth + 1) ?? []));
    else values.push(scalar(project, { ...pair, expression: value }));
  }
  return values;
}

function isChoices(project: DjangoProject, ref: ClassRef<ClassFacts>): boolean {
  return project.classes
    .linearize(ref)
    .some(
      (step) =>
        step.kind === "external" &&
        /(^|\.)(TextChoices|IntegerChoices|Choices|Enum|IntEnum|StrEnum)$/.test(step.name),
    );
}

function membersOf(project: DjangoProject, ref: ClassRef<ClassFacts>): readonly string[] {
  let counter = 0;
  return ref.declaration.assignments
    .filter((item) => item.operator === "=" && item.value && !/^(_|do_not_call|label$)/.test(item.target))
    .map((item) => {
      const value = item.value;
      if (value && calledName(value) === "auto") return String(++counter);
      const written = {
        uri: ref.uri,
        scope: ref.qualname,
        expression: (value && firstOf(value)) ?? value ?? NONE,
      };
      const text = scalar(project, written);
      counter = Number.isInteger(Number(text)) ? Number(text) : counter + 1;
      return text;
    });
}

const NONE: Expression = { k: "name", value: "None", span: [0, 0, 0, 0] };

function scalar(project: DjangoProject, written: Written): string {
  const { expression } = constantOf(project, written);
  const plain = firstOf(expression) ?? expression;
  const number = numberValue(plain);
  return stringValue(plain) ?? (number === null ? renderScalar(plain) : String(number));
}

function renderScalar(expression: Expression): string {
  if (expression.k === "call") {
    const [first] = positionalArguments(expression);
    return (
      (first && stringValue(first)) ?? argumentOf(expression, "value")?.k ?? calledName(expression) ?? "?"
    );
  }
  return dottedName(expression) ?? "?";
}
