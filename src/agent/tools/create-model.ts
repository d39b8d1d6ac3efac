import type { PlannedChange } from "../files/change-set.ts";
import { planReplace } from "../files/plan-edit.ts";
import { type CheckedFiles, generateModel } from "../generators/generate.ts";
import { type ModelSpec, modelSpecSchema } from "../generators/generator.ts";
import { divisibleIntent, makeChanges, settleEdit } from "./edit-intent.ts";
import { defineTool, type ToolContext } from "./tool.ts";

export const createModelTool = defineTool({
  name: "create_model",
  description:
    "Generates a new model in the framework and the style of the workspace, and writes it after a person approved it. create_migration then writes its migration.",
  input: modelSpecSchema,
  class: "write",
  timeoutSeconds: 60,
  intend: async (spec, context) => divisibleIntent((await plan(spec, context)).planned),
  execute: async (spec, context) => {
    const { planned, generated } = await plan(spec, context);
    const made = await makeChanges(planned, context);
    const lines = [...generated.read, ...generated.notes].map((line) => `\n- ${line}`).join("");
    return { ...made, output: `${String(made.output)}${lines}` };
  },
  settle: settleEdit,
});

async function plan(
  spec: ModelSpec,
  context: ToolContext,
): Promise<{ readonly generated: CheckedFiles; readonly planned: readonly PlannedChange[] }> {
  const generated = await generateModel(spec, context);
  const planned: PlannedChange[] = [];
  for (const { uri, content } of generated.files)
    planned.push(await planReplace(context.files, uri, content));
  return { generated, planned };
}
