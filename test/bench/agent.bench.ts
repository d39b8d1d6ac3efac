import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { AgentRuntime } from "../../src/agent/agent-runtime.ts";
import { ToolRegistry } from "../../src/agent/tools/registry.ts";
import { defineTool } from "../../src/agent/tools/tool.ts";
import type { AgentWorkspace } from "../../src/agent/workspace-port.ts";
import { PostgresParser } from "../../src/database/sql/parse-postgres.ts";
import type { Connector, ModelPart } from "../../src/providers/model-stream.ts";
import { MemoryStore } from "../../src/storage/memory-store.ts";
import { SqliteStore } from "../../src/storage/sqlite-store.ts";
import type { Store } from "../../src/storage/store.ts";
import { Catalog } from "../../src/workspace/catalog.ts";
import { noVerifier } from "../support/no-verifier.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { type Bench, type BenchRow, median, milliseconds } from "./bench.ts";
import { AGENT_LOOPS, type AgentLoop } from "./peers/agent-loops.ts";
import { installPeers, peerVersions } from "./peers/load-peer.ts";

const RUNS = 5;
const OURS = "aksara";
const workerFile = join(import.meta.dirname, "../../src/storage/sqlite-worker.ts");

/** A model that asks for one call after the other, and then says that it is done; it takes no time itself. */
function mockModel(steps: number, tool: string): Connector {
  let step = 0;
  return {
    kind: "scripted",
    defaultModel: "mock",
    capabilities: () => ({
      tools: true,
      images: false,
      reasoning: false,
      temperature: true,
      caching: false,
      contextWindow: null,
      maxOutputTokens: null,
    }),
    listModels: async () => ["mock"],
    stream: async function* (): AsyncIterable<ModelPart> {
      step++;
      const usage = { input: 10, cacheRead: 0, cacheWrite: 0, output: 5, reasoning: null };
      if (step <= steps)
        yield { type: "tool-call", id: `c${step}`, name: tool, input: { n: step }, malformed: null };
      else yield { type: "text", delta: "done" };
      yield { type: "usage", usage };
      yield { type: "finish", reason: step <= steps ? "tool-calls" : "stop", model: "mock" };
    },
  };
}

/** A model whose answer is one long text in small pieces. */
function talkingModel(tokens: number): Connector {
  return {
    ...mockModel(0, ""),
    stream: async function* (): AsyncIterable<ModelPart> {
      for (let at = 0; at < tokens; at++) yield { type: "text", delta: ` tok${at}` };
      yield { type: "finish", reason: "stop", model: "mock" };
    },
  };
}

const look = defineTool({
  name: "look",
  description: "looks",
  input: z.strictObject({ n: z.int() }),
  execute: async ({ n }) => ({ output: `seen ${n}` }),
});
const change = defineTool({
  name: "change",
  description: "changes",
  input: z.strictObject({ n: z.int() }),
  class: "write",
  execute: async ({ n }) => ({ output: `changed ${n}` }),
});

/** A workspace with nothing in it, whose model is the given one. */
export function emptyWorkspace(folder: string, connector: Connector): AgentWorkspace {
  const catalog = new Catalog(
    { models: [], routes: [], queries: [], migrations: [], gaps: [], uses: [] },
    { filesSeen: 0, filesParsed: 0, skipped: [], stacks: [] },
  );
  const unused = async () => {
    throw new Error("not used here");
  };
  return {
    roots: [{ name: "bench", path: folder }],
    view: async () => ({ catalog, findings: [] }),
    buildPack: unused,
    run: unused,
    refresh: () => undefined,
    execution: () => ({
      trusted: true,
      hub: async () => ({ version: 1, active_provider: null, defaults: {}, providers: [] }) as never,
      credentials: { get: async () => null },
      environment: {},
      connect: async () => connector,
      verifier: noVerifier,
      traces: null,
    }),
  };
}

function runtimeOn(store: Store, folder: string, connector: Connector): AgentRuntime {
  return new AgentRuntime(
    {
      workspace: emptyWorkspace(folder, connector),
      store,
      personStore: null,
      tools: new ToolRegistry([look, change]),
      sql: new PostgresParser(""),
    },
    {
      provider: "scripted",
      tools: ["look", "change"],
      mode: "autonomous",
      maxIterations: 1_000_000,
      maxToolCalls: 1_000_000,
      maxTotalTokens: 1_000_000_000,
      maxInputTokens: 1_000_000_000,
      timeoutSeconds: 3_600,
    },
  );
}

/** Milliseconds a step, of one run. */
async function measure(store: Store, folder: string, steps: number, tool: string): Promise<number> {
  const runtime = runtimeOn(store, folder, mockModel(steps, tool));
  const start = performance.now();
  const result = await runtime.execute("go");
  const spent = performance.now() - start;
  if (!result.success || result.actions.length !== steps) throw new Error(`the run failed: ${result.error}`);
  return spent / steps;
}

