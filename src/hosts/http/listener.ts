import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Gate } from "./guard.ts";

/** How long a closing server waits for answers that are under way, in milliseconds. */
const CLOSING_MS = 3000;

/** An HTTP server that listens, with a token of its own that every request shows. */
export class Listener {
  /** `http://<host>:<port>`. */
  readonly origin: string;
  /** Its token is made anew at each start, and kept nowhere. */
  readonly gate: Gate;
  readonly #server: Server;

  private constructor(server: Server, host: string) {
    const { port } = server.address() as AddressInfo;
    this.#server = server;
    this.origin = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    this.gate = { host, port, token: randomBytes(24).toString("base64url") };
  }

  /**
   * @param port 0: any that is free.
   * @throws the error of the operating system: address in use, not allowed
   */
  static async open(port: number, host: string): Promise<Listener> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    return new Listener(server, host);
  }

  /** `serve` answers every request that comes, and does not fail. */
  onRequest(serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>): void {
    this.#server.on("request", (request, response) => void serve(request, response));
  }

  /** Takes no more requests, lets `end` finish what would go on for ever, waits for the rest, then hangs up. */
  async close(end: () => Promise<void>): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await end();
    this.#server.closeIdleConnections();
    const patience = setTimeout(() => this.#server.closeAllConnections(), CLOSING_MS);
    await closed;
    clearTimeout(patience);
  }
}
