import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { systemClock } from "../../src/providers/clock.ts";
import type { Connector } from "../../src/providers/model-stream.ts";
import { createConnector } from "../../src/providers/registry.ts";
import { RequestGate } from "../../src/providers/retry/request-gate.ts";
import { HostFetchTransport } from "../../src/providers/transport/host-fetch-transport.ts";
import type { HttpTransport } from "../../src/providers/transport/http-transport.ts";
import { UndiciTransport } from "../../src/providers/transport/undici-transport.ts";
import { type Bench, type BenchRow, median, milliseconds, percentile } from "./bench.ts";
import { LOOP_PACKAGES } from "./peers/agent-loops.ts";
import { installPeers, peerVersions } from "./peers/load-peer.ts";
import { PEER_CLIENTS } from "./peers/stream-clients.ts";
import type { StreamFigures } from "./stream-client.ts";
import { STREAM_FORMS } from "./stream-forms.ts";

const RUNS = 5;
const DELTAS = 50_000;
const OURS = ["ours, undici", "ours, fetch"];
const folder = import.meta.dirname;
const run = promisify(execFile);

const request = {
  model: "m",
  system: "",
  messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "go" }] }],
  tools: [],
  maxOutputTokens: null,
  temperature: null,
  promptCacheKey: null,
};

/** Every client against the same server, in the same run, one after the other and all of that five times. */
async function streams(): Promise<readonly BenchRow[]> {
  const server = fork(join(folder, "stream-server.ts"), { silent: true });
  const [port] = (await once(server.stdout ?? server, "data")) as [Buffer];
  const samples = new Map<string, StreamFigures[]>();
  try {
    for (let round = 0; round < RUNS; round++) {
      for (const form of Object.keys(STREAM_FORMS)) {
        for (const client of [...OURS, ...Object.keys(PEER_CLIENTS[form] ?? {})]) {
          const url = `http://127.0.0.1:${String(port).trim()}`;
          const args = [join(folder, "stream-client.ts"), form, client, url, String(DELTAS)];
          const { stdout } = await run(process.execPath, args);
          const id = `${form}|${client}`;
          samples.set(id, [...(samples.get(id) ?? []), JSON.parse(stdout) as StreamFigures]);
        }
      }
    }
  } finally {
    server.disconnect();
    server.kill();
  }
  const versions = peerVersions();
  return [...samples].map(([id, figures]) => {
    const [form = "", client = ""] = id.split("|");
    const of = (pick: (each: StreamFigures) => number) => median(figures.map(pick));
    const version = versions[client];
    return {
      what: `${form}: ${client}${version ? ` ${version}` : ""}`,
      value: `${(of((each) => each.partsPerSecond) / 1_000).toFixed(0)}k parts/s`,
      ...(OURS.includes(client) ? { bar: "150k", met: of((each) => each.partsPerSecond) >= 150_000 } : {}),
      peer: `${milliseconds(of((each) => each.cpuMsPer10k))} of processor per 10k tokens, first part ${milliseconds(of((each) => each.firstMs))}, process at most ${of((each) => each.peakMb).toFixed(0)} MB`,
    };
  });
}

const STREAM_PEERS = Object.keys(peerVersions()).filter((name) => !LOOP_PACKAGES.includes(name));

/** Minified, with all that is imported (zod and the table of prices are in ours). */
async function bundles(): Promise<readonly BenchRow[]> {
  const providers = join(folder, "../../src/providers");
  const our = [
    `export { createConnector } from "${providers}/registry.ts";`,
    `export { RequestGate } from "${providers}/retry/request-gate.ts";`,
    `export { HostFetchTransport } from "${providers}/transport/host-fetch-transport.ts";`,
  ].join("\n");
  const entries: readonly (readonly [string, string])[] = [
    ["ours: every provider, over fetch", our],
    [
      "ours: the same and undici",
      `${our}\nexport { UndiciTransport } from "${providers}/transport/undici-transport.ts";`,
    ],
    ...STREAM_PEERS.map((name) => [name, `export * from "${name}";`] as const),
  ];
  const rows: BenchRow[] = [];
  for (const [what, contents] of entries) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: what.startsWith("ours") ? folder : join(folder, "peers"), loader: "ts" },
      bundle: true,
      minify: true,
      platform: "node",
      format: "esm",
      write: false,
      logLevel: "error",
    });
    const bytes = outputFiles.reduce((sum, file) => sum + file.contents.length, 0);
    rows.push({ what: `bundle, ${what}`, value: `${Math.round(bytes / 1024)} KB` });
  }
  return rows;
}

