import type { Tool } from "../../../agent/tools/tool.ts";
import { openAgents } from "../../shared/agent-access.ts";
import { environmentDatabases } from "../../shared/agent-databases.ts";
import { distDirectory, productVersion } from "../../shared/dist-directory.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { EXIT, UsageError } from "../output.ts";
import { portOf, serveUntilStopped, untilStopped } from "../serving.ts";

export const mcpCommand: CliLeaf = {
  type: "leaf",
  summary: "serve the workspace by the Model Context Protocol; or list and allow the servers that it names",
  positionals: "[list | allow NAME | forget NAME]",
  options: {
    reads: { type: "boolean", summary: "with allow: what says that it only reads runs unasked" },
    http: { type: "boolean", summary: "over HTTP on this machine, with a token, instead of standard input" },
    port: {
      type: "string",
      value: "N",
      summary: "with --http: port to listen on (default: any that is free)",
    },
    tools: { type: "string", value: "A,B", summary: "tools of the agent to show (default: all)" },
    "no-writes": { type: "boolean", summary: "show no tools that change files or rows" },
    "allow-system": { type: "boolean", summary: "show the tool that runs commands; each is asked for" },
  },
  run: serveMcp,
};

async function serveMcp(args: ParsedArguments, context: CliContext): Promise<number> {
  if (args.positionals.length > 0) {
    const { manageServers } = await import("./mcp-servers.ts");
    return await manageServers(args, context);
  }
  const port = portOf(args.string("port"));
  if (args.string("port") !== undefined && !args.flag("http"))
    throw new UsageError("--port is for --http; without it, standard input and output are the connection.");
  const workspace = await context.openWorkspace();
  const access = await openAgents({
    workspace,
    distDir: distDirectory(),
    databaseSecrets: environmentDatabases(process.env),
  });
  const { workspaceSurface, signedStates } = await import("../../mcp/workspace-surface.ts");
  const surface = workspaceSurface({
    workspace,
    access,
    tools: pickTools(args, access.tools),
    allowWrites: !args.flag("no-writes"),
    allowSystemTools: args.flag("allow-system"),
  });
  const options = { surface, version: await productVersion(), states: signedStates() };
  try {
    if (args.flag("http")) await serveHttp(port, options, context);
    else await serveStandardStreams(options, context);
  } finally {
    await surface.dispose();
    await access.dispose();
  }
  return EXIT.ok;
}

function pickTools(
  args: ParsedArguments,
  registry: { list(): readonly Tool[]; pick(names: readonly string[]): readonly Tool[] },
): readonly Tool[] {
  const names = args
    .string("tools")
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names === undefined ? registry.list() : registry.pick(names);
}

type Serving = import("../../mcp/build-server.ts").ServerOptions;

/** Until the client closes the connection. What a person should see goes to standard error. */
async function serveStandardStreams(options: Serving, { terminal, signal }: CliContext): Promise<void> {
  const [{ serveStdio, StdioServerTransport }, { serverFactory }] = await Promise.all([
    import("@modelcontextprotocol/server/stdio"),
    import("../../mcp/build-server.ts"),
  ]);
  const transport = new StdioServerTransport();
  const handle = serveStdio(serverFactory(options), {
    transport,
    onerror: (error) => terminal.err(`${error.message}\n`),
  });
  const ended = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve);
    process.stdin.once("close", resolve);
  });
  await Promise.race([ended, untilStopped(signal)]);
  await handle.close();
}

async function serveHttp(port: number, options: Serving, context: CliContext): Promise<void> {
  const { McpHttpServer } = await import("../../mcp/http-server.ts");
  await serveUntilStopped(context, {
    port,
    start: (onCrash) => McpHttpServer.start({ ...options, port, onCrash }),
    title: `Aksara serves ${context.options.workspace} to MCP clients`,
  });
}
