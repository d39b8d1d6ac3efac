import * as z from "zod";
import { AksaraError, isErrorCode } from "../../errors.ts";
import { FLOW_KINDS } from "../../protocol/action.ts";
import { defineTool } from "./tool.ts";

export const runFlowTool = defineTool({
  name: "run_flow",
  description:
    "Runs one of the workspace's flows: facts about an object are collected and a model answers; suggestions come with what was proved about them. It changes nothing.",
  input: z.strictObject({
    flow_type: z.enum(FLOW_KINDS),
    action_key: z
      .string()
      .min(1)
      .describe("explain_model, suggest_constraints, review_endpoint, explain_plan, …"),
    context: z.strictObject({
      model_name: z.string().optional(),
      method: z.string().optional(),
      path: z.string().optional(),
      sql: z.string().optional(),
      query_id: z.string().optional(),
      migration_id: z.string().optional(),
      app: z.string().optional(),
      name: z.string().optional(),
      issue_id: z.string().optional(),
    }),
  }),
  timeoutSeconds: 120,
  execute: async (input, { workspace, signal }) => {
    const context = Object.fromEntries(
      Object.entries(input.context).filter(([, value]) => value !== undefined),
    );
    const run = await workspace.run({ ...input, context }, { signal });
    if (!run.ok || !run.execution) {
      const code = run.error_code !== null && isErrorCode(run.error_code) ? run.error_code : "TOOL_FAILED";
      const hint = run.execution?.hint ?? run.prompt_pack.hint;
      throw new AksaraError(code, run.error ?? "The flow failed.", hint ? { hint } : {});
    }
    const { response, suggestions, tokens, cost_usd: costUsd } = run.execution;
    const spent = { inputTokens: tokens.prompt ?? 0, outputTokens: tokens.completion ?? 0, costUsd };
    const proved = suggestions.map(
      ({ id, verdict, title, proof }) => `${id} ${verdict}: ${title}${proof ? ` (${proof.summary})` : ""}`,
    );
    return { output: proved.length === 0 ? response : `${response}\n\n${proved.join("\n")}`, spent };
  },
});
