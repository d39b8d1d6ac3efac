import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ToolRegistry } from "../../src/agent/tools/registry.ts";
import { PostgresParser } from "../../src/database/sql/parse-postgres.ts";
import { HarnessRuntime } from "../../src/harness/runtime.ts";
import { readRuntime } from "../../src/harness/runtime-options.ts";
import { defineRuntime, type RuntimeParts } from "../../src/harness/spec/runtime-spec.ts";
import type { Connector, ModelPart, ModelRequest } from "../../src/providers/model-stream.ts";
import { MemoryStore } from "../../src/storage/memory-store.ts";
import { SqliteStore } from "../../src/storage/sqlite-store.ts";
import type { Store } from "../../src/storage/store.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { emptyWorkspace } from "./agent.bench.ts";
import { type Bench, type BenchRow, median, milliseconds } from "./bench.ts";

const RUNS = 5;
const STEPS = 200;
const workerFile = join(import.meta.dirname, "../../src/storage/sqlite-worker.ts");

const LIMITS = {
  mode: "autonomous",
  maxIterations: 1_000_000,
  maxToolCalls: 1_000_000,
  maxTotalTokens: 1_000_000_000,
  maxInputTokens: 1_000_000_000,
  timeoutSeconds: 3_600,
} as const;

/** Agents without a mind: each asks for its call a number of times, then says that it is done. */
function mindless(
  callOf: (system: string, turn: number) => readonly [tool: string, input: object] | null,
): Connector {
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
    stream: async function* ({ system, messages }: ModelRequest): AsyncIterable<ModelPart> {
      const turn = messages.filter(({ role }) => role === "tool").length;
      const call = callOf(system, turn);
      if (call) yield { type: "tool-call", id: `c${turn}`, name: call[0], input: call[1], malformed: null };
      else yield { type: "text", delta: "done" };
      yield { type: "usage", usage: { input: 10, cacheRead: 0, cacheWrite: 0, output: 5, reasoning: null } };
      yield { type: "finish", reason: call ? "tool-calls" : "stop", model: "mock" };
    },
  };
}

function agent(name: string, role: "coordinator" | "planner" | "executor" | "specialist", more: object = {}) {
  return { name, role, stateful: false, model: "mock", systemPrompt: `You are ${name}.`, ...more };
}

const look = {
  name: "look",
  input: { type: "object", properties: { n: { type: "integer" } } },
  handler: (() => "seen") as never,
};
const HANDED: RuntimeParts = {
  agents: [
    agent("boss", "coordinator", { routes: ["worker"] }),
    agent("worker", "specialist", { tools: [look] }),
  ],
};
const PLANNED: RuntimeParts = {
  agents: [
    agent("boss", "coordinator", { routes: ["planner", "executor"] }),
    agent("planner", "planner", { plan: { name: "p", actions: { go: {} } } }),
    agent("executor", "executor"),
  ],
};

/** One hand-off whose agent makes many calls. */
const deep = () =>
  mindless((system, turn) =>
    system.startsWith("You are boss.")
      ? turn === 0
        ? ["hand_off", { agent: "worker", task: "look" }]
        : null
      : turn < STEPS
        ? ["look", { n: turn }]
        : null,
  );
/** Many hand-offs to an agent that answers at once. */
const wide = () =>
  mindless((system, turn) =>
    system.startsWith("You are boss.") && turn < STEPS
      ? ["hand_off", { agent: "worker", task: `${turn}` }]
      : null,
  );
/** A plan of many steps. */
const plan = () =>
  mindless((system, turn) => {
    if (system.startsWith("You are boss."))
      return turn === 0
        ? ["hand_off", { agent: "planner", task: "plan" }]
        : turn === 1
          ? ["hand_off", { agent: "executor", task: "go" }]
          : null;
    const actions = Array.from({ length: 100 }, (_, n) => ({ type: "go", n }));
    return turn === 0 ? ["propose_plan", { goal: "much", actions }] : null;
  });

/** Milliseconds of one request. */
async function measure(
  store: Store,
  folder: string,
  spec: RuntimeParts,
  connector: Connector,
): Promise<number> {
  const runtime = new HarnessRuntime(
    readRuntime(defineRuntime({ resource_id: "bench", version: "1" }, spec), {
      interpreter: "scripted",
      settings: LIMITS,
      actionDispatcher: () => "done",
    }),
    {
      workspace: emptyWorkspace(folder, connector),
      store,
      personStore: null,
      tools: new ToolRegistry(),
      sql: new PostgresParser(""),
    },
  );
  const start = performance.now();
  let ended = "";
  for await (const event of runtime.query("go", "t")) {
    if (event.type === "approval") await runtime.respondToApproval(event.id, "approve");
    ended = event.type;
  }
  const spent = performance.now() - start;
  await runtime.dispose();
  if (ended !== "complete") throw new Error(`the run ended with ${ended}`);
  return spent;
}

export const bench: Bench = {
  title: "Runtime: several agents with models that take no time (median of 5 runs)",
  run: async () => {
    const temporary = await makeTemporaryFolder("bench-harness");
    const { folder } = temporary;
    const opened = async (kind: "memory" | "sqlite"): Promise<Store> => {
      if (kind === "memory") return new MemoryStore();
      const place = join(folder, `store-${performance.now()}`);
      mkdirSync(place);
      return await SqliteStore.open({ folder: place, workerFile });
    };
    const medianOf = async (kind: "memory" | "sqlite", spec: RuntimeParts, connector: () => Connector) => {
      const samples: number[] = [];
      for (let run = 0; run <= RUNS; run++) {
        const store = await opened(kind);
        const sample = await measure(store, folder, spec, connector());
        await store.close();
        // The first one warms up.
        if (run > 0) samples.push(sample);
      }
      return median(samples);
    };
    const rows: BenchRow[] = [];
    try {
      for (const kind of ["memory", "sqlite"] as const) {
        const where = kind === "memory" ? "in memory" : "durable";
        const bar = kind === "memory" ? 0.2 : 1;
        const step = (await medianOf(kind, HANDED, deep)) / STEPS;
        rows.push({
          what: `a call of an agent below another, ${where}`,
          value: milliseconds(step),
          bar: `≤ ${bar.toFixed(1)} ms, as for a single agent`,
          met: step <= bar,
        });
        const handed = (await medianOf(kind, HANDED, wide)) / STEPS;
        rows.push({ what: `a task handed on and back, ${where}`, value: milliseconds(handed) });
        const planned = (await medianOf(kind, PLANNED, plan)) / 100;
        rows.push({ what: `a step of a plan of 100, ${where}`, value: milliseconds(planned) });
      }
    } finally {
      await temporary.remove();
    }
    return rows;
  },
};
