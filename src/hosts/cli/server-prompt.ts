import { describeServer, MCP_FILE } from "../../agent/mcp-client/mcp-file.ts";
import type { AskForServer } from "../../agent/mcp-client/mcp-servers.ts";
import type { LinePrompt } from "./line-prompt.ts";
import { bold, type Terminal } from "./output.ts";

/** Asks at the prompt about a server that the workspace names. The end of the input is a no. */
export function promptForServer(prompt: LinePrompt, terminal: Terminal): AskForServer {
  return async (server, signal) => {
    terminal.err(
      `\n${MCP_FILE} of this workspace names the MCP server ${bold(terminal, server.name)}. It ${describeServer(server)}.\n`,
    );
    for (;;) {
      const line = await prompt.ask(
        "Start it? [y]es, asking before each call; y [r]eads: what says that it only reads runs unasked; [n]o > ",
        signal,
      );
      switch (line?.trim().toLowerCase()) {
        case "y":
        case "yes":
          return "ask";
        case "r":
        case "y r":
        case "reads":
          return "reads";
        case undefined:
        case "n":
        case "no":
          return null;
        default:
          terminal.err("Answer with y, r or n.\n");
      }
    }
  };
}
