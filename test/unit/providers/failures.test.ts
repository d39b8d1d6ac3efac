import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { HostFetchTransport } from "../../../src/providers/transport/host-fetch-transport.ts";
import type { HttpTransport } from "../../../src/providers/transport/http-transport.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";
import { ask, connect, failureOf, requestOf, VirtualClock } from "../../support/provider-parts.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import { FAILURE_CASES, TOO_LONG } from "./failure-cases.ts";

const transports: readonly (readonly [string, () => HttpTransport])[] = [
  ["undici", () => new UndiciTransport({ environment: {} })],
  ["fetch", () => new HostFetchTransport()],
];

for (const [transportName, makeTransport] of transports) {
  describe(`failures over ${transportName}`, () => {
    let transport: HttpTransport;
    let server: ProviderServer;
    before(() => {
      transport = makeTransport();
    });
    after(() => transport.dispose());
    afterEach(() => server.close());

    for (const each of FAILURE_CASES) {
      it(`E03 ${each.name} is ${each.code}`, async () => {
        server = await ProviderServer.start(each.answer);
        const connector = connect({ kind: "openai-compatible", base_url: server.url }, { transport });
        const failure = await failureOf(ask(connector));
        assert.equal(failure.kind, each.kind, failure.message);
        assert.equal(failure.code, each.code);
        assert.equal(server.requests.length, each.tries);
        if (each.says) assert.match(failure.message, each.says);
      });
    }

    it("E03 a prompt that is too long is CONTEXT_OVERFLOW in every vendor's words", async () => {
      server = await ProviderServer.start(plain(400, ""));
      const connector = connect({ kind: "openai-compatible", base_url: server.url }, { transport });
      for (const body of TOO_LONG) {
        server.answer = plain(400, body);
        assert.equal((await failureOf(ask(connector))).code, "CONTEXT_OVERFLOW", body);
      }
    });

    it("E03 a reset in the middle of the answer is INTERRUPTED, and the answer is not asked for again", async () => {
      server = await ProviderServer.start((response) => {
        begin(response);
        setImmediate(() => response.socket?.resetAndDestroy());
      });
      const connector = connect({ kind: "openai-compatible", base_url: server.url }, { transport });
      const seen: string[] = [];
      const failure = await failureOf(
        (async () => {
          for await (const part of connector.stream(requestOf(), new AbortController().signal)) {
            seen.push(part.type);
          }
        })(),
      );
      assert.deepEqual(seen, ["text"]);
      assert.equal(failure.code, "INTERRUPTED");
      assert.equal(server.requests.length, 1);
    });

    it("E03 a server that never answers is a timeout of the first byte", async () => {
      server = await ProviderServer.start(() => undefined);
      const connector = connect(
        { kind: "openai-compatible", base_url: server.url },
        { transport, timeouts: { connect: 1000, firstByte: 50 } },
      );
      const failure = await failureOf(ask(connector));
      assert.equal(failure.code, "PROVIDER_TIMEOUT");
      assert.equal(failure.kind, "timeout_first_byte");
      await closed(server);
    });

    it("E03 headers at once and then nothing is a timeout of the first byte", async () => {
      server = await ProviderServer.start((response) => response.writeHead(200).flushHeaders());
      const connector = connect(
        { kind: "openai-compatible", base_url: server.url },
        { transport, timeouts: { connect: 50, firstByte: 50 } },
      );
      assert.equal((await failureOf(ask(connector))).kind, "timeout_first_byte");
      await closed(server);
    });

    it("E03 an answer that stops coming is a timeout, and its socket is closed", async () => {
      server = await ProviderServer.start(begin);
      const connector = connect(
        { kind: "openai-compatible", base_url: server.url },
        { transport, timeouts: { idle: 50 } },
      );
      assert.equal((await failureOf(ask(connector))).kind, "timeout_idle");
      await closed(server);
    });

    it("E03 a slow drip ends with the time for the whole", async () => {
      server = await ProviderServer.start((response) => {
        begin(response);
        const drip = setInterval(() => response.write(": ping\n\n"), 10);
        response.once("close", () => clearInterval(drip));
      });
      const connector = connect(
        { kind: "openai-compatible", base_url: server.url },
        { transport, timeouts: { idle: 5000, total: 200 } },
      );
      assert.equal((await failureOf(ask(connector))).kind, "timeout_total");
      await closed(server);
    });

    it("E05 cancelling closes the socket, and no part comes after it", async () => {
      server = await ProviderServer.start((response) => {
        begin(response);
        const more = setInterval(() => response.write(chunk("more")), 1);
        response.once("close", () => clearInterval(more));
      });
      const connector = connect({ kind: "openai-compatible", base_url: server.url }, { transport });
      const abort = new AbortController();
      let after = 0;
      const failure = await failureOf(
        (async () => {
          for await (const _part of connector.stream(requestOf(), abort.signal)) {
            if (abort.signal.aborted) after++;
            abort.abort();
          }
        })(),
      );
      assert.equal(failure.code, "CANCELLED");
      assert.equal(after, 0);
      await closed(server);
    });

    it("E05 cancelling before the answer closes the socket", async () => {
      const abort = new AbortController();
      server = await ProviderServer.start(() => abort.abort());
      const connector = connect({ kind: "openai-compatible", base_url: server.url }, { transport });
      assert.equal((await failureOf(ask(connector, {}, abort.signal))).code, "CANCELLED");
      await closed(server);
      assert.equal((await failureOf(ask(connector, {}, abort.signal))).code, "CANCELLED");
      assert.equal(server.requests.length, 1);
    });

    it("a reader that goes away closes the socket", async () => {
      server = await ProviderServer.start(begin);
      const connector = connect({ kind: "openai-compatible", base_url: server.url }, { transport });
      for await (const _part of connector.stream(requestOf(), new AbortController().signal)) break;
      await closed(server);
    });

    it("an answer that was finished counts, even if its connection is reset or left open", async () => {
      const finished = `data: ${JSON.stringify({ choices: [{ delta: { content: "all" }, finish_reason: "stop" }] })}\n\n`;
      for (const end of [
        (response: ServerResponse) => void setTimeout(() => response.socket?.resetAndDestroy(), 20),
        () => undefined,
      ]) {
        server = await ProviderServer.start((response) => {
          response.writeHead(200, { "content-type": "text/event-stream" });
          response.write(finished);
          end(response);
        });
        const connector = connect(
          { kind: "openai-compatible", base_url: server.url },
          { transport, timeouts: { idle: 100 } },
        );
        assert.deepEqual(
          (await ask(connector)).map((part) => part.type),
          ["text", "finish"],
        );
        await closed(server);
        await server.close();
      }
      server = await ProviderServer.start(plain(200, ""));
    });

    it("a reader that goes away frees its place in the gate", async () => {
      server = await ProviderServer.start(begin);
      const connector = connect(
        { kind: "openai-compatible", base_url: server.url, max_concurrency: 1 },
        { transport },
      );
      for (let round = 0; round < 3; round++) {
        for await (const _part of connector.stream(requestOf(), new AbortController().signal)) break;
      }
      assert.equal(server.requests.length, 3);
    });

    it("E03 a name that does not exist and a port where nothing listens are PROVIDER_UNREACHABLE", async () => {
      server = await ProviderServer.start(plain(200, ""));
      const unused = await freePort();
      const nobody = await failureOf(
        ask(connect({ kind: "openai-compatible", base_url: `http://127.0.0.1:${unused}` }, { transport })),
      );
      assert.equal(nobody.kind, "network");
      assert.match(nobody.message, /Nothing listens/);
      const name = await failureOf(
        ask(connect({ kind: "openai-compatible", base_url: "http://no-such-host.invalid" }, { transport })),
      );
      assert.equal(name.kind, "dns");
      assert.equal(name.code, "PROVIDER_UNREACHABLE");
    });
  });
}