/** Median of each loop by its name; one run of each in turn, so that what else the machine does falls on all. */
async function interleaved(
  loops: Readonly<Record<string, AgentLoop>>,
  steps: number,
): Promise<Readonly<Record<string, number>>> {
  const samples: Record<string, number[]> = {};
  for (let run = 0; run <= RUNS; run++)
    for (const [name, loop] of Object.entries(loops)) {
      const sample = await loop(steps);
      // The first one warms up.
      if (run > 0) samples[name] = [...(samples[name] ?? []), sample];
    }
  return Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, median(all)]));
}

/** Other people's loops in memory, for a row of ours. */
function beside(medians: Readonly<Record<string, number>>): string {
  const versions = peerVersions();
  return Object.keys(AGENT_LOOPS)
    .map((name) => `${name} ${versions[name]}: ${milliseconds(medians[name] ?? Number.NaN)}`)
    .join(", ");
}

async function medianOf(
  open: (run: number) => Promise<{ store: Store; folder: string }>,
  steps: number,
  tool: string,
): Promise<number> {
  const samples: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const { store, folder } = await open(run);
    const sample = await measure(store, folder, steps, tool);
    await store.close();
    // The first one warms up.
    if (run > 0) samples.push(sample);
  }
  return median(samples);
}

/** Bytes that a run of 1,000 steps leaves behind, journal and all. */
async function retained(folder: string): Promise<number> {
  if (!globalThis.gc) return Number.NaN;
  const store = new MemoryStore();
  await measure(store, folder, 100, "look");
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  await measure(store, folder, 1_000, "look");
  globalThis.gc();
  const after = process.memoryUsage().heapUsed;
  await store.logs.list();
  return after - before;
}

async function tokensPerSecond(folder: string, tokens: number): Promise<number> {
  const runtime = runtimeOn(new MemoryStore(), folder, talkingModel(tokens));
  let count = 0;
  const start = performance.now();
  for await (const event of runtime.executeStream("go")) if (event.type === "text") count++;
  if (count !== tokens) throw new Error(`${count} of ${tokens} tokens`);
  return tokens / ((performance.now() - start) / 1_000);
}

export const bench: Bench = {
  title: "Agent: a step with a model that takes no time (median of 5 runs)",
  run: async () => {
    installPeers();
    const temporary = await makeTemporaryFolder("bench-agent");
    const { folder } = temporary;
    const durable = async (run: number) => {
      const place = join(folder, `store-${run}-${performance.now()}`);
      mkdirSync(place);
      return { store: await SqliteStore.open({ folder: place, workerFile }), folder };
    };
    const rows: BenchRow[] = [];
    try {
      const loops: Record<string, AgentLoop> = {
        [OURS]: (steps) => measure(new MemoryStore(), folder, steps, "look"),
      };
      for (const [name, open] of Object.entries(AGENT_LOOPS)) loops[name] = await open();
      const hundred = await interleaved(loops, 100);
      const thousand = await interleaved(loops, 1_000);
      const memory100 = hundred[OURS] ?? Number.NaN;
      const memory1000 = thousand[OURS] ?? Number.NaN;
      const durable100 = await medianOf(durable, 100, "change");
      const durable1000 = await medianOf(durable, 1_000, "change");
      rows.push(
        {
          what: "in memory, 100 steps",
          value: milliseconds(memory100),
          bar: "≤ 0.20 ms",
          peer: beside(hundred),
        },
        {
          what: "in memory, 1,000 steps",
          value: milliseconds(memory1000),
          bar: `${(memory1000 / memory100).toFixed(2)} × 100 steps (≤ 1.5)`,
          peer: beside(thousand),
        },
        {
          what: "durable, 100 steps that change",
          value: milliseconds(durable100),
          bar: "≤ 1.0 ms, on the disk before and after each effect",
        },
        {
          what: "durable, 1,000 steps that change",
          value: milliseconds(durable1000),
          bar: `${(durable1000 / durable100).toFixed(2)} × 100 steps (≤ 1.5)`,
        },
        {
          what: "tokens from stream to event",
          value: `${(median([await tokensPerSecond(folder, 200_000), await tokensPerSecond(folder, 200_000), await tokensPerSecond(folder, 200_000)]) / 1_000).toFixed(0)}k/s`,
          bar: "≥ 150k/s",
        },
        {
          what: "retained by 1,000 steps, journal included",
          value: `${((await retained(folder)) / 2 ** 20).toFixed(2)} MB`,
          bar: "≤ 3 MB; needs node --expose-gc",
        },
      );
    } finally {
      await temporary.remove();
    }
    return rows;
  },
};
