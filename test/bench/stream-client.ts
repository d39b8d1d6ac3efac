/** One client in a process of its own: `stream-client.ts FORM CLIENT URL DELTAS`; prints what it measured as JSON. */
import { systemClock } from "../../src/providers/clock.ts";
import { createConnector } from "../../src/providers/registry.ts";
import { RequestGate } from "../../src/providers/retry/request-gate.ts";
import { HostFetchTransport } from "../../src/providers/transport/host-fetch-transport.ts";
import type { HttpTransport } from "../../src/providers/transport/http-transport.ts";
import { UndiciTransport } from "../../src/providers/transport/undici-transport.ts";
import { median } from "./bench.ts";
import { PEER_CLIENTS, type StreamClient } from "./peers/stream-clients.ts";
import { STREAM_FORMS } from "./stream-forms.ts";

export interface StreamFigures {
  /** Milliseconds from the question to the first text, median of 30 short answers after 10 that warm up. */
  readonly firstMs: number;
  readonly partsPerSecond: number;
  /** Milliseconds of processor that 10,000 of them take: what else runs on the machine is not in it. */
  readonly cpuMsPer10k: number;
  /** What the process held at most, modules and all, in MB. */
  readonly peakMb: number;
}

const OURS: Readonly<Record<string, () => HttpTransport>> = {
  "ours, undici": () => new UndiciTransport({ environment: {} }),
  "ours, fetch": () => new HostFetchTransport(),
};

async function ours(form: string, transport: HttpTransport, url: string): Promise<StreamClient> {
  const connector = createConnector(
    { ...STREAM_FORMS[form]?.config, base_url: url } as Parameters<typeof createConnector>[0],
    { key: null, transport, clock: systemClock, gate: new RequestGate(systemClock) },
  );
  return async (onText) => {
    const request = {
      model: "m",
      system: "",
      messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "go" }] }],
      tools: [],
      maxOutputTokens: null,
      temperature: null,
      promptCacheKey: null,
    };
    for await (const part of connector.stream(request, new AbortController().signal))
      if (part.type === "text") onText(part.delta);
  };
}

const [form = "", name = "", url = "", deltas = ""] = process.argv.slice(2);
const open = async (count: number): Promise<StreamClient> => {
  const address = `${url}/${encodeURIComponent(form)}/${count}`;
  const transport = OURS[name]?.();
  if (transport) return await ours(form, transport, address);
  const peer = PEER_CLIENTS[form]?.[name];
  if (!peer) throw new Error(`no client ${name} for ${form}`);
  return await peer(address);
};

const short = await open(20);
const firsts: number[] = [];
for (let run = 0; run < 40; run++) {
  const start = performance.now();
  let first = 0;
  await short(() => {
    first ||= performance.now() - start;
  });
  if (run >= 10) firsts.push(first);
}
const count = Number(deltas);
// One long answer warms up; the next is measured.
const long = await open(count);
await long(() => undefined);
let seen = 0;
const before = process.cpuUsage();
const start = performance.now();
await long(() => void seen++);
const spent = performance.now() - start;
const { user, system } = process.cpuUsage(before);
// Gemini's last chunk has a word of its own, because its reason cannot come without.
if (seen < count || seen > count + 1) throw new Error(`${name} gave ${seen} of ${count} parts`);
const figures: StreamFigures = {
  firstMs: median(firsts),
  partsPerSecond: seen / (spent / 1_000),
  cpuMsPer10k: (user + system) / 1_000 / (seen / 10_000),
  peakMb: process.resourceUsage().maxRSS / 2 ** 10,
};
console.log(JSON.stringify(figures));
process.exit();
