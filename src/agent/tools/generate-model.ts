import { generatedText, generateModel } from "../generators/generate.ts";
import { modelSpecSchema } from "../generators/generator.ts";
import { defineTool } from "./tool.ts";

export const generateModelTool = defineTool({
  name: "generate_model",
  description:
    "Gives a new model as code in the framework and the style of the workspace, with the files it goes into. Nothing is written: create_model writes it.",
  input: modelSpecSchema,
  timeoutSeconds: 60,
  outputBudget: 40_000,
  execute: async (spec, context) => ({ output: generatedText(await generateModel(spec, context)) }),
});
