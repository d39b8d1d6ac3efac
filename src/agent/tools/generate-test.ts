import { generatedText, generateFor } from "../generators/generate.ts";
import { targetSchema } from "../generators/generator.ts";
import { defineTool } from "./tool.ts";

export const generateTestTool = defineTool({
  name: "generate_test",
  description:
    "Gives a test of a model as code for the test runner of the workspace, in the style of its tests. Nothing is written.",
  input: targetSchema,
  timeoutSeconds: 60,
  outputBudget: 40_000,
  execute: async ({ model }, context) => ({
    output: generatedText(await generateFor("test", model, context)),
  }),
});
