import * as z from "zod";
import type { ModelTool } from "../../providers/model-stream.ts";
import type { Tool } from "./tool.ts";

/** The tools as a model is offered them, in their order. */
export function modelTools(tools: readonly Tool[]): readonly ModelTool[] {
  return tools.map(({ name, description, input }) => {
    const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
    return { name, description, inputSchema: schema };
  });
}
