import { isCancelled } from "../../errors.ts";
import type { AgentWorkspace } from "../workspace-port.ts";

/** What was recognised, in one line. A workspace that cannot be read is no reason not to answer. */
export async function workspaceLine(workspace: AgentWorkspace, signal: AbortSignal): Promise<string> {
  try {
    const { catalog } = await workspace.view(signal);
    const stacks = catalog.report.stacks.map(({ title }) => title);
    if (stacks.length === 0) return "No framework was recognised in the workspace.";
    const { models, routes, queries, migrations } = catalog;
    return `The workspace uses ${stacks.join(", ")}: ${models.length} models, ${routes.length} routes, ${queries.length} queries, ${migrations.length} migrations.`;
  } catch (error) {
    if (isCancelled(error)) return "";
    const reason = error instanceof Error ? error.message : String(error);
    return `What is in the workspace could not be read: ${reason}`;
  }
}
