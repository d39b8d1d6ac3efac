import type { FlowOptions } from "../execution/execute-flow.ts";
import type { ExecutionServices } from "../execution/execution-services.ts";
import type { FlowRequest } from "../protocol/action.ts";
import type { FlowRun } from "../protocol/execution.ts";
import type { Finding } from "../protocol/finding.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";
import type { Catalog } from "../workspace/catalog.ts";
import type { WorkspaceRoot } from "../workspace/index/workspace-index.ts";
import type { WorkspaceTrial } from "./workspace-trial.ts";

/** The open workspace, as the agent needs it. A host's workspace is one. Port. */
export interface AgentWorkspace {
  readonly roots: readonly WorkspaceRoot[];
  view(signal?: AbortSignal): Promise<{ readonly catalog: Catalog; readonly findings: readonly Finding[] }>;
  buildPack(request: FlowRequest, options?: { signal?: AbortSignal | undefined }): Promise<PromptPack>;
  run(
    request: FlowRequest,
    options?: Omit<FlowOptions, "providerOverride" | "modelOverride">,
  ): Promise<FlowRun>;
  execution(): ExecutionServices;
  /** Tries what is not written yet; absent where the host cannot. */
  readonly trial?: WorkspaceTrial;
  /** Files were changed. */
  refresh(uris?: readonly string[]): void;
}