function connectorFor(url: string, transport: HttpTransport, most: number): Connector {
  return createConnector(
    { kind: "openai-compatible", base_url: url, max_concurrency: most },
    { key: null, transport, clock: systemClock, gate: new RequestGate(systemClock) },
  );
}

const DELTA = 'data: {"choices":[{"delta":{"content":"x"}}]}\n\n';
const END = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** From `abort()` in the middle of an answer to the news of the closed socket at the server. */
async function aborts(): Promise<readonly BenchRow[]> {
  const sockets: Socket[] = [];
  const server = createServer((incoming, response) => {
    incoming.resume();
    sockets.push(incoming.socket);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(DELTA);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rows: BenchRow[] = [];
  try {
    for (const [name, transport] of [
      ["undici", new UndiciTransport({ environment: {} })],
      ["fetch", new HostFetchTransport()],
    ] as const) {
      const samples: number[] = [];
      for (let sample = 0; sample < 220; sample++) {
        const abort = new AbortController();
        const parts = connectorFor(url, transport, 4).stream(request, abort.signal)[Symbol.asyncIterator]();
        await parts.next();
        const socket = sockets.pop();
        if (!socket) throw new Error("no socket");
        const closed = once(socket, "close");
        const start = performance.now();
        abort.abort();
        await closed;
        // The first ones warm up.
        if (sample >= 20) samples.push(performance.now() - start);
        await parts.next().catch(() => undefined);
      }
      await transport.dispose();
      const p95 = percentile(samples, 0.95);
      rows.push({
        what: `from abort to the closed socket at the server, ${name} (p95 of 200)`,
        value: milliseconds(p95),
        bar: "5 ms",
        met: p95 <= 5,
        peer: `median ${milliseconds(median(samples))}`,
      });
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return rows;
}

/** 100 at once and 1,000 that wait, through one lane; and what one that waits holds. */
async function gate(): Promise<readonly BenchRow[]> {
  const server = createServer((incoming, response) => {
    incoming.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(DELTA + END);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const transport = new UndiciTransport({ environment: {} });
  const connector = connectorFor(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    transport,
    100,
  );
  const all = async (): Promise<number> => {
    const start = performance.now();
    const { signal } = new AbortController();
    const ended = await Promise.all(
      Array.from({ length: 1_100 }, async () => {
        let last = "";
        for await (const part of connector.stream(request, signal)) last = part.type;
        return last;
      }),
    );
    if (ended.some((last) => last !== "finish")) throw new Error("one was lost");
    return performance.now() - start;
  };
  try {
    await all();
    const spent = await all();
    const lane = new RequestGate(systemClock).lane({ provider: "x", origin: "x", key: null, model: "m" }, 1);
    const abort = new AbortController();
    await lane.enter(abort.signal, false);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const waiting = Array.from({ length: 10_000 }, () => lane.enter(abort.signal, false).catch(() => null));
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
    const each = (process.memoryUsage().heapUsed - before) / 10_000;
    abort.abort();
    await Promise.all(waiting);
    return [
      { what: "1,100 requests through one gate, 100 at once, none lost", value: milliseconds(spent) },
      {
        what: "memory of one that waits in the gate",
        value: globalThis.gc ? `${Math.round(each)} bytes` : "run with --expose-gc",
      },
    ];
  } finally {
    await transport.dispose();
    server.closeAllConnections();
    server.close();
  }
}

export const bench: Bench = {
  title: "Providers: one long answer of small pieces from a local server (median of 5 interleaved runs)",
  run: async () => {
    installPeers();
    return [...(await streams()), ...(await aborts()), ...(await gate()), ...(await bundles())];
  },
};
