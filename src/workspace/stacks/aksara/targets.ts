import { dottedName } from "../../languages/expression.ts";
import { argumentAt, render } from "../../languages/python/expressions.ts";
import type { AksaraRegistry, ModelInfo, OwnedField } from "./registry.ts";

/** The model that a relation leads to, or its name as written where it is none of the workspace. */
export function targetOf(registry: AksaraRegistry, info: ModelInfo, field: OwnedField): ModelInfo | string {
  const given = argumentAt(field.call.expression, 0, "to");
  if (!given) return "?";
  const text = registry.project.text({ ...field.call, expression: given });
  if (text === "self") return info;
  if (text !== null) return registry.named(text) ?? text;
  const dotted = dottedName(given);
  if (dotted === null) return render(given);
  return registry.find(field.call.uri, dotted, field.call.scope) ?? dotted;
}
