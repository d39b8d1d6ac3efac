import { StudioServer } from "../../http/studio-server.ts";
import { openAgents } from "../../shared/agent-access.ts";
import { environmentDatabases } from "../../shared/agent-databases.ts";
import { distDirectory, productVersion } from "../../shared/dist-directory.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { EXIT } from "../output.ts";
import { portOf, serveUntilStopped } from "../serving.ts";

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
  const host = args.string("host");
  const version = await productVersion();
  await serveUntilStopped(context, {
    port,
    start: (onCrash) =>
      StudioServer.start({
        workspace,
        openAgents: () =>
          openAgents({
            workspace,
            distDir: distDirectory(),
            databaseSecrets: environmentDatabases(process.env),
          }),
        port,
        ...(host === undefined ? {} : { host }),
        version,
        onCrash,
      }),
    title: `Aksara serves ${context.options.workspace}`,
    more: ({ url }) => ({ openapi: `${url}/openapi.json` }),
  });
  return EXIT.ok;
}
