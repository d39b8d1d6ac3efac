import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { checkRequest } from "../http/guard.ts";
import { Listener } from "../http/listener.ts";
import { TransportError } from "../http/transport-error.ts";
import { buildServer, type ServerOptions, serverFactory } from "./build-server.ts";

export interface McpHttpOptions extends ServerOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Hears of defects of ours; the client is told only that there was one. */
  readonly onCrash: (error: unknown) => void;
}

interface Session {
  readonly server: McpServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  usedAt: number;
}

type ReceivedMessage = IncomingMessage & { readonly method: string; readonly url: string };

const PATH = "/mcp";
const HOST = "127.0.0.1";
/** Bytes of the largest body. */
const LARGEST_BODY = 4 * 1024 * 1024;
/** Sessions of clients that speak an older revision; the one that was used longest ago makes room. */
const MOST_SESSIONS = 64;

/**
 * MCP over Streamable HTTP, on this machine alone: the current revision, which keeps no session, and those before it,
 * which do. Every request shows the token; Host and Origin are checked before it.
 */
export class McpHttpServer {
  readonly #listener: Listener;
  readonly #options: McpHttpOptions;
  readonly #modern: McpHttpHandler;
  readonly #sessions = new Map<string, Session>();
  readonly #serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;

  private constructor(listener: Listener, options: McpHttpOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#modern = createMcpHandler(serverFactory(options), {
      legacy: "reject",
      maxRequestBodySize: LARGEST_BODY,
    });
    const serve = toNodeHandler(
      { fetch: (request) => this.#answer(request) },
      { maxRequestBodySize: LARGEST_BODY, onerror: options.onCrash },
    );
    // What a server gets from a client always has a method and an address.
    this.#serve = (request, response) => serve(request as ReceivedMessage, response);
    listener.onRequest((request, response) => this.#receive(request, response));
  }

  /** @throws the error of the operating system: address in use, not allowed */
  static async start(options: McpHttpOptions): Promise<McpHttpServer> {
    return new McpHttpServer(await Listener.open(options.port, HOST), options);
  }

  get url(): string {
    return `${this.#listener.origin}${PATH}`;
  }

  /** Asked for in every request. */
  get token(): string {
    return this.#listener.gate.token;
  }

  /** Takes no more requests, ends sessions, and hangs up. */
  async close(): Promise<void> {
    await this.#listener.close(async () => {
      await this.#modern.close();
      await Promise.all([...this.#sessions.values()].map(({ server }) => server.close()));
      this.#sessions.clear();
    });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      checkRequest(request, this.#listener.gate);
      if (new URL(request.url ?? "/", this.url).pathname !== PATH)
        throw new TransportError(404, `There is only ${PATH} here.`);
      await this.#serve(request, response);
    } catch (error) {
      if (response.headersSent) {
        this.#options.onCrash(error);
        response.end();
      } else refuse(response, error, this.#options.onCrash);
    }
  }

  async #answer(request: Request): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    const session = id === null ? undefined : this.#sessions.get(id);
    if (session) {
      session.usedAt = Date.now();
      return await session.transport.handleRequest(request);
    }
    if (!(await isLegacyRequest(request, undefined, { maxRequestBodySize: LARGEST_BODY })))
      return await this.#modern.fetch(request);
    // A session that is over, or never was: the client has to begin a new one.
    if (id !== null) return failed(404, -32001, "There is no such session; begin a new one.");
    return await this.#begin(request);
  }

  /** A client of an older revision begins with `initialize`; everything else is refused by the transport. */
  async #begin(request: Request): Promise<Response> {
    const server = buildServer(this.#options, "legacy");
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: LARGEST_BODY,
      onsessioninitialized: async (id) => {
        await this.#makeRoom();
        this.#sessions.set(id, { server, transport, usedAt: Date.now() });
      },
      onsessionclosed: async (id) => {
        this.#sessions.delete(id);
        await server.close();
      },
    });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  async #makeRoom(): Promise<void> {
    if (this.#sessions.size < MOST_SESSIONS) return;
    const [oldest] = [...this.#sessions].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (!oldest) return;
    this.#sessions.delete(oldest[0]);
    await oldest[1].server.close();
  }
}

/** A request that is refused before the protocol sees it. */
function refuse(response: ServerResponse, error: unknown, onCrash: (error: unknown) => void): void {
  if (!(error instanceof TransportError)) onCrash(error);
  const [status, message, headers] =
    error instanceof TransportError
      ? [error.status, error.message, error.headers]
      : [500, "Aksara failed. Its log says how.", {}];
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(errorBody(-32000, message));
}

function failed(status: number, code: number, message: string): Response {
  return new Response(errorBody(code, message), {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
  });
}

function errorBody(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: "2.0", error: { code, message }, id: null });
}
