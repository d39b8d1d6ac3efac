import { AgentRuntime, type AgentServices } from "../../agent/agent-runtime.ts";
import { FileConsents } from "../../agent/approvals/file-consents.ts";
import type { AgentHooks, AgentSettingsInput } from "../../agent/options.ts";
import { type AskForToolFile, type LoadedToolFiles, ToolFiles } from "../../agent/tool-files/tool-files.ts";
import type { ToolRegistry } from "../../agent/tools/registry.ts";
import { shippedTools } from "../../agent/tools/shipped.ts";
import type { AgentWorkspace } from "../../agent/workspace-port.ts";
import { PostgresParser } from "../../database/sql/parse-postgres.ts";
import { MemoryStore } from "../../storage/memory-store.ts";
import { SqliteStore } from "../../storage/sqlite-store.ts";
import type { Store } from "../../storage/store.ts";
import { type DatabaseSecrets, StoredDatabases } from "./agent-databases.ts";
import { postgresParserPath, sqliteWorkerPath, toolFileChildPath } from "./asset-paths.ts";
import { type SharedStorePlace, storeOfEnvironment } from "./shared-store.ts";
import { agentFolder, personFolder, workspaceId } from "./state-directory.ts";

export interface AgentAccess {
  readonly runtime: AgentRuntime;
  /** What it stands on; others can stand on it as well. */
  readonly services: AgentServices;
  readonly tools: ToolRegistry;
  readonly store: Store;
  /** Databases that a person enabled for the agents of this workspace. */
  readonly databases: StoredDatabases;
  /** What a person allowed of what files of the workspace name. */
  readonly consents: FileConsents;
  readonly sql: PostgresParser;
  /** Files that wanted to be a tool and are none, with the reason. */
  readonly leftToolFiles: LoadedToolFiles["left"];
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
  /** Addresses of databases with their passwords; none when absent. */
  readonly databaseSecrets?: DatabaseSecrets;
  /** Where it is kept which databases are enabled; with the journals when absent. */
  readonly databaseStore?: Store;
  /** Asks a person about a file that wants to be a tool; absent: nobody is here, so only what was allowed before is used. */
  readonly askForToolFile?: AskForToolFile;
  /** Where journals, sessions and contents are kept in place of this machine; absent: where the environment says. */
  readonly sharedStore?: SharedStorePlace | null;
}

/** What agents of a workspace stand on. */
export interface OpenAgentServices {
  readonly services: AgentServices;
  readonly databases: StoredDatabases;
  readonly leftToolFiles: LoadedToolFiles["left"];
  readonly consents: FileConsents;
  /** False: there is no place for journals, so nothing outlives the process. */
  readonly keeps: boolean;
  dispose(): Promise<void>;
}

/** Agents of a workspace, with their journals in its state directory. */
export async function openAgents(access: AgentAccessOptions): Promise<AgentAccess> {
  const { services, ...rest } = await openAgentServices(access);
  const { store, tools, sql } = services;
  return { ...rest, runtime: new AgentRuntime(services, access.options), services, tools, store, sql };
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
  const local = folder === null ? new MemoryStore() : await SqliteStore.open({ folder, workerFile });
  const place = access.sharedStore === undefined ? storeOfEnvironment(process.env) : access.sharedStore;
  const shared = place === null || access.keep === false ? null : await openShared(place, paths, local);
  const store = shared ?? local;
  const personStore = person === null ? null : await SqliteStore.open({ folder: person, workerFile });
  const tools = access.tools ?? shippedTools();
  const sql = new PostgresParser(postgresParserPath(distDir));
  const databases = new StoredDatabases({
    // What a person allowed stays on this machine, wherever journals are kept.
    store: access.databaseStore ?? local,
    roots: workspace.roots,
    secrets: access.databaseSecrets ?? { get: async () => null },
    workerFile,
  });
  const consents = new FileConsents(local);
  const toolFiles = new ToolFiles({
    roots: workspace.roots,
    consents,
    childFile: toolFileChildPath(distDir),
    trusted: () => workspace.execution().trusted,
    ask: access.askForToolFile ?? null,
  });
  const loaded = await toolFiles.load((name) => tools.find(name) !== null, new AbortController().signal);
  for (const tool of loaded.tools) tools.register(tool);
  return {
    leftToolFiles: loaded.left,
    services: { workspace, store, grantStore: local, personStore, tools, sql, databases },
    databases,
    consents,
    keeps: folder !== null || shared !== null,
    dispose: async () => {
      sql.dispose();
      await Promise.all([local.close(), shared?.close(), personStore?.close()]);
    },
  };
}

/** Takes back all that a person approved for longer than one call; gives how much it was. */
export async function resetApprovals({ runtime, consents }: AgentAccess): Promise<number> {
  return (await runtime.grants.reset()) + (await consents.reset());
}

async function openShared(place: SharedStorePlace, paths: readonly string[], local: Store): Promise<Store> {
  try {
    const { openSharedStore } = await import("../../storage/open-shared-store.ts");
    return await openSharedStore({ url: place.url, namespace: place.namespace ?? workspaceId(paths) });
  } catch (error) {
    await local.close();
    throw error;
  }
}
