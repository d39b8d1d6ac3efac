import { AksaraError } from "../../../errors.ts";
import { StudioServer } from "../../http/studio-server.ts";
import { openAgents } from "../../shared/agent-access.ts";
import { distDirectory, productVersion } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { bold, EXIT } from "../output.ts";
import { portOf, untilStopped } from "../serving.ts";

export const serveCommand: CliLeaf = {
  type: "leaf",
  summary: "serve the HTTP API of the workspace until interrupted",
  positionals: "",
  options: {
    port: { type: "string", value: "N", summary: "port to listen on (default: any that is free)" },
    host: { type: "string", value: "H", summary: "address to listen on (default: this machine only)" },
  },
  run: serve,
};

async function serve(args: ParsedArguments, context: CliContext): Promise<number> {
  const port = portOf(args.string("port"));
  const workspace = await context.openWorkspace();
  const { terminal, options, signal } = context;
  const host = args.string("host");
  const server = await StudioServer.start({
    workspace,
    openAgents: () => openAgents({ workspace, distDir: distDirectory() }),
    port,
    ...(host === undefined ? {} : { host }),
    version: await productVersion(),
    onCrash: (error) =>
      terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
  }).catch((error: NodeJS.ErrnoException) => {
    throw new AksaraError("RUNTIME_ERROR", `Cannot listen on port ${port}: ${error.message}`, {
      cause: error,
    });
  });
  try {
    const { url, token } = server;
    if (options.format === "json") terminal.out(documentText({ url, token, openapi: `${url}/openapi.json` }));
    else
      terminal.out(
        `Aksara serves ${options.workspace}\n${bold(terminal, url)}\nAuthorization: Bearer ${token}\n`,
      );
    await untilStopped(signal);
  } finally {
    await server.close();
  }
  return EXIT.ok;
}
