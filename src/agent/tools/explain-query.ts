import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { builtPack } from "./described-pack.ts";
import { defineTool } from "./tool.ts";

export const explainQuery = defineTool({
  name: "explain_query",
  description:
    "The facts about a query: tables, columns, indexes, row estimates, and the plan of a real planner on the workspace's schema, with how well it is founded. Nothing of the query is run on a person's database.",
  input: z.strictObject({
    sql: z.string().min(1).optional(),
    query_id: z.string().min(1).optional().describe("id of a query of the workspace, in place of sql"),
    dialect: z.enum(["postgresql", "mysql", "sqlite"]).optional(),
  }),
  timeoutSeconds: 60,
  execute: async ({ sql, query_id, dialect }, context) => {
    if ((sql === undefined) === (query_id === undefined))
      throw new AksaraError("TOOL_INPUT_INVALID", "Give either sql or query_id.");
    const pack = await builtPack(
      {
        flow_type: "query",
        action_key: "explain_plan",
        context: {
          include_explain: true,
          ...(sql === undefined ? {} : { sql }),
          ...(query_id === undefined ? {} : { query_id }),
          ...(dialect === undefined ? {} : { dialect }),
        },
      },
      context,
    );
    return { output: pack.result_markdown };
  },
});
