/**
 * An MCP server for tests, over standard streams. Says with `pids` which processes are its, and does with the others what
 * their names say. `TOOL_SERVER_LOG` names a file to which it writes each call.
 */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
const note = (line: string) => {
  const file = process.env.TOOL_SERVER_LOG;
  if (file) appendFileSync(file, `${line}\n`);
};

serveStdio(() => {
  const server = new McpServer({ name: "tools", version: "1" });
  const say = (text: string) => ({ content: [{ type: "text" as const, text }] });
  const reads = { annotations: { readOnlyHint: true } };
  server.registerTool("pids", { description: "The processes", ...reads }, () =>
    say(JSON.stringify([process.pid, child.pid])),
  );
  server.registerTool(
    "echo",
    { description: "Says it again", inputSchema: z.object({ text: z.string() }), ...reads },
    ({ text }) => {
      note(`echo ${text}`);
      return say(text);
    },
  );
  server.registerTool(
    "store",
    {
      description: "Changes something",
      inputSchema: z.object({ text: z.string() }),
      annotations: { destructiveHint: false },
    },
    ({ text }) => {
      note(`store ${text}`);
      return say(`stored ${text}`);
    },
  );
  server.registerTool("destroy", { description: "Says nothing of itself" }, () => {
    note("destroy");
    return say("destroyed");
  });
  server.registerTool("hang", { description: "Never answers", ...reads }, () => new Promise<never>(() => {}));
  server.registerTool("flood", { description: "Says too much", ...reads }, () =>
    say("flood ".repeat(100_000)),
  );
  server.registerTool("leak", { description: "Says a secret", ...reads }, () =>
    say(`the key is sk_live_4eC39HqLyjWDarjtT1zdp7dc, the variable is ${process.env.SECRET_OF_PERSON}`),
  );
  server.registerTool("exit", { description: "Ends the server", ...reads }, () => process.exit(3));
  return server;
});
