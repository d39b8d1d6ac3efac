import { shippedTools } from "../../agent/tools/shipped.ts";
import { TOOLKITS } from "../toolkits.ts";
import type { AgentSpec } from "./agent-spec.ts";
import type { ToolSpec } from "./tool-spec.ts";

/** Stands above the tools in a prompt. */
const HEADING = "Your tools:";

/** An agent whose prompt says which tools it has. One that says so already stays as it is. */
export function withToolRows(agent: AgentSpec, bindings: readonly ToolSpec[]): AgentSpec {
  const rows = toolRows(agent, bindings);
  if (rows.length === 0 || agent.systemPrompt.includes(`${HEADING}\n`)) return agent;
  return { ...agent, systemPrompt: [agent.systemPrompt, [HEADING, ...rows].join("\n")].join("\n\n") };
}

function toolRows(agent: AgentSpec, bindings: readonly ToolSpec[]): readonly string[] {
  const shipped = shippedTools();
  const described = (name: string) =>
    bindings.find((tool) => tool.name === name)?.description ?? shipped.find(name)?.description ?? "";
  const own = agent.tools.map((tool) =>
    typeof tool === "string" ? row(tool, described(tool)) : row(tool.name, tool.description),
  );
  const fromToolkits = agent.toolkits.flatMap((id) =>
    (TOOLKITS[id]?.tools ?? []).flatMap((name) => {
      const description = shipped.find(name)?.description ?? TOOLKITS[id]?.own[name];
      return description === undefined ? [] : [row(name, description)];
    }),
  );
  return [...new Set([...own, ...fromToolkits])];
}

/** One line, whatever the description looks like. */
function row(name: string, description: string): string {
  const line = description.replace(/\s+/g, " ").trim();
  return line === "" ? `- ${name}` : `- ${name}: ${line}`;
}
