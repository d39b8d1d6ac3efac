import * as z from "zod";
import { builtPack } from "./described-pack.ts";
import { defineTool } from "./tool.ts";

export const describeModel = defineTool({
  name: "describe_model",
  description:
    "The facts about a model: fields with types, relations both ways, indexes, constraints, findings, migrations, how much it is used.",
  input: z.strictObject({ model: z.string().min(1).describe("its name, `app.Name`, or its table") }),
  execute: async ({ model }, context) => {
    const pack = await builtPack(
      { flow_type: "model", action_key: "explain_model", context: { model_name: model } },
      context,
    );
    return { output: pack.result_markdown };
  },
});
