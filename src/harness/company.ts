import type { AgentRuntime } from "../agent/agent-runtime.ts";
import type { AgentSettingsInput, TaskOptions } from "../agent/options.ts";
import type { AgentPart } from "../agent/part.ts";
import type { ToolRegistry } from "../agent/tools/registry.ts";
import type { ExecutionServices } from "../execution/execution-services.ts";
import type { Threads } from "../records/threads.ts";
import type { Store } from "../storage/store.ts";
import type { ActionDispatcher } from "./execute-plan.ts";
import type { GateKeeper } from "./gate-keeper.ts";
import type { HandlerParts } from "./host-tools.ts";
import type { Models } from "./models.ts";
import type { Predicates } from "./policies.ts";
import type { RuntimeSpec } from "./spec/runtime-spec.ts";
import type { Turns } from "./turns.ts";

/** What the agents of a runtime work with, the same for all of them. */
export interface Company {
  readonly spec: RuntimeSpec;
  readonly agents: AgentRuntime;
  readonly models: Models;
  /** Tools of the host's registry. */
  readonly registry: ToolRegistry;
  readonly execution: () => ExecutionServices;
  readonly keeper: GateKeeper;
  readonly threads: Threads;
  /** Journals and contents. */
  readonly store: Store;
  readonly turns: Turns;
  readonly handlers: HandlerParts;
  readonly predicates: Predicates;
  readonly dispatcher: ActionDispatcher | null;
  readonly settings: AgentSettingsInput;
}

/** A run that is ready to begin, or to go on. */
export interface Casting {
  readonly part: AgentPart;
  readonly options: TaskOptions;
}
