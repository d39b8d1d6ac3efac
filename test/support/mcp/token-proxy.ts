import { once } from "node:events";
import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** Passes requests on to a server, with its token: for clients that cannot be given one. */
export interface TokenProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Leaves Host and Origin as they are, but for the port where they name the proxy itself. */
export async function tokenProxy(url: string, token: string): Promise<TokenProxy> {
  const target = new URL(url);
  const server = createServer((received, response) => {
    const { port } = server.address() as AddressInfo;
    const own = (text: string | undefined) => text?.replace(new RegExp(`:${port}$`), `:${target.port}`);
    const headers = {
      ...received.headers,
      authorization: `Bearer ${token}`,
      host: own(received.headers.host),
      ...(received.headers.origin ? { origin: own(received.headers.origin) } : {}),
    };
    const { method, url: path } = received;
    const sent = send({ hostname: target.hostname, port: target.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    response.on("close", () => sent.destroy());
    sent.on("error", () => response.destroy());
    received.pipe(sent);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}${target.pathname}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
