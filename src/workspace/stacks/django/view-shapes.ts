import type { Gap } from "../../ir/entry.ts";
import type { ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { argumentOf, nameExpression, positionalArguments } from "../../languages/python/expressions.ts";
import { holds, type RequestCase } from "./action-conditions.ts";
import type { ClassFacts, FunctionFacts } from "./facts.ts";
import type { ModelRegistry } from "./model-registry.ts";
import type { DjangoProject } from "./project.ts";
import type { SerializerShapes } from "./serializers.ts";
import { attributeOf, constantOf, type Written } from "./values.ts";
import { methodOf } from "./views.ts";

/** What a route takes and gives, as far as serializers declare it. */
export interface Shapes {
  readonly body: ShapeRef | null;
  readonly response: ShapeRef | null;
  readonly gaps: readonly Gap[];
}

/**
 * Shapes of a class based view: serializers that the method itself calls come first, then what `@action` or
 * `get_serializer_class()` chooses for the request, then the attribute of the class.
 */
export function shapesOfClass(
  project: DjangoProject,
  serializers: SerializerShapes,
  ref: ClassRef<ClassFacts>,
  decorator: Written | null,
  request: RequestCase,
  method: FunctionFacts | null,
): Shapes {
  const chosen = chosenSerializer(project, serializers, ref, decorator, request);
  if (!method) return { body: chosen.shape, response: chosen.shape, gaps: chosen.gaps };
  const owner = methodOf(project, ref, method.name);
  const called = (input: boolean) => {
    const use = method.serializers.find((each) => each.input === input);
    if (!use) return null;
    if (use.name.endsWith("get_serializer")) return chosen.shape;
    return serializers.find({
      uri: owner?.uri ?? ref.uri,
      scope: owner?.owner.qualname ?? "",
      expression: nameExpression(use.name),
    });
  };
  const callsAny = method.serializers.length > 0;
  const isStandard = /^(list|create|retrieve|update|partial_update|destroy|get|post|put|patch|delete)$/.test(
    method.name,
  );
  const fallback = !callsAny && isStandard && method.callsSuper ? chosen.shape : null;
  const usesChosen = callsAny || fallback !== null;
  return {
    body: called(true) ?? fallback,
    response: called(false) ?? called(true) ?? fallback,
    gaps: usesChosen ? chosen.gaps : [],
  };
}

/** Shapes of a function view: the serializers that it calls. */
export function shapesOfFunction(
  serializers: SerializerShapes,
  uri: string,
  item: FunctionFacts,
  method: string,
): Shapes {
  const called = (input: boolean) => {
    const use = item.serializers.find((each) => each.input === input);
    return use ? serializers.find({ uri, scope: "", expression: nameExpression(use.name) }) : null;
  };
  const body = method === "GET" ? null : called(true);
  return { body, response: called(false) ?? body, gaps: [] };
}

function chosenSerializer(
  project: DjangoProject,
  serializers: SerializerShapes,
  ref: ClassRef<ClassFacts>,
  decorator: Written | null,
  request: RequestCase,
): { readonly shape: ShapeRef | null; readonly gaps: readonly Gap[] } {
  const method = methodOf(project, ref, "get_serializer_class");
  const attribute = () => {
    const call = decorator?.expression;
    const own = call?.k === "call" ? argumentOf(call, "serializer_class") : null;
    if (decorator && own) return serializers.find({ ...decorator, expression: own });
    const value = attributeOf(project, ref, "serializer_class");
    return value && serializers.find(value);
  };
  if (!method) return { shape: attribute(), gaps: [] };
  const gap: Gap = {
    what: "get_serializer_class()",
    why: "which serializer it returns for this request could not be told",
    source: project.sourceOf(method.uri, method.item.span, method.item.hash),
  };
  for (const { value, when } of method.item.returned) {
    const applies = holds(when, request);
    if (applies === false) continue;
    if (applies === null) return { shape: null, gaps: [gap] };
    if (value.k === "call" || dottedName(value) === "self.serializer_class")
      return { shape: attribute(), gaps: [] };
    const shape = serializers.find({ uri: method.uri, scope: method.owner.qualname, expression: value });
    return shape ? { shape, gaps: [] } : { shape: null, gaps: [gap] };
  }
  return { shape: null, gaps: [gap] };
}

/** Models that a view is declared for: its queryset, its `model`, the models of its shapes. */
export function modelsOfView(
  registry: ModelRegistry,
  ref: ClassRef<ClassFacts> | null,
  shapes: Shapes,
): readonly string[] {
  const { project } = registry;
  const ids = new Set<string>();
  const add = (value: Written | null) => {
    const root = value && modelRoot(value.expression);
    const info = value && root ? registry.find(value.uri, root, value.scope) : null;
    if (info) ids.add(info.id);
  };
  if (ref) {
    const queryset = attributeOf(project, ref, "queryset");
    add(queryset && constantOf(project, queryset));
    add(attributeOf(project, ref, "model"));
    const method = methodOf(project, ref, "get_queryset");
    for (const { value } of method?.item.returned ?? [])
      add({ uri: method?.uri ?? "", scope: method?.owner.qualname ?? "", expression: value });
    for (const { value } of method?.item.assignments ?? [])
      if (value) add({ uri: method?.uri ?? "", scope: "", expression: value });
  }
  for (const shape of [shapes.body, shapes.response]) if (shape?.modelId) ids.add(shape.modelId);
  return [...ids].sort();
}

/** `Order.objects.filter(…)[:10]` → "Order"; a bare name is itself. */
function modelRoot(expression: Expression): string | null {
  let current = expression;
  for (;;) {
    if (current.k === "call") {
      const [first] = positionalArguments(current);
      if (current.callee.k === "name" && first) current = first;
      else current = current.callee;
    } else if (current.k === "subscript") current = current.of;
    else if (current.k === "member" && /^[a-z_]/.test(current.name)) current = current.of;
    else break;
  }
  const dotted = dottedName(current);
  return dotted !== null && /(^|\.)[A-Z]\w*$/.test(dotted) ? dotted : null;
}
