import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isAksaraError } from "../../../src/errors.ts";
import { otlpDestination, sendOtlp } from "../../../src/hosts/shared/send-otlp.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";

interface Received {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

describe("traces to a collector", () => {
  let server: Server;
  let origin: string;
  let answer: readonly [status: number, body: string] = [200, "{}"];
  let received: Received[] = [];
  const transport = new UndiciTransport({ environment: {} });

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received.push({
          url: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        });
        response.writeHead(answer[0], { "content-type": "application/json" }).end(answer[1]);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    received = [];
    answer = [200, "{}"];
  });
  after(async () => {
    await transport.dispose();
    server.closeAllConnections();
    server.close();
  });

  const send = (address = origin, environment: NodeJS.ProcessEnv = {}) =>
    sendOtlp(
      { resourceSpans: [] },
      otlpDestination(address, environment),
      transport,
      new AbortController().signal,
    );
  const codeOf = (error: unknown) => (isAksaraError(error) ? error.code : String(error));

  it("H21 posts OTLP JSON to /v1/traces, or to the path that was given, with the environment's headers", async () => {
    await send(origin, { OTEL_EXPORTER_OTLP_HEADERS: "x-team=blue,Authorization=Bearer%20abc" });
    await send(`${origin}/ingest`, {
      OTEL_EXPORTER_OTLP_HEADERS: "x-team=blue",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-team=red",
    });
    assert.deepEqual(
      received.map(({ url, headers, body }) => [url, headers["x-team"], headers["content-type"], body]),
      [
        ["/v1/traces", "blue", "application/json", '{"resourceSpans":[]}'],
        ["/ingest", "red", "application/json", '{"resourceSpans":[]}'],
      ],
    );
    assert.equal(received[0]?.headers.authorization, "Bearer abc");
  });

  it("H21 says what a collector refuses, and what it leaves of what it takes", async () => {
    answer = [401, "who are you?"];
    await assert.rejects(
      send(),
      (error) => codeOf(error) === "AUTH_FAILED" && /401: who are you\?/.test(String(error)),
    );
    answer = [429, ""];
    await assert.rejects(send(), (error) => codeOf(error) === "RATE_LIMITED");
    answer = [503, "down"];
    await assert.rejects(send(), (error) => codeOf(error) === "PROVIDER_ERROR");
    answer = [200, '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}'];
    await assert.rejects(send(), /left 2 spans: .*too old/);
    answer = [302, ""];
    await assert.rejects(
      send(),
      (error) => codeOf(error) === "PROVIDER_ERROR",
      "nobody is sent on elsewhere",
    );
  });

  // Red without `url.protocol === "http:" && !isLoopback(url)` in send-otlp.ts.
  it("E09 sends nothing over a network in the clear, and no name and password in an address", async () => {
    assert.throws(() => otlpDestination("http://collector.example:4318", {}), /over https only/);
    assert.throws(() => otlpDestination("https://me:secret@collector.example", {}), /carries no user name/);
    assert.throws(() => otlpDestination("ftp://collector.example", {}), /no address of a collector/);
    assert.equal(
      otlpDestination("https://collector.example", {}).url.href,
      "https://collector.example/v1/traces",
    );
  });

  it("E03 says that nobody is there", async () => {
    await assert.rejects(send("http://127.0.0.1:9"), (error) => codeOf(error) === "PROVIDER_UNREACHABLE");
  });
});
