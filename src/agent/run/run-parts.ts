import type { PostgresParser } from "../../database/sql/parse-postgres.ts";
import type { AgentMode } from "../../protocol/agent.ts";
import type { Store } from "../../storage/store.ts";
import type { Approver } from "../approvals/approver.ts";
import type { Policy } from "../approvals/decide.ts";
import type { Grants } from "../approvals/grants.ts";
import type { AgentDatabases } from "../databases.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import type { AgentHooks, AgentSettings } from "../options.ts";
import type { CallPolicy } from "../part.ts";
import type { Tool } from "../tools/tool.ts";
import type { AgentWorkspace } from "../workspace-port.ts";
import type { BudgetPool } from "./budget-pool.ts";
import type { RunClock } from "./run-clock.ts";
import type { RunLog } from "./run-log.ts";

/** What a run works with, the same for all its calls. */
export interface RunParts {
  readonly log: RunLog;
  /** Name on its events. */
  readonly agent: string;
  readonly sessionId: string;
  readonly settings: AgentSettings;
  readonly hooks: AgentHooks;
  readonly policy: Policy;
  readonly mode: AgentMode;
  /** What the maker of the run says about its calls. */
  readonly calls: CallPolicy;
  /** What it shares with other runs; null when it is alone. */
  readonly pool: BudgetPool | null;
  /** By name, sorted; what the model was offered. */
  readonly tools: readonly Tool[];
  readonly approver: Approver | null;
  readonly grants: Pick<Grants, "find" | "give">;
  readonly files: WorkspaceFiles;
  readonly workspace: AgentWorkspace;
  readonly store: Store;
  readonly sql: PostgresParser;
  readonly databases: AgentDatabases | null;
  /** Outputs of earlier runs of the session that were too long to be shown whole. */
  readonly references: readonly string[];
  readonly clock: RunClock;
  /** Fires when the run is cancelled, its time is up, or it was taken over. */
  readonly signal: AbortSignal;
}
