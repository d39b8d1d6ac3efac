/**
 * Tokens a second from a socket to parts, over each transport and wire form: a local server sends one long answer of
 * small deltas. Run alone: `node test/bench/stream.ts`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/providers/clock.ts";
import type { ProviderConfigInput } from "../../src/providers/provider-config.ts";
import { createConnector } from "../../src/providers/registry.ts";
import { RequestGate } from "../../src/providers/retry/request-gate.ts";
import { HostFetchTransport } from "../../src/providers/transport/host-fetch-transport.ts";
import type { HttpTransport } from "../../src/providers/transport/http-transport.ts";
import { UndiciTransport } from "../../src/providers/transport/undici-transport.ts";

export interface StreamFigure {
  readonly transport: string;
  readonly form: string;
  /** Deltas a second, median of the runs. */
  readonly tokensPerSecond: number;
}

interface Form {
  readonly name: string;
  readonly config: Omit<ProviderConfigInput, "base_url">;
  readonly type: string;
  readonly delta: (text: string) => string;
  readonly end: string;
}

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

const FORMS: readonly Form[] = [
  {
    name: "Anthropic Messages",
    config: { kind: "anthropic" },
    type: "text/event-stream",
    delta: (text) =>
      `event: content_block_delta\n${event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })}`,
    end:
      event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } }) +
      event({ type: "message_stop" }),
  },
  {
    name: "Chat Completions",
    config: { kind: "openai-compatible" },
    type: "text/event-stream",
    delta: (text) =>
      event({
        id: "chatcmpl-123",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
      }),
    end: `${event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}data: [DONE]\n\n`,
  },
  {
    name: "Responses",
    config: { kind: "openai", wire: "openai-responses" },
    type: "text/event-stream",
    delta: (text) =>
      `event: response.output_text.delta\n${event({ type: "response.output_text.delta", item_id: "msg_1", output_index: 0, content_index: 0, delta: text, sequence_number: 1 })}`,
    end: event({ type: "response.completed", response: { model: "m" } }),
  },
  {
    name: "generateContent",
    config: { kind: "google" },
    type: "text/event-stream",
    delta: (text) => event({ candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0 }] }),
    end: event({ candidates: [{ finishReason: "STOP" }] }),
  },
  {
    name: "Ollama",
    config: { kind: "ollama" },
    type: "application/x-ndjson",
    delta: (text) =>
      `${JSON.stringify({ model: "m", created_at: "2026-01-01T00:00:00Z", message: { role: "assistant", content: text }, done: false })}\n`,
    end: `${JSON.stringify({ model: "m", message: { content: "" }, done: true, done_reason: "stop" })}\n`,
  },
];

/** @param tokens deltas in an answer; a socket carries about 16 in one read */
export async function benchStream(tokens = 100_000, runs = 5): Promise<readonly StreamFigure[]> {
  const bodies = new Map(
    FORMS.map((form) => [
      form.name,
      Array.from({ length: Math.ceil(tokens / 16) }, (_, at) =>
        Array.from({ length: 16 }, (_, of) => form.delta(` tok${at * 16 + of}`)).join(""),
      ),
    ]),
  );
  const server = createServer(async (request, response) => {
    request.resume();
    const form = FORMS.find(({ name }) => request.headers["x-form"] === name) ?? FORMS[0];
    response.writeHead(200, { "content-type": form?.type ?? "" });
    for (const piece of bodies.get(form?.name ?? "") ?? []) {
      if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end(form?.end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const transports: readonly (readonly [string, HttpTransport])[] = [
    ["undici", new UndiciTransport({ environment: {} })],
    ["fetch", new HostFetchTransport()],
  ];
  try {
    const samples = new Map<string, number[]>();
    for (let run = 0; run <= runs; run++) {
      for (const [name, transport] of transports) {
        for (const form of FORMS) {
          const figure = await measure(
            { ...form.config, base_url: url, headers: { "x-form": form.name } },
            transport,
          );
          // The first round warms up.
          if (run > 0)
            samples.set(`${name}|${form.name}`, [...(samples.get(`${name}|${form.name}`) ?? []), figure]);
        }
      }
    }
    return [...samples].map(([id, figures]) => {
      const [transport = "", form = ""] = id.split("|");
      const sorted = figures.toSorted((one, other) => one - other);
      return { transport, form, tokensPerSecond: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0) };
    });
  } finally {
    await Promise.all(transports.map(([, transport]) => transport.dispose()));
    server.closeAllConnections();
    server.close();
  }
}

async function measure(config: ProviderConfigInput, transport: HttpTransport): Promise<number> {
  const connector = createConnector(config, {
    key: null,
    transport,
    clock: systemClock,
    gate: new RequestGate(systemClock),
  });
  const start = performance.now();
  let count = 0;
  const request = {
    model: "m",
    system: "",
    messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "go" }] }],
    tools: [],
    maxOutputTokens: null,
    temperature: null,
    promptCacheKey: null,
  };
  for await (const part of connector.stream(request, new AbortController().signal)) {
    if (part.type === "text") count++;
  }
  return count / ((performance.now() - start) / 1000);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of await benchStream()) {
    console.log(
      `${figure.transport.padEnd(8)} ${figure.form.padEnd(20)} ${(figure.tokensPerSecond / 1000).toFixed(0)}k tokens/s`,
    );
  }
}
