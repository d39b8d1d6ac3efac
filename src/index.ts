/** The library: build prompt packs of a folder and run them, as the editor and the command line do. */
export type { AgentSession } from "./agent/agent-runtime.ts";
export { type Approver, PendingApprovals } from "./agent/approvals/approver.ts";
export type { Grant } from "./agent/approvals/grants.ts";
export { type AgentSettings, DEFAULT_TOOLS, type TaskOptions } from "./agent/options.ts";
export type { ToolFileQuestion } from "./agent/tool-files/tool-files.ts";
export { defineTool, type Tool, type ToolContext, type ToolOutput } from "./agent/tools/tool.ts";
export {
  AksaraError,
  type AksaraErrorOptions,
  codeOf,
  ERROR_CODES,
  type ErrorCode,
  isAksaraError,
  isCancelled,
  isErrorCode,
} from "./errors.ts";
export {
  type Credential,
  type CredentialReader,
  type CredentialStore,
  environmentCredentials,
  firstCredential,
  MemoryCredentials,
} from "./execution/credentials.ts";
export type { RunLimits } from "./execution/run-budget.ts";
export type { RunProgress } from "./execution/run-options.ts";
export type { Claim, Verification, Verifier } from "./execution/verifier.ts";
export {
  isAuthFailure,
  isBudgetExceeded,
  isContentFiltered,
  isContextOverflow,
  isNotConfigured,
  isOverloaded,
  isQuotaExhausted,
  isRateLimit,
  isTargetFailure,
  isUnreachable,
} from "./failure-guards.ts";
export type { FlowAction } from "./flows/actions/action.ts";
export { ActionRegistry, describeAction } from "./flows/actions/registry.ts";
export { AgentRuntime, type AgentRuntimeOptions, type OwnDatabase } from "./hosts/library/agent-runtime.ts";
export {
  type BuildOptions,
  buildPromptPack,
  executeDiagnosticFlow,
  executeFlow,
  executeMigrationFlow,
  executeModelFlow,
  executeQueryFlow,
  executeRouteFlow,
  type FlowOptions,
  type PackOptions,
  runPromptPack,
} from "./hosts/library/flows.ts";
export { openWorkspace, type Workspace, type WorkspaceOptions } from "./hosts/library/open-workspace.ts";
export { documentText } from "./hosts/shared/document-text.ts";
export type { ActionDescriptor, FlowContext, FlowKind, FlowRequest, Risk } from "./protocol/action.ts";
export type {
  AgentEvent,
  AgentResult,
  ApprovalAnswer,
  ApprovalRequest,
} from "./protocol/agent.ts";
export type { ExecutionResult, FlowRun, RunEvent, Suggestion, Verdict } from "./protocol/execution.ts";
export type { Finding, Tier } from "./protocol/finding.ts";
export type { Evidence, PromptPack } from "./protocol/prompt-pack.ts";
