import assert from "node:assert/strict";
import { inspect } from "node:util";
import { isAksaraError } from "../../../src/errors.ts";
import type { Connector } from "../../../src/providers/model-stream.ts";
import { keyFromEnvironment } from "../../../src/providers/provider-address.ts";
import { ProviderConfigSchema } from "../../../src/providers/provider-config.ts";
import { ProviderKey } from "../../../src/providers/provider-key.ts";
import { HostFetchTransport } from "../../../src/providers/transport/host-fetch-transport.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";
import { ask, connect, failureOf } from "../../support/provider-parts.ts";
import { type Answer, ProviderServer, plain, type SeenRequest } from "../../support/provider-server.ts";

const KEY = "sk-proj-AbCdEf0123456789-_xyzXYZ";

/** Everything that a person, a log or a trace could get out of an error. */
function everythingIn(error: unknown): string {
  const own = error instanceof Error ? Object.getOwnPropertyNames(error) : [];
  return [
    inspect(error, { depth: 10, showHidden: true, getters: true }),
    JSON.stringify(error, own),
    JSON.stringify(error),
    String(error),
    error instanceof Error ? `${error.stack} ${everythingIn(error.cause)}` : "",
  ].join("\n");
}

describe("keys", () => {
  const servers: ProviderServer[] = [];
  const serve = async (answer: Answer): Promise<ProviderServer> => {
    const server = await ProviderServer.start(answer);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const connectorTo = (url: string, key = new ProviderKey(KEY, url)): Connector =>
    connect({ kind: "openai-compatible", base_url: url, headers: { "X-Team": "team-value-42" } }, { key });

  // Red when redactor() leaves out the line with `removeFrom`.
  it("E09 no failure shows a key or a header, whatever the server says back", async () => {
    const echo = (seen: SeenRequest) => JSON.stringify(seen.headers);
    const answers: readonly Answer[] = [
      (response, seen) =>
        plain(
          401,
          JSON.stringify({ error: { message: `Incorrect API key: ${seen.headers.authorization}` } }),
        )(response, seen),
      (response, seen) => plain(400, echo(seen))(response, seen),
      (response, seen) =>
        plain(500, `<html><title>${seen.headers.authorization}</title>`, { "content-type": "text/html" })(
          response,
          seen,
        ),
      (response, seen) => plain(200, echo(seen))(response, seen),
      (response, seen) =>
        plain(200, `data: {"error":{"message":"key ${KEY.slice(0, 20)} team-value-42"}}\n\n`)(response, seen),
      (response, seen) => plain(200, `data: not json ${echo(seen)}\n\n`)(response, seen),
      (response, seen) =>
        plain(400, JSON.stringify({ error: { message: `…${KEY.slice(-16)} is wrong` } }), {
          "x-request-id": KEY,
        })(response, seen),
      (response, seen) => plain(302, "", { location: `http://evil.test/?key=${KEY}` })(response, seen),
      (response) => void response.socket?.resetAndDestroy(),
    ];
    for (const transport of [new UndiciTransport({ environment: {} }), new HostFetchTransport()]) {
      for (const answer of answers) {
        const server = await serve(answer);
        const connector = connect(
          { kind: "openai-compatible", base_url: server.url, headers: { "X-Team": "team-value-42" } },
          { key: new ProviderKey(KEY, server.url), transport },
        );
        const shown = everythingIn(await failureOf(ask(connector)));
        for (const secret of [KEY, KEY.slice(0, 12), KEY.slice(-12), "team-value-42", "Bearer sk"]) {
          assert.ok(!shown.includes(secret), `${secret} in ${shown}`);
        }
        assert.equal(server.requests[0]?.headers.authorization, `Bearer ${KEY}`);
      }
      await transport.dispose();
    }
  });

  it("E09 neither the key nor the connector can be printed", () => {
    const key = new ProviderKey(KEY, "https://api.example.com/v1");
    const connector = connectorTo("https://api.example.com/v1", key);
    for (const shown of [
      everythingIn(key),
      everythingIn(connector),
      `${key}`,
      inspect({ key }, { showHidden: true }),
    ]) {
      assert.ok(!shown.includes(KEY.slice(0, 10)), shown);
    }
    assert.ok(!key.fingerprint.includes(KEY.slice(0, 6)));
  });

  it("E09 a key that no header can carry is refused without being shown", () => {
    for (const value of ["", "  ", "sk-with\nline", "sk-with-é", "two words"]) {
      assert.throws(
        () => new ProviderKey(value, "https://api.example.com"),
        (error) =>
          isAksaraError(error) &&
          error.code === "AUTH_FAILED" &&
          !error.message.includes(value.trim() || "\0"),
      );
    }
    assert.equal(
      new ProviderKey(` ${KEY}\n`, "https://a.test").valueFor(new URL("https://a.test/x"), "x"),
      KEY,
    );
  });

  // Red when Exchange's constructor and ProviderKey.valueFor compare nothing.
  it("E09b a key is not sent to another origin, whatever base_url says", async () => {
    const evil = await serve(plain(200, ""));
    const key = new ProviderKey(KEY, "https://api.anthropic.com");
    for (const url of [
      evil.url,
      "http://api.anthropic.com",
      "https://api.anthropic.com:8443",
      "https://api.anthropic.com.evil.test",
    ]) {
      assert.throws(
        () => connect({ kind: "anthropic", base_url: url }, { key }),
        (error) => isAksaraError(error) && error.code === "AUTH_FAILED" && !error.message.includes(KEY),
      );
      assert.throws(
        () => key.valueFor(new URL(url), "anthropic"),
        (error) => isAksaraError(error) && error.code === "AUTH_FAILED",
      );
    }
    assert.equal(evil.requests.length, 0);
    assert.equal(evil.sockets.size, 0);
  });

  // Red when Exchange.#redirected follows every location.
  it("E09b a redirect to another origin is refused, one within it is followed", async () => {
    for (const transport of [new UndiciTransport({ environment: {} }), new HostFetchTransport()]) {
      for (const status of [301, 302, 303, 307, 308]) {
        const evil = await serve(plain(200, ""));
        const server = await serve(plain(status, "", { location: `${evil.url}/v1/chat/completions` }));
        const key = new ProviderKey(KEY, server.url);
        const connector = connect({ kind: "openai-compatible", base_url: server.url }, { key, transport });
        const failure = await failureOf(ask(connector));
        assert.equal(failure.kind, "protocol");
        assert.match(failure.message, new RegExp(evil.url));
        assert.equal(evil.requests.length, 0);
      }
      const moved = await serve((response, seen) =>
        seen.path === "/new"
          ? plain(200, 'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\n')(
              response,
              seen,
            )
          : plain(307, "", { location: "/new" })(response, seen),
      );
      const key = new ProviderKey(KEY, moved.url);
      assert.equal(
        (await ask(connect({ kind: "openai-compatible", base_url: moved.url }, { key, transport }))).length,
        2,
      );
      const circle = await serve(plain(308, "", { location: "/again" }));
      const failure = await failureOf(
        ask(connect({ kind: "openai-compatible", base_url: circle.url }, { transport })),
      );
      assert.match(failure.message, /in a circle/);
      assert.equal(circle.requests.length, 4);
      await transport.dispose();
    }
  });

  it("E09b a key of the environment belongs to the origin that the environment names", () => {
    assert.equal(
      keyFromEnvironment("anthropic", { ANTHROPIC_API_KEY: KEY })?.origin,
      "https://api.anthropic.com",
    );
    const moved = { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: "https://gateway.test/a" };
    assert.equal(keyFromEnvironment("anthropic", moved)?.origin, "https://gateway.test");
    assert.equal(keyFromEnvironment("openai-compatible", { OPENAI_COMPATIBLE_API_KEY: KEY }), null);
    assert.equal(keyFromEnvironment("groq", { OPENAI_API_KEY: KEY }), null);
    assert.equal(
      keyFromEnvironment("google", { GOOGLE_API_KEY: KEY, GEMINI_API_KEY: "" })?.origin,
      "https://generativelanguage.googleapis.com",
    );
    assert.equal(
      keyFromEnvironment("ollama", { OLLAMA_API_KEY: KEY, OLLAMA_HOST: "0.0.0.0" })?.origin,
      "http://127.0.0.1:11434",
    );
  });

  // Red when REFUSED_HEADER matches nothing.
  it("E09 a configuration cannot hold a key or take over a header of the transport", () => {
    for (const name of [
      "Authorization",
      "x-api-key",
      "api-key",
      "X-Goog-Api-Key",
      "cookie",
      "X-Auth-Token",
      "Proxy-Authorization",
      "Host",
      "Content-Length",
      "x-secret",
    ]) {
      assert.equal(
        ProviderConfigSchema.safeParse({ kind: "openai", headers: { [name]: "x" } }).success,
        false,
        name,
      );
    }
    assert.ok(
      ProviderConfigSchema.safeParse({ kind: "openai", headers: { "anthropic-beta": "a", "X-Title": "b" } })
        .success,
    );
    for (const wrong of [
      { kind: "openai", headers: { "X-A": "a\r\nAuthorization: b" } },
      { kind: "openai", api_key: KEY },
      { kind: "openai", base_url: "https://user:pass@host.test" },
      { kind: "openai", base_url: "file:///etc/passwd" },
      { kind: "azure", deployment: "../../other" },
      { kind: "nobody" },
    ]) {
      assert.equal(ProviderConfigSchema.safeParse(wrong).success, false, JSON.stringify(wrong));
    }
  });
});
