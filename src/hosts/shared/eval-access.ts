import type { AgentWorkspace } from "../../agent/workspace-port.ts";
import { PostgresParser } from "../../database/sql/parse-postgres.ts";
import type { EvalServices } from "../../harness/evals/eval-services.ts";
import { HUB_INTERPRETER } from "../../harness/models.ts";
import { readRuntime } from "../../harness/runtime-options.ts";
import { postgresParserPath } from "./asset-paths.ts";
import { openRuntime, type RuntimeAccess } from "./runtime-access.ts";
import { runtimeOfWorkspace } from "./runtime-file.ts";

export interface EvalAccess {
  readonly services: EvalServices;
  dispose(): Promise<void>;
}

/** What evals of a workspace stand on. Agents, with their stores, are opened by the first case that asks one. */
export function openEvals(workspace: AgentWorkspace, distDir: string): EvalAccess {
  const sql = new PostgresParser(postgresParserPath(distDir));
  let opened: Promise<RuntimeAccess> | null = null;
  const open = async () => {
    const plan = readRuntime(await runtimeOfWorkspace(workspace.roots), { interpreter: HUB_INTERPRETER });
    opened ??= openRuntime({ workspace, distDir, plan });
    return { plan, services: (await opened).services };
  };
  return {
    services: { workspace, sql, agents: open, now: Date.now },
    dispose: async () => {
      sql.dispose();
      await (await opened?.catch(() => null))?.dispose();
    },
  };
}
