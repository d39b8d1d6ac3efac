import { serveIndex } from "../../../../src/workspace/index/serve-index.ts";
import { STACKS } from "../../../../src/workspace/stacks/registry.ts";
import { toyStack } from "./toy-stack.ts";

/** Makes something else of the same facts, as a later version of the product may. */
const laterStack: typeof toyStack = {
  ...toyStack,
  resolve(facts) {
    const found = toyStack.resolve(facts);
    return { ...found, models: found.models.map((model) => ({ ...model, reason: "seen by later code" })) };
  },
};

serveIndex([...STACKS, laterStack], import.meta.url);
