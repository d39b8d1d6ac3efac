import { AksaraError, isCancelled } from "../errors.ts";
import { failedPack } from "../flows/pack/failed.ts";
import type { FlowContext, FlowRequest } from "../protocol/action.ts";
import type { FlowRun } from "../protocol/execution.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";
import type { ExecutionServices } from "./execution-services.ts";
import { flowRunOf } from "./flow-run.ts";
import type { RunOptions } from "./run-options.ts";
import { runPromptPack } from "./run-prompt-pack.ts";

/** What running a flow needs: how packs are built, and how they are run. */
export interface FlowServices {
  /** A request that cannot be met gives a pack with `ok: false`. @throws CANCELLED */
  readonly buildPack: (
    request: FlowRequest,
    options: { signal?: AbortSignal | undefined },
  ) => Promise<PromptPack>;
  readonly execution: ExecutionServices;
}

export interface FlowOptions extends RunOptions {
  /** Hears the pack before it is run. */
  readonly onPack?: ((pack: PromptPack) => void) | undefined;
}

/**
 * Builds the pack of an action and runs it. The document is filled also when building failed, the provider failed, or
 * the flow was cancelled.
 */
export async function executeFlow(
  flowType: string,
  actionKey: string,
  context: FlowContext,
  options: FlowOptions,
  services: FlowServices,
): Promise<FlowRun> {
  options.onProgress?.({ stage: "building", message: "Reading the workspace" });
  const request: FlowRequest = {
    flow_type: flowType,
    action_key: actionKey,
    context,
    ...(options.providerOverride ? { provider_override: options.providerOverride } : {}),
    ...(options.modelOverride ? { model_override: options.modelOverride } : {}),
  };
  const pack = await buildOrCancel(request, options.signal, services);
  options.onPack?.(pack);
  if (!pack.ok) return flowRunOf(pack, null);
  return flowRunOf(pack, await runPromptPack(pack, options, services.execution, flowType));
}

/** A cancelled build rejects; a cancelled flow is a document. */
async function buildOrCancel(
  request: FlowRequest,
  signal: AbortSignal | undefined,
  services: FlowServices,
): Promise<PromptPack> {
  try {
    return await services.buildPack(request, { signal });
  } catch (error) {
    if (!isCancelled(error)) throw error;
    return failedPack(
      request,
      null,
      new AksaraError("CANCELLED", "The flow was cancelled.", { cause: error }),
    );
  }
}

/** Runs an action on a model, named as in the code, qualified or by its catalog id. */
export function executeModelFlow(
  modelName: string,
  actionKey: string,
  options: FlowOptions,
  services: FlowServices,
): Promise<FlowRun> {
  return executeFlow("model", actionKey, { model_name: modelName }, options, services);
}

/** Runs an action on a route. The method's case does not matter. */
export function executeRouteFlow(
  method: string,
  path: string,
  actionKey: string,
  options: FlowOptions,
  services: FlowServices,
): Promise<FlowRun> {
  return executeFlow("route", actionKey, { method, path }, options, services);
}

/** Runs an action on SQL given by hand. */
export function executeQueryFlow(
  sql: string,
  actionKey: string,
  options: FlowOptions,
  services: FlowServices,
): Promise<FlowRun> {
  return executeFlow("query", actionKey, { sql }, options, services);
}

export interface MigrationTarget {
  readonly id?: string;
  readonly app?: string;
  readonly name?: string;
}

/** Runs an action on a migration: its id, or its app and name; an app alone means the newest of that app. */
export function executeMigrationFlow(
  target: MigrationTarget,
  actionKey: string,
  options: FlowOptions,
  services: FlowServices,
): Promise<FlowRun> {
  const { id, ...named } = target;
  const context = { ...(id === undefined ? {} : { migration_id: id }), ...named };
  return executeFlow("migration", actionKey, context, options, services);
}

export interface DiagnosticTarget {
  readonly id?: string;
  readonly payload?: Record<string, unknown>;
}

/** Runs an action on all open issues, or on one: by its id, or as a document from elsewhere. */
export function executeDiagnosticFlow(
  target: DiagnosticTarget,
  actionKey: string,
  options: FlowOptions,
  services: FlowServices,
): Promise<FlowRun> {
  const context = {
    ...(target.id === undefined ? {} : { issue_id: target.id }),
    ...(target.payload === undefined ? {} : { issue_payload: target.payload }),
  };
  return executeFlow("diagnostic", actionKey, context, options, services);
}
