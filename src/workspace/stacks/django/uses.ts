import { hashText } from "../../hash.ts";
import type { ModelUse } from "../../ir/reference.ts";
import { rangeOf } from "../../source.ts";
import type { ModelRegistry } from "./model-registry.ts";

/** Places in the code that name a model, found through the imports of their file. */
export function resolveUses(registry: ModelRegistry): readonly ModelUse[] {
  const uses: ModelUse[] = [];
  for (const [uri, facts] of registry.project.facts) {
    const known = new Map<string, string | null>();
    for (const use of facts.uses) {
      let modelId = known.get(use.name);
      if (modelId === undefined) {
        modelId = registry.find(uri, use.name)?.id ?? null;
        known.set(use.name, modelId);
      }
      if (modelId === null) continue;
      // The range holds the name and nothing else.
      const hash = hashText(use.name);
      uses.push({ modelId, uri, range: rangeOf(use.span), hash, within: use.within, line: use.line });
    }
  }
  return uses;
}
