import {
  describeServer,
  MCP_FILE,
  type NamedServer,
  readMcpFile,
} from "../../../agent/mcp-client/mcp-file.ts";
import {
  allowServer,
  forgetServer,
  McpServers,
  type ServerState,
} from "../../../agent/mcp-client/mcp-servers.ts";
import { AksaraError } from "../../../errors.ts";
import { nearestNames } from "../../../workspace/nearest-names.ts";
import { type AgentAccess, openAgents } from "../../shared/agent-access.ts";
import { distDirectory } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import type { CliContext, ParsedArguments } from "../context.ts";
import { bold, columns, dim, EXIT, UsageError } from "../output.ts";

/** `aksara mcp list`, `allow NAME` and `forget NAME`: the servers that the workspace names. */
export async function manageServers(args: ParsedArguments, context: CliContext): Promise<number> {
  const [word, name, ...rest] = args.positionals;
  const wantsName = word === "allow" || word === "forget";
  if ((word !== "list" && !wantsName) || wantsName !== (name !== undefined) || rest.length > 0)
    throw new UsageError('After "mcp" stands nothing, or: list, allow NAME, forget NAME.');
  const workspace = await context.openWorkspace();
  const access = await openAgents({ workspace, distDir: distDirectory() });
  try {
    if (name === undefined) return await listServers(workspace, access, context);
    if (word === "forget") return await forget(name, access, context);
    return await allow(name, args.flag("reads"), workspace, access, context);
  } finally {
    await access.dispose();
  }
}

async function listServers(
  workspace: StudioWorkspace,
  access: AgentAccess,
  { terminal, options, signal }: CliContext,
): Promise<number> {
  const servers = await McpServers.open(
    {
      roots: workspace.roots,
      trusted: workspace.execution().trusted,
      consents: access.consents,
      ask: null,
      environment: process.env,
    },
    signal,
  );
  try {
    if (options.format === "json")
      terminal.out(documentText({ servers: servers.states.map(document), problems: servers.problems }));
    else {
      for (const problem of servers.problems) terminal.err(`${problem}\n`);
      if (servers.states.length > 0) {
        const rows = servers.states.map(({ server, state, extent, error, tools }) => [
          bold(terminal, server.name),
          state === "ready" ? `${tools.length} tools, ${EXTENTS[extent ?? "ask"]}` : STATES[state],
          dim(terminal, error ?? describeServer(server)),
        ]);
        terminal.out(`${columns(rows)}\n`);
      } else if (servers.problems.length === 0) terminal.out(`${MCP_FILE} names no servers.\n`);
    }
    const isWell = servers.problems.length === 0 && servers.states.every(({ state }) => state !== "failed");
    return isWell ? EXIT.ok : EXIT.negative;
  } finally {
    await servers.dispose();
  }
}

const STATES = { "not-allowed": "not allowed", failed: "failed" } as const;
const EXTENTS = { ask: "each call is asked for", reads: "those that read run unasked" } as const;

function document({ server, state, extent, error, tools }: ServerState) {
  return {
    name: server.name,
    does: describeServer(server),
    state,
    extent,
    error,
    tools: tools.map(({ name, class: kind, risk, description }) => ({
      name,
      class: kind,
      risk,
      description,
    })),
  };
}

async function allow(
  name: string,
  reads: boolean,
  workspace: StudioWorkspace,
  access: AgentAccess,
  { terminal }: CliContext,
): Promise<number> {
  const server = find(name, await readMcpFile(workspace.roots));
  await allowServer(server, reads ? "reads" : "ask", access.consents);
  terminal.out(`Allowed ${name}, as ${MCP_FILE} has it now: it ${describeServer(server)}.\n`);
  return EXIT.ok;
}

async function forget(name: string, access: AgentAccess, { terminal }: CliContext): Promise<number> {
  const was = await forgetServer(name, access.consents);
  terminal.out(was ? `${name} is not allowed any more.\n` : `${name} was not allowed.\n`);
  return EXIT.ok;
}

function find(
  name: string,
  { servers, problems }: { readonly servers: readonly NamedServer[]; readonly problems: readonly string[] },
): NamedServer {
  const server = servers.find((each) => each.name === name);
  if (server) return server;
  const near = nearestNames(
    name,
    servers.map((each) => each.name),
  );
  throw new AksaraError("CONTEXT_NOT_FOUND", problems[0] ?? `${MCP_FILE} names no server "${name}".`, {
    ...(near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}?` } : {}),
    candidates: near,
  });
}
