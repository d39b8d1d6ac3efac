import { MCP_FILE, readMcpFile } from "../../agent/mcp-client/mcp-file.ts";
import type { AskForServer } from "../../agent/mcp-client/mcp-servers.ts";
import type { Tool } from "../../agent/tools/tool.ts";
import type { AgentAccess } from "./agent-access.ts";
import type { StudioWorkspace } from "./studio-workspace.ts";

export interface ConnectedServers {
  /** Registered with the agent's. */
  readonly tools: readonly Tool[];
  /** For a person: what is missing, and why. */
  readonly notes: readonly string[];
  dispose(): Promise<void>;
}

export interface ConnectOptions {
  readonly access: AgentAccess;
  readonly workspace: StudioWorkspace;
  /** Null: nobody is here to ask. */
  readonly ask: AskForServer | null;
  readonly signal: AbortSignal;
}

/**
 * Starts the MCP servers that the workspace names and the person allowed, and gives their tools to the agents. Null where
 * it names none; then nothing is loaded.
 */
export async function connectMcpServers(options: ConnectOptions): Promise<ConnectedServers | null> {
  const { access, workspace, ask, signal } = options;
  const { servers: named, problems } = await readMcpFile(workspace.roots);
  if (named.length === 0) return problems.length === 0 ? null : noServers(problems);
  const { McpServers } = await import("../../agent/mcp-client/mcp-servers.ts");
  const servers = await McpServers.open(
    {
      roots: workspace.roots,
      trusted: workspace.execution().trusted,
      consents: access.consents,
      ask,
      environment: process.env,
    },
    signal,
  );
  const tools = servers.tools.filter(({ name }) => access.tools.find(name) === null);
  for (const tool of tools) access.tools.register(tool);
  const notes = servers.states.flatMap(({ server, state, error }) => {
    if (state === "failed") return [`${server.name}: ${error}`];
    if (state === "not-allowed")
      return [`${server.name} of ${MCP_FILE} is not started: aksara mcp allow ${server.name}`];
    return [];
  });
  return { tools, notes, dispose: () => servers.dispose() };
}

function noServers(notes: readonly string[]): ConnectedServers {
  return { tools: [], notes, dispose: async () => undefined };
}
