import { hashText } from "../../hash.ts";
import type { ModelUse } from "../../ir/reference.ts";
import { rangeOf } from "../../source.ts";
import type { ModelRegistry } from "./model-registry.ts";

/** Places in the code that name a model, found through the imports of their file. */
export function resolveUses(registry: ModelRegistry): readonly ModelUse[] {
  const uses: ModelUse[] = [];
  for (const [uri, facts] of registry.project.facts) {
    const { names, places, lines, items } = facts.uses;
    const models = names.map((name) => registry.find(uri, name)?.id ?? null);
    // The range of a use holds the name and nothing else.
    const hashes = names.map((name, index) => (models[index] ? hashText(name) : ""));
    for (const [name, place, ...span] of items) {
      const modelId = models[name] ?? null;
      if (modelId === null) continue;
      uses.push({
        modelId,
        uri,
        range: rangeOf(span),
        hash: hashes[name] ?? "",
        within: places[place] ?? null,
        line: lines[span[0]] ?? "",
      });
    }
  }
  return uses;
}
