import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AgentRuntime, type AgentServices } from "../../../src/agent/agent-runtime.ts";
import type { AgentDatabases } from "../../../src/agent/databases.ts";
import type { AgentHooks, AgentSettingsInput } from "../../../src/agent/options.ts";
import { ToolRegistry } from "../../../src/agent/tools/registry.ts";
import { shippedTools } from "../../../src/agent/tools/shipped.ts";
import type { Tool } from "../../../src/agent/tools/tool.ts";
import type { StudioWorkspace } from "../../../src/hosts/shared/studio-workspace.ts";
import type { AgentEvent, AgentResult } from "../../../src/protocol/agent.ts";
import type { Connector, ModelRequest } from "../../../src/providers/model-stream.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import type { Store } from "../../../src/storage/store.ts";
import {
  type Answers,
  openScriptedWorkspace,
  postgresParser,
  recorded,
  scripted,
} from "../../support/scripted-workspace.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";

/** A workspace in a temporary folder with an agent whose model follows a script. */
export interface AgentBench {
  readonly folder: string;
  readonly runtime: AgentRuntime;
  readonly services: AgentServices;
  readonly store: Store;
  /** What the model was asked, in order. */
  readonly requests: ModelRequest[];
  readonly workspace: StudioWorkspace;
  /** A runtime on the same store and folder, as after a restart, with another script. */
  again(answers: Answers, options?: BenchOptions): AgentRuntime;
  text(path: string): Promise<string>;
  put(path: string, content: string | Uint8Array): Promise<void>;
  dispose(): Promise<void>;
}

export interface BenchOptions extends AgentSettingsInput, AgentHooks {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** A folder that is there already, in place of an empty one. */
  readonly folder?: string;
  readonly store?: Store;
  readonly trusted?: boolean;
  /** Besides those that ship. */
  readonly ownTools?: readonly Tool[];
  readonly connector?: Connector;
  readonly databases?: AgentDatabases;
}

export async function openBench(answers: Answers, options: BenchOptions = {}): Promise<AgentBench> {
  const temporary = await makeTemporaryFolder("agent");
  const folder = options.folder ?? join(temporary.folder, "project");
  await mkdir(folder, { recursive: true });
  const put = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(options.files ?? {})) await put(path, content);
  const requests: ModelRequest[] = [];
  let connector = options.connector ?? scripted(answers);
  const workspace = openScriptedWorkspace(folder, () => recorded(connector, requests), options.trusted);
  const store = options.store ?? new MemoryStore();
  const servicesOf = ({ ownTools = [], databases }: BenchOptions): AgentServices => {
    const tools = shippedTools();
    for (const tool of ownTools) tools.register(tool);
    return {
      workspace,
      store,
      personStore: new MemoryStore(),
      tools,
      sql: postgresParser(),
      ...(databases ? { databases } : {}),
    };
  };
  const runtimeOf = (given: BenchOptions, services = servicesOf(given)): AgentRuntime => {
    const {
      files: _files,
      folder: _folder,
      store: _store,
      trusted: _trusted,
      ownTools: _tools,
      connector: _own,
      databases: _databases,
      ...rest
    } = given;
    const tools = services.tools.list().map(({ name }) => name);
    return new AgentRuntime(services, { provider: "scripted", tools, ...rest });
  };
  const services = servicesOf(options);
  return {
    folder,
    runtime: runtimeOf(options, services),
    services,
    store,
    requests,
    workspace,
    again: (next, more = options) => {
      connector = more.connector ?? scripted(next);
      return runtimeOf(more);
    },
    text: (path) => readFile(join(folder, path), "utf8"),
    put,
    dispose: async () => {
      await workspace.dispose();
      await store.close();
      await temporary.remove();
    },
  };
}

export async function collect(events: AsyncIterable<AgentEvent>): Promise<readonly AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const TERMINAL: readonly string[] = ["complete", "error", "interrupted"];

/** The terminal events among some; a right run has exactly one, at the end. */
export function terminals(events: readonly AgentEvent[]): readonly AgentEvent[] {
  return events.filter(({ type }) => TERMINAL.includes(type));
}

export function resultOf(events: readonly AgentEvent[]): AgentResult {
  const last = events.at(-1);
  if (last?.type === "complete" || last?.type === "error" || last?.type === "interrupted") return last.result;
  throw new Error(`the last event is ${last?.type}`);
}

/** What the model got for each of its calls, by the order of the calls of its last answer. */
export function lastResults(
  request: ModelRequest | undefined,
): readonly { name: string; output: string; isError: boolean }[] {
  const message = request?.messages.findLast(({ role }) => role === "tool");
  return message?.role === "tool" ? message.results : [];
}

/** Every call of a conversation has exactly one result, right behind it. */
export function unpaired(request: ModelRequest): readonly string[] {
  const problems: string[] = [];
  for (const [at, message] of request.messages.entries()) {
    if (message.role === "tool" && request.messages[at - 1]?.role !== "assistant")
      problems.push(`results without calls at ${at}`);
    if (message.role !== "assistant") continue;
    const wanted = message.content.flatMap((item) => (item.type === "tool-call" ? [item.id] : []));
    const next = request.messages[at + 1];
    const given = next?.role === "tool" ? next.results.map(({ callId }) => callId) : [];
    if (JSON.stringify(wanted) !== JSON.stringify(given)) problems.push(`${at}: ${wanted} got ${given}`);
  }
  return problems;
}

export { type Answers, calls, says } from "../../support/scripted-workspace.ts";
export { ToolRegistry };
