import { describeModel } from "./describe-model.ts";
import { listModels } from "./list-models.ts";
import { patchFileTool } from "./patch-file.ts";
import { readFileTool } from "./read-file.ts";
import { ToolRegistry } from "./registry.ts";
import { writeFileTool } from "./write-file.ts";

/** The tools that ship. A new one is one file and one line here. */
export function shippedTools(): ToolRegistry {
  const registry = new ToolRegistry();
  registry.register(describeModel);
  registry.register(listModels);
  registry.register(patchFileTool);
  registry.register(readFileTool);
  registry.register(writeFileTool);
  return registry;
}
