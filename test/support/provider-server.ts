import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as a provider's server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

/** A real local HTTP server that answers as the test says and remembers what it was asked. */
export class ProviderServer {
  readonly requests: SeenRequest[] = [];
  /** Sockets that are open now. */
  readonly sockets = new Set<Socket>();
  answer: Answer;
  readonly #server: Server;

  private constructor(server: Server, answer: Answer) {
    this.#server = server;
    this.answer = answer;
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => this.sockets.delete(socket));
    });
    server.on(
      "request",
      (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response),
    );
  }

  static async start(answer: Answer, server = createServer()): Promise<ProviderServer> {
    const self = new ProviderServer(server, answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return self;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen: SeenRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    this.requests.push(seen);
    await this.answer(response, seen);
  }
}

/** Answers with a whole document. */
export function plain(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };
}

/** Answers with a stream, each piece flushed on its own. */
export function streamed(pieces: readonly (string | Uint8Array)[], type = "text/event-stream"): Answer {
  return async (response) => {
    response.writeHead(200, { "content-type": type });
    for (const piece of pieces) {
      response.write(piece);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}
