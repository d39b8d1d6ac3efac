import { AgentRuntime, type AgentServices } from "../../agent/agent-runtime.ts";
import type { AgentHooks, AgentSettingsInput } from "../../agent/options.ts";
import type { ToolRegistry } from "../../agent/tools/registry.ts";
import { shippedTools } from "../../agent/tools/shipped.ts";
import type { AgentWorkspace } from "../../agent/workspace-port.ts";
import { PostgresParser } from "../../database/sql/parse-postgres.ts";
import { MemoryStore } from "../../storage/memory-store.ts";
import { SqliteStore } from "../../storage/sqlite-store.ts";
import type { Store } from "../../storage/store.ts";
import { postgresParserPath, sqliteWorkerPath } from "./asset-paths.ts";
import { agentFolder, personFolder } from "./state-directory.ts";

export interface AgentAccess {
  readonly runtime: AgentRuntime;
  readonly tools: ToolRegistry;
  readonly store: Store;
  /** False: there is no place for journals, so nothing outlives the process. */
  readonly keeps: boolean;
  dispose(): Promise<void>;
}

export interface AgentAccessOptions {
  readonly workspace: AgentWorkspace;
  readonly distDir: string;
  /** False keeps everything in memory. */
  readonly keep?: boolean;
  readonly options?: AgentSettingsInput & AgentHooks;
  /** Tools besides those that ship. */
  readonly tools?: ToolRegistry;
}

/** What agents of a workspace stand on. */
export interface OpenAgentServices {
  readonly services: AgentServices;
  /** False: there is no place for journals, so nothing outlives the process. */
  readonly keeps: boolean;
  dispose(): Promise<void>;
}

/** Agents of a workspace, with their journals in its state directory. */
export async function openAgents(access: AgentAccessOptions): Promise<AgentAccess> {
  const { services, keeps, dispose } = await openAgentServices(access);
  const { store, tools } = services;
  return { runtime: new AgentRuntime(services, access.options), tools, store, keeps, dispose };
}

/** The same without an agent on it yet. */
export async function openAgentServices(
  access: Omit<AgentAccessOptions, "options">,
): Promise<OpenAgentServices> {
  const { workspace, distDir } = access;
  const paths = workspace.roots.map(({ path }) => path);
  const folder = access.keep === false ? null : agentFolder(paths);
  const person = access.keep === false ? null : personFolder(paths);
  const workerFile = sqliteWorkerPath(distDir);
  const store = folder === null ? new MemoryStore() : await SqliteStore.open({ folder, workerFile });
  const personStore = person === null ? null : await SqliteStore.open({ folder: person, workerFile });
  const tools = access.tools ?? shippedTools();
  const sql = new PostgresParser(postgresParserPath(distDir));
  return {
    services: { workspace, store, personStore, tools, sql },
    keeps: folder !== null,
    dispose: async () => {
      sql.dispose();
      await Promise.all([store.close(), personStore?.close()]);
    },
  };
}
