import type { AgentWorkspace } from "../../agent/workspace-port.ts";
import type { PostgresParser } from "../../database/sql/parse-postgres.ts";
import type { HarnessServices } from "../runtime.ts";
import type { RuntimePlan } from "../runtime-options.ts";

/** What evals stand on. */
export interface EvalServices {
  readonly workspace: AgentWorkspace;
  readonly sql: PostgresParser;
  /** What agents stand on, and which there are; asked for by the first case that needs them. */
  readonly agents: () => Promise<{ readonly plan: RuntimePlan; readonly services: HarnessServices }>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
