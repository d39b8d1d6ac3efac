import { agentCommand } from "./commands/agent.ts";
import { catalogCommand } from "./commands/catalog.ts";
import { dbCommand } from "./commands/db.ts";
import { evalCommand } from "./commands/eval.ts";
import { flowsCommand } from "./commands/flows.ts";
import { hubCommand } from "./commands/hub.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { runCommand } from "./commands/run.ts";
import { runtimeCommand } from "./commands/runtime.ts";
import { serveCommand } from "./commands/serve.ts";
import { traceCommand } from "./commands/trace.ts";
import type { CliGroup } from "./context.ts";

/** Every word of the command line. Help is derived from it. */
export const PROGRAM: CliGroup = {
  type: "group",
  summary: "facts about a backend, as prompt packs",
  commands: {
    ai: {
      type: "group",
      summary: "work with language models",
      commands: { flows: flowsCommand, run: runCommand, agent: agentCommand, hub: hubCommand },
    },
    catalog: catalogCommand,
    db: dbCommand,
    eval: evalCommand,
    mcp: mcpCommand,
    runtime: runtimeCommand,
    serve: serveCommand,
    trace: traceCommand,
  },
};
