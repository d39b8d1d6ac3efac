import type { ToolRegistry } from "../../agent/tools/registry.ts";
import type { AgentWorkspace } from "../../agent/workspace-port.ts";
import { AksaraError } from "../../errors.ts";
import { HarnessRuntime, type HarnessServices } from "../../harness/runtime.ts";
import type { RuntimePlan } from "../../harness/runtime-options.ts";
import { MemoryStore } from "../../storage/memory-store.ts";
import { SqliteStore } from "../../storage/sqlite-store.ts";
import type { Store } from "../../storage/store.ts";
import { openAgentServices } from "./agent-access.ts";
import { sqliteWorkerPath } from "./asset-paths.ts";

export interface RuntimeAccess {
  readonly runtime: HarnessRuntime;
  /** What it stands on. */
  readonly services: HarnessServices;
  /** False: there is no place for journals, so nothing outlives the process. */
  readonly keeps: boolean;
  dispose(): Promise<void>;
}

export interface RuntimeAccessOptions {
  readonly workspace: AgentWorkspace;
  readonly distDir: string;
  readonly plan: RuntimePlan;
  /** False keeps everything in memory. */
  readonly keep?: boolean;
  /** Tools in place of those that ship. */
  readonly tools?: ToolRegistry;
}

/** A runtime on a workspace, with its journals in the workspace's state directory or where its spec says. */
export async function openRuntime(access: RuntimeAccessOptions): Promise<RuntimeAccess> {
  const { plan, distDir } = access;
  const { storageFactories: factories } = plan.spec;
  const opened: Store[] = [];
  const open = async (kind: string, config: unknown, path: string): Promise<Store> => {
    const store = await openStore(kind, config, distDir, path);
    opened.push(store);
    return store;
  };
  const { services, keeps, dispose } = await openAgentServices(access);
  const closeAll = async () => {
    await Promise.all([dispose(), ...opened.map((store) => store.close())]);
  };
  try {
    const kv = factories.kv ?? kvOf(plan);
    const store = kv ? await open(kv.kind, kv.config, "storageFactories.kv") : services.store;
    const elsewhere: HarnessServices = {
      ...services,
      store,
      ...(factories.plans
        ? { plansStore: await open(factories.plans.kind, factories.plans.config, "storageFactories.plans") }
        : {}),
      ...(factories.memory
        ? {
            memoryStore: await open(
              factories.memory.kind,
              factories.memory.config,
              "storageFactories.memory",
            ),
          }
        : {}),
    };
    const runtime = new HarnessRuntime(plan, elsewhere);
    return {
      runtime,
      services: elsewhere,
      keeps: keeps && store.kind !== "memory",
      dispose: async () => {
        await runtime.dispose();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The store that the data environment names; its members are the factory's config. */
function kvOf({ dataEnvironment: { kv } }: RuntimePlan): { kind: string; config: unknown } | null {
  return kv ? { kind: kv.kind, config: kv } : null;
}

/** @throws SPEC_INVALID for a kind that there is not, STORE_UNAVAILABLE */
async function openStore(kind: string, config: unknown, distDir: string, path: string): Promise<Store> {
  switch (kind) {
    case "memory":
      return new MemoryStore();
    case "sqlite": {
      const folder = textOf(config, "path");
      if (folder === null)
        throw new AksaraError("SPEC_INVALID", `${path}.config.path: expected the folder of the store.`);
      return await SqliteStore.open({ folder, workerFile: sqliteWorkerPath(distDir) });
    }
    case "postgres":
    case "redis": {
      const url = textOf(config, "url");
      if (url === null)
        throw new AksaraError("SPEC_INVALID", `${path}.config.url: expected the address of the server.`);
      const { openSharedStore } = await import("../../storage/open-shared-store.ts");
      return await openSharedStore({ url, namespace: textOf(config, "namespace") ?? "aksara" });
    }
    default:
      throw new AksaraError(
        "SPEC_INVALID",
        `${path}.kind: expected memory, sqlite, postgres or redis, not "${kind}".`,
      );
  }
}

function textOf(config: unknown, member: string): string | null {
  if (typeof config !== "object" || config === null) return null;
  const value = (config as Readonly<Record<string, unknown>>)[member];
  return typeof value === "string" && value !== "" ? value : null;
}
