import type { Guard } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentOf,
  calledName,
  listItems,
  render,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import { holds, type RequestCase } from "./action-conditions.ts";
import type { ClassFacts, FunctionFacts } from "./facts.ts";
import type { DjangoProject } from "./project.ts";
import { dictSetting, flatten } from "./settings.ts";
import { constantOf, type Written } from "./values.ts";
import { methodOf } from "./views.ts";

/** What Django REST framework asks before a view runs, each with attribute, method and setting. */
const KINDS = [
  {
    kind: "authentication",
    attribute: "authentication_classes",
    method: "get_authenticators",
    setting: "DEFAULT_AUTHENTICATION_CLASSES",
  },
  {
    kind: "permission",
    attribute: "permission_classes",
    method: "get_permissions",
    setting: "DEFAULT_PERMISSION_CLASSES",
  },
  {
    kind: "throttle",
    attribute: "throttle_classes",
    method: "get_throttles",
    setting: "DEFAULT_THROTTLE_CLASSES",
  },
] as const;

type RestKind = (typeof KINDS)[number];

/** Guards of a class based view or viewset for one request; the narrowest place that says something replaces the wider. */
export function classRestGuards(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  decorator: Written | null,
  request: RequestCase,
): readonly Guard[] {
  return KINDS.flatMap(
    (kind) =>
      fromMethod(project, ref, kind, decorator, request) ?? fromAttributes(project, ref, kind, decorator),
  );
}

/** Guards of a function view under `@api_view`. */
export function functionRestGuards(
  project: DjangoProject,
  uri: string,
  item: FunctionFacts,
): readonly Guard[] {
  return KINDS.flatMap((kind) => {
    const decorator = item.decorators.find((each) => calledName(each) === kind.attribute);
    const [list] = decorator?.k === "call" ? decorator.args : [];
    if (!decorator || !list) return fromSettings(project, uri, kind);
    return guardsOf(
      project,
      kind,
      { uri, scope: "", expression: list.value },
      "method",
      project.sourceOf(uri, decorator.span),
    );
  });
}

/** What `get_permissions()` returns for a request; null where the class has no such method or it leaves it to the base. */
function fromMethod(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  kind: RestKind,
  decorator: Written | null,
  request: RequestCase,
): readonly Guard[] | null {
  const found = methodOf(project, ref, kind.method);
  if (!found) return null;
  const { item, owner } = found;
  const source = project.sourceOf(found.uri, item.span, item.hash);
  const scope = owner.key === ref.key ? "class" : "inherited";
  const unknown: Guard = { name: `${kind.method}()`, kind: kind.kind, scope, effect: "unknown", source };
  for (const { value, when } of item.returned) {
    const applies = holds(when, request);
    if (applies === false) continue;
    if (applies === null) return [unknown];
    return fromReturned(project, ref, kind, decorator, request, found, value) ?? [unknown];
  }
  return item.returned.length === 0 ? null : [unknown];
}

/** Guards of one returned expression; null when it is not understood. */
function fromReturned(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  kind: RestKind,
  decorator: Written | null,
  request: RequestCase,
  found: { readonly uri: string; readonly item: FunctionFacts; readonly owner: ClassRef<ClassFacts> },
  value: Expression,
): readonly Guard[] | null {
  const { uri, item, owner } = found;
  const inner = (part: Expression) => fromReturned(project, ref, kind, decorator, request, found, part);
  const scope = owner.key === ref.key ? "class" : "inherited";
  const source = project.sourceOf(uri, item.span, item.hash);
  const asList = (expression: Expression) =>
    guardsOf(project, kind, { uri, scope: owner.qualname, expression }, scope, source);
  if (isSuperCall(value, kind.method)) return fromAttributes(project, ref, kind, decorator);
  if (value.k === "binary" && value.op === "+" && value.left) {
    const [left, right] = [inner(value.left), inner(value.right)];
    return left && right && [...left, ...right];
  }
  if (value.k === "list") {
    const parts = value.items.map((each) =>
      each.k === "binary" && each.op === "*" && !each.left
        ? inner(each.right)
        : asList({ ...value, items: [each] }),
    );
    return parts.every((part) => part !== null) ? parts.flat() : null;
  }
  // The form of DRF's own documentation: `[permission() for permission in permission_classes]`.
  const text = value.k === "other" ? value.text : value.k === "name" ? `[x() for x in ${value.value}]` : "";
  const [, variable] = /^[[(]\s*(?:\w+\(\)|\w+)\s+for\s+\w+\s+in\s+([\w.]+)\s*[\])]$/.exec(text) ?? [];
  if (variable === `self.${kind.attribute}`) return fromAttributes(project, ref, kind, decorator);
  if (!variable) return null;
  let chosen: readonly Guard[] | null = null;
  for (const assignment of item.assignments) {
    if (assignment.target !== variable || !assignment.value) continue;
    const applies = holds(assignment.when, request);
    if (applies === null) return null;
    if (applies)
      chosen =
        isSuperCall(assignment.value, kind.method) ||
        dottedName(assignment.value) === `self.${kind.attribute}`
          ? fromAttributes(project, ref, kind, decorator)
          : asList(assignment.value);
  }
  return chosen;
}

