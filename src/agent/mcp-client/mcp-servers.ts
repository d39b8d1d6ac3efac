import { isAksaraError } from "../../errors.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import type { FileConsents } from "../approvals/file-consents.ts";
import type { Tool } from "../tools/tool.ts";
import { McpConnection } from "./mcp-connection.ts";
import { type NamedServer, readMcpFile } from "./mcp-file.ts";
import { type ServerExtent, serverTools } from "./server-tools.ts";

/** Asks a person about a server that a file of the workspace names; null is no. Port. */
export type AskForServer = (server: NamedServer, signal: AbortSignal) => Promise<ServerExtent | null>;

export interface McpServersOptions {
  readonly roots: readonly WorkspaceRoot[];
  readonly trusted: boolean;
  readonly consents: FileConsents;
  /** Null: nobody is here to ask, which is a no. */
  readonly ask: AskForServer | null;
  readonly environment: NodeJS.ProcessEnv;
}

/** A server that the workspace names, and what became of it. */
export interface ServerState {
  readonly server: NamedServer;
  readonly state: "ready" | "not-allowed" | "failed";
  /** What the person allowed; null when nothing. */
  readonly extent: ServerExtent | null;
  /** Why it failed; null otherwise. */
  readonly error: string | null;
  readonly tools: readonly Tool[];
}

const KIND = "mcp-server";

/** The MCP servers that a workspace names and a person allowed. Nothing starts before a yes to exactly this file. */
export class McpServers {
  readonly states: readonly ServerState[];
  /** What is wrong with the file. */
  readonly problems: readonly string[];
  readonly #connections: readonly McpConnection[];

  private constructor(
    states: readonly ServerState[],
    problems: readonly string[],
    connections: readonly McpConnection[],
  ) {
    this.states = states;
    this.problems = problems;
    this.#connections = connections;
  }

  get tools(): readonly Tool[] {
    return this.states.flatMap(({ tools }) => tools);
  }

  /** Starts those that are allowed, and asks about the others, one after the other. @throws CANCELLED */
  static async open(options: McpServersOptions, signal: AbortSignal): Promise<McpServers> {
    if (!options.trusted) return new McpServers([], [], []);
    const { servers, problems } = await readMcpFile(options.roots);
    const extents = new Map<NamedServer, ServerExtent | null>();
    for (const server of servers) extents.set(server, await extentOf(server, options, signal));
    const connections: McpConnection[] = [];
    const states = await Promise.all(
      servers.map(async (server) => {
        const extent = extents.get(server) ?? null;
        if (extent === null) return { server, state: "not-allowed" as const, extent, error: null, tools: [] };
        const connection = new McpConnection(server, options.environment);
        connections.push(connection);
        return await stateOf(connection, extent, signal);
      }),
    );
    return new McpServers(states, problems, connections);
  }

  /** Ends all of them, with what they started. */
  async dispose(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.dispose()));
  }
}

async function extentOf(
  server: NamedServer,
  { consents, ask }: McpServersOptions,
  signal: AbortSignal,
): Promise<ServerExtent | null> {
  const consent = await consents.find(KIND, server.name, server.hash);
  if (consent) return consent.extent === "reads" ? "reads" : "ask";
  const extent = ask ? await ask(server, signal) : null;
  if (extent !== null) await allowServer(server, extent, consents);
  return extent;
}

/** A person's yes to a server as the file names it now. */
export async function allowServer(
  server: NamedServer,
  extent: ServerExtent,
  consents: FileConsents,
): Promise<void> {
  await consents.give(KIND, server.name, server.hash, extent);
}

/** Whether there was a yes to take back. */
export function forgetServer(name: string, consents: FileConsents): Promise<boolean> {
  return consents.revoke(KIND, name);
}

async function stateOf(
  connection: McpConnection,
  extent: ServerExtent,
  signal: AbortSignal,
): Promise<ServerState> {
  const { server } = connection;
  try {
    const tools = serverTools(connection, await connection.listTools(signal), extent);
    return { server, state: "ready", extent, error: null, tools };
  } catch (error) {
    // One that does not work leaves the others, and the agent, as they are.
    if (signal.aborted || !isAksaraError(error)) throw error;
    const said = error.hint === null ? error.message : `${error.message} ${error.hint}`;
    return { server, state: "failed", extent, error: said, tools: [] };
  }
}