describe("failures of a connection", () => {
  it("E03 a TLS handshake that never ends is a timeout of the connection", async () => {
    const silent = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const transport = new UndiciTransport({ environment: {} });
    try {
      const { port } = silent.address() as AddressInfo;
      const connector = connect(
        { kind: "openai-compatible", base_url: `https://127.0.0.1:${port}` },
        { transport, timeouts: { connect: 50 } },
      );
      assert.equal((await failureOf(ask(connector))).kind, "timeout_connect");
    } finally {
      await transport.dispose();
      silent.close();
    }
  });

  it("Retry-After counts as seconds, as milliseconds and as a date", async () => {
    const clock = new VirtualClock();
    const server = await ProviderServer.start(plain(500, ""));
    try {
      const connector = connect({ kind: "openai-compatible", base_url: server.url }, { clock });
      const waits: [Record<string, string>, number][] = [
        [{ "retry-after": "7" }, 7000],
        [{ "retry-after-ms": "250" }, 250],
        [{ "retry-after": "0.5" }, 500],
      ];
      for (const [headers, expected] of waits) {
        server.answer = plain(500, "", headers);
        assert.equal((await failureOf(ask(connector))).retryAfterMs, expected);
      }
      server.answer = (response) =>
        plain(500, "", { "retry-after": new Date(clock.now() + 9000).toUTCString() })(response, {
          method: "",
          path: "",
          headers: {},
          body: "",
        });
      assert.equal((await failureOf(ask(connector))).retryAfterMs, 9000);
    } finally {
      await server.close();
    }
  });

  it("retries wait with full jitter that doubles, and every try is told", async () => {
    const clock = new VirtualClock();
    const server = await ProviderServer.start(plain(500, ""));
    const attempts: (number | null)[] = [];
    try {
      const connector = connect(
        { kind: "openai-compatible", base_url: server.url },
        { clock, random: () => 0.5, onAttempt: (attempt) => attempts.push(attempt.nextInMs) },
      );
      await failureOf(ask(connector));
      assert.deepEqual(clock.slept, [500, 1000, 2000, 4000]);
      assert.deepEqual(attempts, [500, 1000, 2000, 4000, null]);
    } finally {
      await server.close();
    }
  });

  it("E05 cancelling ends the wait before a retry", async () => {
    const abort = new AbortController();
    const server = await ProviderServer.start(plain(500, ""));
    try {
      const connector = connect(
        { kind: "openai-compatible", base_url: server.url },
        {
          clock: {
            now: () => 0,
            sleep: async (_ms, signal) => {
              abort.abort();
              signal.throwIfAborted();
            },
          },
        },
      );
      assert.equal((await failureOf(ask(connector, {}, abort.signal))).code, "CANCELLED");
      assert.equal(server.requests.length, 1);
    } finally {
      await server.close();
    }
  });
});

function chunk(text: string): string {
  return `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(chunk("begun"));
}

/** Resolves once the server has no socket left; the test's own timeout says when it never does. */
async function closed(server: ProviderServer): Promise<void> {
  while (server.sockets.size > 0) await new Promise<void>((resolve) => setTimeout(resolve, 2));
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
