import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import type { ErrorCode } from "../../../src/errors.ts";
import type { ProviderErrorKind } from "../../../src/providers/provider-error.ts";
import { HostFetchTransport } from "../../../src/providers/transport/host-fetch-transport.ts";
import type { HttpTransport } from "../../../src/providers/transport/http-transport.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";
import { ask, connect, failureOf, VirtualClock } from "../../support/provider-parts.ts";
import { type Answer, ProviderServer, plain } from "../../support/provider-server.ts";

interface Case {
  readonly name: string;
  readonly answer: Answer;
  readonly kind: ProviderErrorKind;
  readonly code: ErrorCode;
  /** Requests that reach the server. */
  readonly tries: number;
  readonly says?: RegExp;
}

const openai = (message: string, type: string, code: string | null = null) =>
  JSON.stringify({ error: { message, type, param: null, code } });
const google = (status: string, message: string, details: unknown[] = []) =>
  JSON.stringify({ error: { code: 429, message, status, details } });

const CASES: readonly Case[] = [
  {
    name: "401",
    answer: plain(401, openai("Incorrect API key", "invalid_request_error", "invalid_api_key")),
    kind: "auth",
    code: "AUTH_FAILED",
    tries: 1,
  },
  {
    name: "403",
    answer: plain(403, openai("Project may not use this", "permission_error")),
    kind: "permission",
    code: "AUTH_FAILED",
    tries: 1,
  },
  {
    name: "404 of a model",
    answer: plain(
      404,
      openai(
        "The model `x` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
      ),
    ),
    kind: "model_not_found",
    code: "MODEL_NOT_FOUND",
    tries: 1,
  },
  {
    name: "404 of a model (Ollama)",
    answer: plain(404, '{"error":"model \\"x\\" not found, try pulling it first"}'),
    kind: "model_not_found",
    code: "MODEL_NOT_FOUND",
    tries: 1,
  },
  {
    name: "404 of an Azure deployment",
    answer: plain(
      404,
      '{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}',
    ),
    kind: "model_not_found",
    code: "MODEL_NOT_FOUND",
    tries: 1,
  },
  {
    name: "404 of a path",
    answer: plain(404, "404 page not found"),
    kind: "invalid_request",
    code: "INVALID_REQUEST",
    tries: 1,
    says: /404/,
  },
  {
    name: "400",
    answer: plain(400, openai("Invalid type for 'messages'", "invalid_request_error")),
    kind: "invalid_request",
    code: "INVALID_REQUEST",
    tries: 1,
  },
  {
    name: "400 with a Google key",
    answer: plain(
      400,
      '{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}',
    ),
    kind: "auth",
    code: "AUTH_FAILED",
    tries: 1,
  },
  {
    name: "402",
    answer: plain(402, openai("Insufficient Balance", "unknown_error")),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  {
    name: "400 without credit (Anthropic)",
    answer: plain(
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}',
    ),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  { name: "408", answer: plain(408, ""), kind: "timeout_first_byte", code: "PROVIDER_TIMEOUT", tries: 5 },
  {
    name: "409",
    answer: plain(409, openai("conflict", "conflict")),
    kind: "unknown",
    code: "PROVIDER_ERROR",
    tries: 5,
  },
  {
    name: "413",
    answer: plain(
      413,
      '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}',
    ),
    kind: "context_length",
    code: "CONTEXT_OVERFLOW",
    tries: 1,
  },
  {
    name: "422",
    answer: plain(422, '{"detail":[{"loc":["body","model"],"msg":"field required"}]}'),
    kind: "invalid_request",
    code: "INVALID_REQUEST",
    tries: 1,
    says: /field required/,
  },
  {
    name: "429",
    answer: plain(429, openai("Rate limit reached for requests", "requests", "rate_limit_exceeded"), {
      "retry-after": "1",
    }),
    kind: "rate_limit",
    code: "RATE_LIMITED",
    tries: 5,
  },
  {
    name: "429 with the quota gone (OpenAI)",
    answer: plain(
      429,
      openai(
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
      ),
    ),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  {
    name: "429 of a minute (Google)",
    answer: plain(
      429,
      google(
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
        [{ violations: [{ quotaId: "GenerateRequestsPerMinutePerProject" }] }, { retryDelay: "2s" }],
      ),
    ),
    kind: "rate_limit",
    code: "RATE_LIMITED",
    tries: 5,
  },
  {
    name: "429 of a day (Google)",
    answer: plain(
      429,
      google("RESOURCE_EXHAUSTED", "You exceeded your current quota.", [
        { violations: [{ quotaId: "GenerateRequestsPerDayPerProject" }] },
      ]),
    ),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  {
    name: "429 for an hour",
    answer: plain(429, openai("Rate limit reached", "tokens"), { "retry-after": "3600" }),
    kind: "rate_limit",
    code: "RATE_LIMITED",
    tries: 1,
  },
  {
    name: "500",
    answer: plain(500, openai("The server had an error", "server_error")),
    kind: "unknown",
    code: "PROVIDER_ERROR",
    tries: 5,
  },
  {
    name: "500 that advises against",
    answer: plain(500, "", { "x-should-retry": "false" }),
    kind: "unknown",
    code: "PROVIDER_ERROR",
    tries: 1,
  },
  { name: "503", answer: plain(503, "{}"), kind: "overloaded", code: "PROVIDER_OVERLOADED", tries: 5 },
  {
    name: "529",
    answer: plain(529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'),
    kind: "overloaded",
    code: "PROVIDER_OVERLOADED",
    tries: 5,
    says: /Overloaded/,
  },
  {
    name: "an HTML page with 502",
    answer: plain(
      502,
      "<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>",
      { "content-type": "text/html" },
    ),
    kind: "overloaded",
    code: "PROVIDER_OVERLOADED",
    tries: 5,
    says: /^502 Bad Gateway: nginx/,
  },
  {
    name: "an HTML page with 200",
    answer: plain(200, "<!doctype html><title>Sign in</title>", { "content-type": "text/html" }),
    kind: "protocol",
    code: "MALFORMED_PROVIDER_RESPONSE",
    tries: 1,
  },
  {
    name: "an empty body with 200",
    answer: plain(200, ""),
    kind: "protocol",
    code: "MALFORMED_PROVIDER_RESPONSE",
    tries: 1,
    says: /empty/,
  },
  {
    name: "an error as plain JSON with 200",
    answer: plain(200, openai("The model is overloaded", "overloaded")),
    kind: "overloaded",
    code: "PROVIDER_OVERLOADED",
    tries: 5,
  },
  {
    name: "a filter (Azure)",
    answer: plain(
      400,
      '{"error":{"code":"content_filter","message":"The response was filtered due to the prompt triggering content management policy."}}',
    ),
    kind: "content_filter",
    code: "CONTENT_FILTERED",
    tries: 1,
  },
  {
    name: "a reset before the answer",
    answer: (response) => void response.socket?.resetAndDestroy(),
    kind: "network",
    code: "PROVIDER_UNREACHABLE",
    tries: 5,
  },
];

/** What the vendors say when a prompt is too long; texts shortened. */
const TOO_LONG: readonly string[] = [
  openai(
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 150000 tokens.",
    "invalid_request_error",
    "context_length_exceeded",
  ),
  openai(
    "Input tokens exceed the configured limit. Your input exceeds the context window of this model.",
    "invalid_request_error",
  ),
  '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
  '{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000, decrease input length or `max_tokens`"}}',
  '{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}',
  '{"object":"error","message":"This model\'s maximum context length is 4096 tokens. Please reduce the length of the messages.","type":"BadRequestError","code":400}',
  '{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error"}}',
  '{"error":"input is too long: exceeds the context length"}',
  '{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_prompt"}',
  '{"error":"This model\'s maximum prompt length is 131072 but the request contains 200000 tokens."}',
];

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

    for (const each of CASES) {
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
          for await (const part of connector.stream(
            {
              model: "m",
              system: "",
              messages: [],
              tools: [],
              maxOutputTokens: null,
              temperature: null,
              promptCacheKey: null,
            },
            new AbortController().signal,
          )) {
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
          const request = {
            model: "m",
            system: "",
            messages: [],
            tools: [],
            maxOutputTokens: null,
            temperature: null,
            promptCacheKey: null,
          };
          for await (const _part of connector.stream(request, abort.signal)) {
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
      const request = {
        model: "m",
        system: "",
        messages: [],
        tools: [],
        maxOutputTokens: null,
        temperature: null,
        promptCacheKey: null,
      };
      for await (const _part of connector.stream(request, new AbortController().signal)) break;
      await closed(server);
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
