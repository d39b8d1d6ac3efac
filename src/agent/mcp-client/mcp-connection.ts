import {
  type CallToolResult,
  Client,
  type Tool as ListedTool,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { AksaraError, isAksaraError, throwIfCancelled } from "../../errors.ts";
import type { McpAddress, NamedServer } from "./mcp-file.ts";
import { ProcessTransport } from "./process-transport.ts";

/** How long a server may take to be there, in milliseconds. */
const CONNECT_MS = 20_000;
/** How long nothing is tried after a server could not be reached, in milliseconds. */
const PAUSE_MS = 2_000;

interface Open {
  readonly client: Client;
  readonly transport: ProcessTransport | StreamableHTTPClientTransport;
}

/** The connection to one server. It is made with the first use, and anew with the next use after it broke. */
export class McpConnection {
  readonly server: NamedServer;
  readonly #environment: NodeJS.ProcessEnv;
  #open: Promise<Open> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor(server: NamedServer, environment: NodeJS.ProcessEnv) {
    this.server = server;
    this.#environment = environment;
  }

  /** Process that the server is, while it runs. */
  async pid(): Promise<number | undefined> {
    const opened = await this.#open;
    return opened && opened.transport instanceof ProcessTransport ? opened.transport.pid : undefined;
  }

  /** @throws TOOL_FAILED, TOOL_TIMEOUT, CANCELLED */
  async listTools(signal: AbortSignal): Promise<readonly ListedTool[]> {
    const { tools } = await this.#ask(signal, ({ client }) =>
      client.listTools({}, { signal, timeout: CONNECT_MS }),
    );
    return tools;
  }

  /** One call. Whether a call that broke off had its effect, nobody knows. @throws TOOL_FAILED, TOOL_TIMEOUT, CANCELLED */
  async call(tool: string, input: unknown, signal: AbortSignal): Promise<CallToolResult> {
    const args = input as Record<string, unknown>;
    return await this.#ask(signal, ({ client }) =>
      client.callTool({ name: tool, arguments: args }, { signal, timeout: this.server.timeoutMs }),
    );
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const opened = await this.#open?.catch(() => null);
    this.#open = null;
    await opened?.client.close();
  }

  async #ask<Answer>(signal: AbortSignal, ask: (open: Open) => Promise<Answer>): Promise<Answer> {
    throwIfCancelled(signal);
    let opened: Open | null = null;
    try {
      this.#open ??= this.#connect();
      opened = await this.#open;
      return await ask(opened);
    } catch (error) {
      throwIfCancelled(signal);
      throw this.#failureOf(error, opened);
    }
  }

  async #connect(): Promise<Open> {
    const { name } = this.server;
    if (this.#disposed) throw new AksaraError("TOOL_FAILED", `The MCP server ${name} was closed.`);
    if (performance.now() - this.#failedAt < PAUSE_MS)
      throw new AksaraError("TOOL_FAILED", `The MCP server ${name} could not be reached a moment ago.`);
    const transport = this.#transport();
    // It is told of nothing of ours: no models, no folders, no person.
    const client = new Client(
      { name: "aksara-studio", version: "1" },
      { capabilities: {}, versionNegotiation: { mode: "auto" } },
    );
    client.onclose = () => {
      this.#open = null;
    };
    try {
      await client.connect(transport, { timeout: CONNECT_MS });
      return { client, transport };
    } catch (error) {
      this.#failedAt = performance.now();
      this.#open = null;
      const failure = this.#failureOf(error, { client, transport });
      await client.close().catch(() => undefined);
      await transport.close();
      throw failure;
    }
  }

  #transport(): Open["transport"] {
    const { how, root } = this.server;
    if ("url" in how) return httpTransport(how, this.#environment);
    return new ProcessTransport(how, root.path, this.#environment);
  }

  #failureOf(error: unknown, opened: Open | null): AksaraError {
    if (isAksaraError(error)) return error;
    const { name, timeoutMs } = this.server;
    const said = error instanceof Error ? error.message : String(error);
    if (/timed? ?out/i.test(said))
      return new AksaraError(
        "TOOL_TIMEOUT",
        `The MCP server ${name} did not answer within ${timeoutMs / 1_000} seconds.`,
      );
    const errors = opened?.transport instanceof ProcessTransport ? opened.transport.errors : "";
    return new AksaraError("TOOL_FAILED", `The MCP server ${name} failed: ${said}`, {
      ...(errors === "" ? {} : { hint: `It wrote: ${errors.slice(-500)}` }),
    });
  }
}

/** @throws AUTH_FAILED when a token would go over an open line, or is not there */
function httpTransport(how: McpAddress, environment: NodeJS.ProcessEnv): StreamableHTTPClientTransport {
  const url = new URL(how.url);
  const token = how.bearer_env === undefined ? undefined : environment[how.bearer_env];
  if (how.bearer_env !== undefined) {
    if (!token) throw new AksaraError("AUTH_FAILED", `${how.bearer_env} is not set in the environment.`);
    const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
    if (url.protocol !== "https:" && !isLocal)
      throw new AksaraError("AUTH_FAILED", `A token is not sent to ${url.host} without encryption.`, {
        hint: "Use an address that begins with https://.",
      });
  }
  const headers = { ...how.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return new StreamableHTTPClientTransport(url, {
    requestInit: { headers },
    redirectPolicy: "same-origin",
  });
}
