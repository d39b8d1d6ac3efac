import { generatedText, generateFor } from "../generators/generate.ts";
import { targetSchema } from "../generators/generator.ts";
import { defineTool } from "./tool.ts";

export const generateViewsetTool = defineTool({
  name: "generate_viewset",
  description:
    "Gives routes that list, show, create, change and delete rows of a model, as code in the framework and the style of the workspace, with the guard its siblings have. Nothing is written.",
  input: targetSchema,
  timeoutSeconds: 60,
  outputBudget: 40_000,
  execute: async ({ model }, context) => ({
    output: generatedText(await generateFor("viewset", model, context)),
  }),
});
