import * as z from "zod";
import { builtPack } from "./described-pack.ts";
import { defineTool } from "./tool.ts";

export const describeRoute = defineTool({
  name: "describe_route",
  description:
    "The facts about a route: handler, guards and where each comes from, parameters, shapes, models, findings.",
  input: z.strictObject({
    method: z.string().min(1).describe("GET, POST, …"),
    path: z.string().min(1).describe("the full path, as list_routes gives it"),
  }),
  execute: async ({ method, path }, context) => {
    const pack = await builtPack(
      { flow_type: "route", action_key: "review_endpoint", context: { method, path } },
      context,
    );
    return { output: pack.result_markdown };
  },
});
