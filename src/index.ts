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
export { type EvalArtifact, EvalArtifactSchema, VOLATILE_KEYS } from "./harness/evals/artifact.ts";
export { type EvalEventEnvelope, EvalEventEnvelopeSchema } from "./harness/evals/eval-event.ts";
export { type EvalRequest, type EvalRequestInput, EvalRequestSchema } from "./harness/evals/eval-request.ts";
export type { EvalOptions } from "./harness/evals/run-eval.ts";
export type { Scorer } from "./harness/evals/scorer-spec.ts";
export type { ActionDispatcher, DispatchContext } from "./harness/execute-plan.ts";
export type { InterruptedRun } from "./harness/interrupted-runs.ts";
export type { QueryOptions } from "./harness/runtime.ts";
export type { RuntimeOptions } from "./harness/runtime-options.ts";
export {
  type AgentSpec,
  AgentSpecSchema,
  type ModelSpec,
  ModelSpecSchema,
} from "./harness/spec/agent-spec.ts";
export {
  type ApprovalOverrides,
  ApprovalOverridesSchema,
  type ApprovalPolicies,
  ApprovalPoliciesSchema,
  type ApprovalPolicy,
  type ApprovalPolicyPatch,
  ApprovalPolicyPatchSchema,
  ApprovalPolicySchema,
} from "./harness/spec/approval-policies.ts";
export {
  type DataEnvironment,
  DataEnvironmentSchema,
  type TestingConfig,
  TestingConfigSchema,
} from "./harness/spec/data-environment.ts";
export { type PlanSpec, PlanSpecSchema } from "./harness/spec/plan-spec.ts";
export { type ReferenceSpec, ReferenceSpecSchema } from "./harness/spec/reference-spec.ts";
export {
  defineRuntime,
  type RuntimeSpec,
  type RuntimeSpecInput,
  RuntimeSpecSchema,
  type ToolkitSpec,
  ToolkitSpecSchema,
} from "./harness/spec/runtime-spec.ts";
export {
  type StorageFactories,
  StorageFactoriesSchema,
  type StorageFactorySpec,
  StorageFactorySpecSchema,
} from "./harness/spec/storage-spec.ts";
export { defineTenant, type TenantIdentity, TenantIdentitySchema } from "./harness/spec/tenant.ts";
export { type ToolHandlerContext, type ToolSpec, ToolSpecSchema } from "./harness/spec/tool-spec.ts";
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
export { type CreateRuntimeOptions, createRuntime, type Runtime } from "./hosts/library/runtime.ts";
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
