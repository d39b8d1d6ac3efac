import { AksaraError } from "../../errors.ts";
import type { Tool } from "./tool.ts";

/** The arguments of a call as the tool takes them. @throws TOOL_INPUT_INVALID with every path */
export function parseInput(tool: Pick<Tool, "name" | "input">, input: unknown): unknown {
  const parsed = tool.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
  throw new AksaraError(
    "TOOL_INPUT_INVALID",
    `The arguments of ${tool.name} are wrong. ${problems.join("; ")}.`,
    {
      hint: "Make the call again with arguments that fit its schema.",
    },
  );
}
