import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { shippedTools } from "../../../src/agent/tools/shipped.ts";
import { HarnessRuntime } from "../../../src/harness/runtime.ts";
import { type RuntimeOptions, readRuntime } from "../../../src/harness/runtime-options.ts";
import type { RuntimeSpec, RuntimeSpecInput } from "../../../src/harness/spec/runtime-spec.ts";
import type { AgentEvent, AgentEventOf } from "../../../src/protocol/agent.ts";
import type { Connector, ModelRequest } from "../../../src/providers/model-stream.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import { SqliteStore } from "../../../src/storage/sqlite-store.ts";
import type { Store } from "../../../src/storage/store.ts";
import {
  type Answers,
  openScriptedWorkspace,
  postgresParser,
  recorded,
  SQLITE_WORKER,
  scripted,
} from "../../support/scripted-workspace.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";

export interface HarnessBench {
  readonly runtime: HarnessRuntime;
  readonly store: Store;
  readonly folder: string;
  /** What models were asked, in order. */
  readonly requests: ModelRequest[];
  /** Another runtime on the same store and folder, as after a restart. */
  again(spec: RuntimeSpec | RuntimeSpecInput, answers?: Answers, options?: RuntimeOptions): HarnessRuntime;
  text(path: string): Promise<string>;
  dispose(): Promise<void>;
}

export interface HarnessBenchOptions extends RuntimeOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly store?: "memory" | "sqlite";
  readonly connector?: Connector;
}

/** A runtime whose agents follow a script: all of them take their answers from it. */
export async function openHarness(
  spec: RuntimeSpec | RuntimeSpecInput,
  answers: Answers,
  given: HarnessBenchOptions = {},
): Promise<HarnessBench> {
  const { files = {}, store: kind = "memory", connector: own, ...options } = given;
  const temporary = await makeTemporaryFolder("harness");
  const folder = join(temporary.folder, "project");
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const requests: ModelRequest[] = [];
  let connector = own ?? scripted(answers);
  const workspace = openScriptedWorkspace(folder, () => recorded(connector, requests));
  const store =
    kind === "memory"
      ? new MemoryStore()
      : await SqliteStore.open({ folder: join(temporary.folder, "state"), workerFile: SQLITE_WORKER });
  const runtimes: HarnessRuntime[] = [];
  const open = (of: RuntimeSpec | RuntimeSpecInput, more: RuntimeOptions) => {
    const plan = readRuntime(of, { interpreter: "scripted", ...more });
    const runtime = new HarnessRuntime(plan, {
      workspace,
      store,
      personStore: null,
      tools: shippedTools(),
      sql: postgresParser(),
    });
    runtimes.push(runtime);
    return runtime;
  };
  return {
    runtime: open(spec, options),
    store,
    folder,
    requests,
    again: (of, next, more = options) => {
      if (next) connector = scripted(next);
      return open(of, more);
    },
    text: (path) => readFile(join(folder, path), "utf8"),
    dispose: async () => {
      for (const runtime of runtimes) await runtime.dispose();
      await workspace.dispose();
      await store.close();
      await temporary.remove();
    },
  };
}

export { type Answers, as, calls, says } from "../../support/scripted-workspace.ts";

/** All events; `onEvent` hears each as it comes. */
export async function collect(
  events: AsyncIterable<AgentEvent>,
  onEvent: (event: AgentEvent) => unknown = () => undefined,
): Promise<readonly AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) {
    all.push(event);
    await onEvent(event);
  }
  return all;
}

export function eventsOf<Type extends AgentEvent["type"]>(
  events: readonly AgentEvent[],
  type: Type,
): readonly AgentEventOf<Type>[] {
  return events.filter((event): event is AgentEventOf<Type> => event.type === type);
}

/** The end of a run. */
export function endOf(events: readonly AgentEvent[]): AgentEventOf<"complete" | "error" | "interrupted"> {
  const ends = events.filter(({ type }) => type === "complete" || type === "error" || type === "interrupted");
  const last = events.at(-1);
  if (
    ends.length === 1 &&
    (last?.type === "complete" || last?.type === "error" || last?.type === "interrupted")
  )
    return last;
  throw new Error(`${ends.length} ends, the last event is ${last?.type}`);
}

export const TENANT = { resource_id: "acme", version: "1" };

/** An agent with everything that has to be given. */
export function agent(
  name: string,
  role: "coordinator" | "planner" | "executor" | "specialist",
  more: object = {},
) {
  return { name, role, stateful: false, model: "m", systemPrompt: `You are ${name}.`, ...more };
}