function isSuperCall(value: Expression, method: string): boolean {
  return (
    value.k === "call" &&
    value.callee.k === "member" &&
    value.callee.name === method &&
    calledName(value.callee.of) === "super"
  );
}

function fromAttributes(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  kind: RestKind,
  decorator: Written | null,
): readonly Guard[] {
  const call = decorator?.expression;
  const own = call?.k === "call" ? argumentOf(call, kind.attribute) : null;
  if (decorator && own)
    return guardsOf(
      project,
      kind,
      { ...decorator, expression: own },
      "method",
      project.sourceOf(decorator.uri, decorator.expression.span),
    );
  for (const step of project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const item = step.ref.declaration.assignments.findLast((each) => each.target === kind.attribute);
    if (!item?.value) continue;
    const scope = step.ref.key === ref.key ? "class" : "inherited";
    const written = { uri: step.ref.uri, scope: step.ref.qualname, expression: item.value };
    return guardsOf(project, kind, written, scope, project.sourceOf(step.ref.uri, item.span, item.hash));
  }
  return fromSettings(project, ref.uri, kind);
}

function fromSettings(project: DjangoProject, uri: string, kind: RestKind): readonly Guard[] {
  const value = dictSetting(project, project.settingsFor(uri), "REST_FRAMEWORK", kind.setting);
  return value ? guardsOf(project, kind, value, "global", value.source) : [];
}

function guardsOf(
  project: DjangoProject,
  kind: RestKind,
  written: Written,
  scope: Guard["scope"],
  source: SourceRef,
): readonly Guard[] {
  const constant = listItems(written.expression) ? written : constantOf(project, written);
  const items = flatten(project, constant, 0);
  if (items.length > 0) {
    return items.map(({ expression }) => {
      const name = guardName(expression);
      return { name, kind: kind.kind, scope, effect: effectOf(kind, name), source };
    });
  }
  const isEmpty = listItems(constant.expression)?.length === 0;
  if (isEmpty) {
    // Written to ask nothing: that is worth saying for permissions, for the others there is nothing to list.
    return kind.kind === "permission"
      ? [{ name: "permission_classes = []", kind: kind.kind, scope, effect: "allow-any", source }]
      : [];
  }
  return [
    { name: render(written.expression).slice(0, 80), kind: kind.kind, scope, effect: "unknown", source },
  ];
}

function effectOf(kind: RestKind, name: string): Guard["effect"] {
  if (kind.kind === "authentication") return "identify";
  return name === "AllowAny" ? "allow-any" : "require";
}

/** `permissions.IsAuthenticated()` → "IsAuthenticated", `A | B` → "A | B", a dotted path → its last name. */
function guardName(expression: Expression): string {
  const text = stringValue(expression);
  if (text !== null) return text.slice(text.lastIndexOf(".") + 1);
  if (expression.k === "binary") {
    if (!expression.left) return `${expression.op}${guardName(expression.right)}`;
    return `${guardName(expression.left)} ${expression.op} ${guardName(expression.right)}`;
  }
  const called = calledName(expression);
  if (called !== null && expression.k === "call")
    return expression.args.length > 0
      ? `${called}(${expression.args.map(({ value }) => render(value)).join(", ")})`
      : called;
  const dotted = dottedName(expression);
  return dotted === null ? render(expression) : dotted.slice(dotted.lastIndexOf(".") + 1);
}
