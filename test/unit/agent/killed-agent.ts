/**
 * An agent in a process of its own that kills itself: before or after the n-th record of its journal is written, or in the middle of
 * an effect. Run by `restart.test.ts`, which goes on with what it left.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { AgentRuntime } from "../../../src/agent/agent-runtime.ts";
import { shippedTools } from "../../../src/agent/tools/shipped.ts";
import { defineTool } from "../../../src/agent/tools/tool.ts";
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

/** Where the process ends; null lets it run. */
export interface KillPoint {
  readonly when: "before" | "after" | "in-effect" | "after-effect";
  /** Number of the record that is written, or of the effect, from 1. */
  readonly number: number;
}

/** The model says the same to the same, so that it does not matter which process asks. */
const ANSWERS: Answers = [
  {
    when: { last: "THE TASK" },
    repeat: true,
    steps: [
      { tool: "read_file", input: { path: "notes.txt" } },
      { tool: "read_file", input: { path: "other.txt" } },
    ],
  },
  { when: { last: "other.txt, lines" }, repeat: true, steps: [{ tool: "pay", input: { to: "alice" } }] },
  {
    when: { last: "paid alice" },
    repeat: true,
    steps: [
      {
        tool: "patch_file",
        input: {
          files: [
            { path: "notes.txt", edits: [{ old_text: "two", new_text: "2" }] },
            { path: "other.txt", edits: [{ old_text: "three", new_text: "3" }] },
          ],
        },
      },
    ],
  },
  { when: { last: "changed other.txt" }, repeat: true, steps: [{ tool: "pay", input: { to: "bob" } }] },
  { when: { last: "paid bob" }, repeat: true, steps: [{ text: "All done." }] },
  { when: { last: "not known" }, repeat: true, steps: [{ text: "I do not know whether it happened." }] },
];

export interface Killable {
  readonly runtime: AgentRuntime;
  readonly store: Store;
  dispose(): Promise<void>;
}

/** The agent on a folder: `project` is its workspace, `state` its store, `paid.log` what it has paid. */
export async function openKillable(folder: string, kill: KillPoint | null): Promise<Killable> {
  const project = join(folder, "project");
  const connector = scripted(ANSWERS);
  const workspace = openScriptedWorkspace(project, () => connector);
  const store = await SqliteStore.open({ folder: join(folder, "state"), workerFile: SQLITE_WORKER });
  let effects = 0;
  const pay = defineTool({
    name: "pay",
    description: "pays",
    input: z.strictObject({ to: z.string() }),
    class: "data",
    execute: async ({ to }) => {
      effects++;
      if (kill?.when === "in-effect" && kill.number === effects) die();
      appendFileSync(join(folder, "paid.log"), `${to}\n`);
      if (kill?.when === "after-effect" && kill.number === effects) die();
      return { output: `paid ${to}` };
    },
  });
  const tools = shippedTools();
  tools.register(pay);
  const runtime = new AgentRuntime(
    {
      workspace,
      store: kill ? deadly(store, kill) : store,
      personStore: null,
      tools,
      sql: postgresParser(),
    },
    {
      provider: "scripted",
      tools: ["read_file", "patch_file", "pay"],
      mode: "autonomous",
      approvalCallback: (_tool, _input, { decision }) => {
        appendFileSync(join(folder, "asked.log"), `${decision.rule}\n`);
        return decision.rule !== "unknown-outcome";
      },
    },
  );
  return {
    runtime,
    store,
    dispose: async () => {
      await workspace.dispose();
      await store.close();
    },
  };
}

function deadly(store: Store, { when, number }: KillPoint): Store {
  let written = 0;
  return watchWrites(store, async (make, entries) => {
    // Records that are written together live or die together.
    const isIt = entries !== null && written < number && number <= written + entries;
    written += entries ?? 0;
    if (when === "before" && isIt) die();
    const result = await make();
    if (when === "after" && isIt) die();
    return result;
  });
}

if (process.argv[1] === import.meta.filename) {
  const [folder = "", when = "", number = "0"] = process.argv.slice(2);
  const kill = when === "none" ? null : ({ when, number: Number(number) } as KillPoint);
  const { runtime, dispose } = await openKillable(folder, kill);
  await runtime.execute("THE TASK");
  await dispose();
}
