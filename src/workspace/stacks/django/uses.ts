import type { ModelUse } from "../../ir/reference.ts";
import { usesIn } from "../../languages/python/uses.ts";
import type { ModelRegistry } from "./model-registry.ts";

/** Places in the code that name a model, found through the imports of their file. */
export function resolveUses(registry: ModelRegistry): readonly ModelUse[] {
  return [...registry.project.facts].flatMap(([uri, { uses }]) =>
    usesIn(uri, uses, (name) => registry.find(uri, name)?.id ?? null),
  );
}
