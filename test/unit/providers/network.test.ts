import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect as connectTo, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { ProviderKey } from "../../../src/providers/provider-key.ts";
import type { ProxyOptions } from "../../../src/providers/transport/proxy-options.ts";
import { proxySettings } from "../../../src/providers/transport/proxy-options.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";
import { makeCertificates } from "../../support/certificates.ts";
import { ask, connect, failureOf } from "../../support/provider-parts.ts";
import { ProviderServer, streamed } from "../../support/provider-server.ts";

const ANSWER = streamed([
  `data: ${JSON.stringify({ choices: [{ delta: { content: "hi" }, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
]);
const KEY = "sk-test-0123456789abcdef";

/** A proxy that tunnels: remembers what it was asked for, sends every name to this machine. */
class ConnectProxy {
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[] = [];
  refuse = 0;
  readonly #server = createHttpServer();
  readonly #sockets = new Set<Socket>();

  async start(): Promise<string> {
    this.#server.on("connection", (socket) => this.#keep(socket));
    this.#server.on("connect", (request, socket) => {
      const target = request.url ?? "";
      this.asked.push({ target, authorization: request.headers["proxy-authorization"] });
      if (this.refuse > 0) {
        socket.end(`HTTP/1.1 ${this.refuse} Refused\r\n\r\n`);
        return;
      }
      const upstream = connectTo(Number(target.split(":").at(-1)), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      this.#keep(upstream);
    });
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
  }
}

describe("the way out", () => {
  const { ca, server: certificate } = makeCertificates();
  let server: ProviderServer;
  let proxy: ConnectProxy;
  let proxyUrl: string;
  const opened: UndiciTransport[] = [];
  const transportWith = (options: Partial<ProxyOptions>): UndiciTransport => {
    const transport = new UndiciTransport({ environment: {}, ...options });
    opened.push(transport);
    return transport;
  };
  const askOver = (transport: UndiciTransport, url: string) =>
    ask(connect({ kind: "openai-compatible", base_url: url }, { transport, key: new ProviderKey(KEY, url) }));

  beforeEach(async () => {
    server = await ProviderServer.start(ANSWER, createHttpsServer(certificate));
    proxy = new ConnectProxy();
    proxyUrl = await proxy.start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((transport) => transport.dispose()));
    await proxy.close();
    await server.close();
  });

  const outside = () => `https://provider.test:${server.port}/v1`;
  const inside = () => `https://127.0.0.1:${server.port}/v1`;

  it("E10 an unknown certificate authority is refused, a given one is trusted, strictSsl off trusts all", async () => {
    const failure = await failureOf(askOver(transportWith({}), inside()));
    assert.equal(failure.kind, "tls");
    assert.equal(failure.code, "PROVIDER_UNREACHABLE");
    assert.equal(server.requests.length, 0);
    assert.equal((await askOver(transportWith({ ca: [ca] }), inside())).length, 2);
    assert.equal((await askOver(transportWith({ strictSsl: false }), inside())).length, 2);
  });

  it("E10 a proxy is asked for a tunnel, with its password and without the key; TLS is checked inside", async () => {
    const withPassword = proxyUrl.replace("http://", "http://user:p%40ss@");
    const transport = transportWith({ proxy: withPassword, ca: [ca] });
    assert.equal((await askOver(transport, outside())).length, 2);
    assert.deepEqual(proxy.asked, [
      {
        target: `provider.test:${server.port}`,
        authorization: `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
      },
    ]);
    assert.equal(server.requests[0]?.headers.authorization, `Bearer ${KEY}`);
    assert.equal(server.requests[0]?.headers["proxy-authorization"], undefined);
    assert.equal((await failureOf(askOver(transportWith({ proxy: proxyUrl }), outside()))).kind, "tls");
  });

  it("E10 the environment names the proxy, NO_PROXY and noProxy the hosts that need none", async () => {
    assert.equal(
      (await askOver(transportWith({ environment: { HTTPS_PROXY: proxyUrl }, ca: [ca] }), outside())).length,
      2,
    );
    assert.equal(
      (await askOver(transportWith({ environment: { all_proxy: proxyUrl }, ca: [ca] }), outside())).length,
      2,
    );
    assert.equal(proxy.asked.length, 2);
    for (const options of [
      { environment: { HTTPS_PROXY: proxyUrl, NO_PROXY: "other.test,.test" } },
      { environment: {}, proxy: proxyUrl, noProxy: ["provider.test"] },
    ]) {
      // Without the proxy the name cannot be resolved: that is how we see that the proxy was left out.
      assert.equal(
        (await failureOf(askOver(transportWith({ ...options, ca: [ca] }), outside()))).kind,
        "dns",
      );
    }
    assert.equal(proxy.asked.length, 2);
  });

  it("E10 this very machine is reached directly", async () => {
    const transport = transportWith({ proxy: proxyUrl, ca: [ca] });
    assert.equal((await askOver(transport, inside())).length, 2);
    assert.equal((await askOver(transport, `https://localhost:${server.port}/v1`)).length, 2);
    assert.deepEqual(proxy.asked, []);
  });

  it("E10 a proxy that refuses is said to be the proxy", async () => {
    for (const status of [407, 403, 502]) {
      proxy.refuse = status;
      const failure = await failureOf(askOver(transportWith({ proxy: proxyUrl, ca: [ca] }), outside()));
      assert.equal(failure.kind, "proxy", failure.message);
      assert.match(failure.message, new RegExp(String(status)));
      assert.ok(!failure.message.includes(KEY));
    }
  });

  it("E10 a proxy that is not there is said to be the proxy", async () => {
    const nowhere = transportWith({ proxy: "http://127.0.0.1:9" });
    const failure = await failureOf(askOver(nowhere, outside()));
    assert.equal(failure.kind, "proxy");
    assert.match(failure.message, /127\.0\.0\.1:9 /);
  });

  it("E10 what is set wins over the environment", () => {
    const environment = { http_proxy: "http://a", HTTPS_PROXY: "http://b", no_proxy: "c" };
    assert.deepEqual(proxySettings({ environment }), {
      httpProxy: "http://a",
      httpsProxy: "http://b",
      noProxy: "c",
    });
    assert.deepEqual(proxySettings({ environment, proxy: "http://p", noProxy: ["x", "y"] }), {
      httpProxy: "http://p",
      httpsProxy: "http://p",
      noProxy: "x,y",
    });
  });
});

describe("the process around the transport", () => {
  it("loading and using it leaves the process-wide dispatcher and fetch alone", async () => {
    const folder = join(import.meta.dirname, "../../../src/providers");
    const script = `
      const symbols = ["undici.globalDispatcher.1", "undici.globalDispatcher.2"].map((name) => Symbol.for(name));
      const mine = { dispatch() { throw new Error("mine"); } };
      for (const symbol of symbols) globalThis[symbol] = mine;
      const before = globalThis.fetch;
      const { UndiciTransport } = await import(${JSON.stringify(`${folder}/transport/undici-transport.ts`)});
      await import(${JSON.stringify(`${folder}/registry.ts`)});
      const loaded = () => Object.keys(process.getBuiltinModule("node:module").createRequire(import.meta.url)("node:module")._cache ?? {}).some((name) => name.includes("undici"));
      const lazy = !loaded();
      const transport = new UndiciTransport({ environment: {} });
      const timeouts = { connect: 1000, firstByte: 1000, idle: 1000, total: 1000 };
      const error = await transport.send({ provider: "x", method: "GET", url: new URL("http://127.0.0.1:9/"), headers: {}, body: null, timeouts, signal: new AbortController().signal }).catch((error) => error.kind);
      await transport.dispose();
      console.log(JSON.stringify({ error, lazy, used: loaded(), same: symbols.every((symbol) => globalThis[symbol] === mine), fetch: globalThis.fetch === before }));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    assert.deepEqual(JSON.parse(stdout), {
      error: "network",
      lazy: true,
      used: true,
      same: true,
      fetch: true,
    });
  });
});
