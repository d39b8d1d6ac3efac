import type { CallToolResult, Tool as ListedTool } from "@modelcontextprotocol/client";
import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import { sha256 } from "../../workspace/hash.ts";
import { defineTool, type Tool } from "../tools/tool.ts";
import type { McpConnection } from "./mcp-connection.ts";

/** What a person allowed of a server: each call is asked for, or those that say they only read run unasked. */
export type ServerExtent = "ask" | "reads";

const LONGEST_NAME = 64;
const LONGEST_DESCRIPTION = 2_000;

/** Tools of a server as the agent's own, by qualified names: `server__tool`. */
export function serverTools(
  connection: McpConnection,
  listed: readonly ListedTool[],
  extent: ServerExtent,
): readonly Tool[] {
  const { how } = connection.server;
  return listed
    .filter(({ name }) => how.tools?.includes(name) ?? true)
    .flatMap((tool) => {
      const name = qualifiedName(connection.server.name, tool.name);
      return name === null ? [] : [agentTool(name, tool, connection, extent)];
    });
}

/** Null for a name that no provider takes. */
export function qualifiedName(server: string, tool: string): string | null {
  const name = `${server}__${tool.replace(/[^\w-]/g, "_")}`;
  return name.length <= LONGEST_NAME ? name : null;
}

function agentTool(name: string, listed: ListedTool, connection: McpConnection, extent: ServerExtent): Tool {
  const { server } = connection;
  const { annotations = {}, inputSchema, description = "" } = listed;
  // A server may say of itself what it likes: it is believed as far as the person said.
  const isRead = annotations.readOnlyHint === true && extent === "reads";
  const isHarmless = annotations.readOnlyHint === true || annotations.destructiveHint === false;
  return defineTool({
    name,
    description:
      `${description.slice(0, LONGEST_DESCRIPTION)} (a tool of the MCP server ${server.name})`.trim(),
    // The server checks its own arguments; here they are only handed over, with its schema for the model.
    input: z.looseObject({}).meta({ ...inputSchema }) as z.ZodType<Record<string, unknown>>,
    class: isRead ? "read" : "data",
    risk: isRead ? "low" : isHarmless ? "medium" : "high",
    timeoutSeconds: server.timeoutMs / 1_000,
    intend: async (input) => ({
      preview: { kind: "none" },
      dangers: [],
      changes: [],
      covers: sha256(canonicalJson({ server: server.hash, input })),
    }),
    execute: async (input, { signal }) => {
      const result = await connection.call(listed.name, input, signal);
      const text = textOf(result);
      if (result.isError) throw new AksaraError("TOOL_FAILED", text || `${name} failed.`);
      return { output: text };
    },
  });
}

/** What a result says, as text: what is no text is named. */
function textOf({ content, structuredContent }: CallToolResult): string {
  const said = content.map(partText).join("\n");
  return said === "" && structuredContent !== undefined ? JSON.stringify(structuredContent, null, 1) : said;
}

function partText(part: CallToolResult["content"][number]): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "image":
    case "audio":
      return `[${part.type}, ${part.mimeType}, ${Math.round((part.data.length * 3) / 4 / 1024)} KB]`;
    case "resource":
      return "text" in part.resource ? part.resource.text : `[resource ${part.resource.uri}]`;
    case "resource_link":
      return `[resource ${part.uri}]`;
  }
}
