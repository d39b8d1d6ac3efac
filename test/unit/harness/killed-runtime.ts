/**
 * A runtime in a process of its own that kills itself before or after the n-th write to its store, whatever is written: a
 * journal, a thread, a gate, a plan. Run by `restart.test.ts`, which goes on with what it left.
 */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { shippedTools } from "../../../src/agent/tools/shipped.ts";
import { HarnessRuntime } from "../../../src/harness/runtime.ts";
import { readRuntime } from "../../../src/harness/runtime-options.ts";
import { defineRuntime } from "../../../src/harness/spec/runtime-spec.ts";
import type { AgentEvent } from "../../../src/protocol/agent.ts";
import { SqliteStore } from "../../../src/storage/sqlite-store.ts";
import type { Store } from "../../../src/storage/store.ts";
import { die, watchWrites } from "../../support/killed-process.ts";
import {
  type Answers,
  openScriptedWorkspace,
  postgresParser,
  SQLITE_WORKER,
  scripted,
} from "../../support/scripted-workspace.ts";
import { agent, TENANT } from "./support.ts";

/** Where the process ends. */
export interface KillPoint {
  readonly when: "before" | "after";
  /** Number of the write, from 1. */
  readonly write: number;
}

const ACTIONS = ["alice", "bob", "carol"].map((to) => ({ type: "pay", to }));

/** The models say the same to the same, so that it does not matter which process asks. */
const ANSWERS: Answers = [
  {
    when: { last: "THE TASK" },
    repeat: true,
    steps: [{ tool: "hand_off", input: { agent: "planner", task: "plan it" } }],
  },
  {
    when: { last: "plan it" },
    repeat: true,
    steps: [{ tool: "propose_plan", input: { goal: "pay", actions: ACTIONS } }],
  },
  { when: { last: "nothing of it has been done yet" }, repeat: true, steps: [{ text: "PLANNED" }] },
  {
    when: { last: "PLANNED" },
    repeat: true,
    steps: [{ tool: "hand_off", input: { agent: "executor", task: "go" } }],
  },
  { when: { last: "of the plan are done" }, repeat: true, steps: [{ text: "All is paid." }] },
  { when: { last: "not known" }, repeat: true, steps: [{ text: "I do not know whether it happened." }] },
];

export interface Killable {
  readonly runtime: HarnessRuntime;
  readonly store: Store;
  /** Writes that were made. */
  readonly writes: () => number;
  dispose(): Promise<void>;
}

/** The runtime on a folder: `state` is its store, `paid.log` what it has paid. */
export async function openKillable(folder: string, kill: KillPoint | null): Promise<Killable> {
  const project = join(folder, "project");
  mkdirSync(project, { recursive: true });
  const connector = scripted(ANSWERS);
  const workspace = openScriptedWorkspace(project, () => connector);
  const sqlite = await SqliteStore.open({ folder: join(folder, "state"), workerFile: SQLITE_WORKER });
  let writes = 0;
  const store = watchWrites(sqlite, async (write) => {
    const number = ++writes;
    if (kill?.when === "before" && kill.write === number) die();
    const result = await write();
    if (kill?.when === "after" && kill.write === number) die();
    return result;
  });
  const plan = {
    name: "payments",
    actions: { pay: { input: { type: "object", properties: { to: { type: "string" } }, required: ["to"] } } },
  };
  const spec = defineRuntime(TENANT, {
    agents: [
      agent("boss", "coordinator", { stateful: true, routes: ["planner", "executor"] }),
      agent("planner", "planner", { plan }),
      agent("executor", "executor"),
    ],
  });
  const runtime = new HarnessRuntime(
    readRuntime(spec, {
      interpreter: "scripted",
      actionDispatcher: ({ to }) => {
        appendFileSync(join(folder, "paid.log"), `${to}\n`);
        return `paid ${to}`;
      },
    }),
    { workspace, store, personStore: null, tools: shippedTools(), sql: postgresParser() },
  );
  return {
    runtime,
    store: sqlite,
    writes: () => writes,
    dispose: async () => {
      await runtime.dispose();
      await workspace.dispose();
      await sqlite.close();
    },
  };
}

/** Runs to the end, approving everything that is asked but what may have happened already. */
export async function runOn(
  { runtime }: Killable,
  events: AsyncIterable<AgentEvent>,
  folder: string,
): Promise<AgentEvent | undefined> {
  let last: AgentEvent | undefined;
  for await (const event of events) {
    last = event;
    if (event.type !== "approval") continue;
    appendFileSync(join(folder, "asked.log"), `${event.request.about} ${event.id}\n`);
    await runtime.respondToApproval(event.id, "approve");
  }
  return last;
}

if (process.argv[1] === import.meta.filename) {
  const [folder = "", when = "", write = "0"] = process.argv.slice(2);
  const killable = await openKillable(folder, { when: when as KillPoint["when"], write: Number(write) });
  await runOn(killable, killable.runtime.query("THE TASK", "t"), folder);
  await killable.dispose();
}
