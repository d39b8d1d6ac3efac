import type { Guard } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { argumentOf, calledName, isNone, listItems, render } from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction } from "../../languages/python/module.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { Written } from "../python/project.ts";
import type { AksaraRegistry } from "./registry.ts";

/** How surely what a viewset names is asked: the framework does, or it depends on what the source does not say. */
export type Enforcement = "asked" | "unsure";

/** Permission classes of a viewset, the narrowest class that lists them; those of an action replace them. */
export function guardsOf(
  registry: AksaraRegistry,
  ref: ClassRef<PythonClass>,
  action: Expression | null,
  uri: string,
  enforcement: Enforcement,
): readonly Guard[] {
  const own = action?.k === "call" ? argumentOf(action, "permission_classes") : null;
  if (action && own && !isNone(own)) {
    const source = registry.sourceOf(uri, action.span);
    return listed(registry, { uri, scope: ref.qualname, expression: own }, "method", source, enforcement);
  }
  const override = methodOf(registry, ref, "get_permissions");
  if (override) {
    const { item, owner } = override;
    const source = { uri: owner.uri, range: rangeOf(item.span), hash: item.hash };
    const scope = owner.key === ref.key ? "class" : "inherited";
    return [{ name: "get_permissions()", kind: "permission", scope, effect: "unknown", source }];
  }
  for (const step of registry.project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const item = step.ref.declaration.assignments.findLast(({ target }) => target === "permission_classes");
    if (!item?.value) continue;
    const written = { uri: step.ref.uri, scope: step.ref.qualname, expression: item.value };
    const source = { uri: step.ref.uri, range: rangeOf(item.span), hash: item.hash };
    return listed(registry, written, step.ref.key === ref.key ? "class" : "inherited", source, enforcement);
  }
  return [];
}

/** The nearest method of a name that a class of the workspace defines. */
export function methodOf(
  registry: AksaraRegistry,
  ref: ClassRef<PythonClass>,
  name: string,
): { readonly item: PythonFunction; readonly owner: ClassRef<PythonClass> } | null {
  for (const step of registry.project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const item = step.ref.declaration.methods.findLast((method) => method.name === name);
    if (item) return { item, owner: step.ref };
  }
  return null;
}

function listed(
  registry: AksaraRegistry,
  written: Written,
  scope: Guard["scope"],
  source: SourceRef,
  enforcement: Enforcement,
): readonly Guard[] {
  const items = registry.project.items(written);
  const common = { kind: "permission", scope, source } as const;
  if (!items) return [{ ...common, name: render(written.expression).slice(0, 80), effect: "unknown" }];
  return items.map(({ expression }) => {
    const name = guardName(expression);
    const effect = name === "AllowAny" ? "allow-any" : enforcement === "asked" ? "require" : "unknown";
    return { ...common, name, effect };
  });
}

/** `permissions.IsAuthenticated` → "IsAuthenticated", `OperationPermission(allow=["read"])` as written, `A() & B()`. */
function guardName(expression: Expression): string {
  if (expression.k === "binary" && expression.left)
    return `${guardName(expression.left)} ${expression.op} ${guardName(expression.right)}`;
  if (expression.k === "call") {
    const name = calledName(expression) ?? render(expression.callee);
    return expression.args.length === 0 ? name : render(expression).slice(0, 80);
  }
  const dotted = dottedName(expression);
  return dotted === null ? render(expression).slice(0, 80) : dotted.slice(dotted.lastIndexOf(".") + 1);
}

/** An action's methods in upper case; null where they are computed. */
export function methodsOf(
  registry: AksaraRegistry,
  uri: string,
  action: Expression,
): readonly string[] | null {
  const given = action.k === "call" ? argumentOf(action, "methods") : null;
  if (!given) return ["GET"];
  const items = listItems(given)?.map((expression) => registry.project.text({ uri, scope: "", expression }));
  return items?.every((item) => item !== null) ? items.map((item) => item.toUpperCase()) : null;
}
