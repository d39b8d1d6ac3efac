import * as execution from "../../execution/execute-flow.ts";
import type { RunOptions } from "../../execution/run-options.ts";
import { runPromptPack as runPack } from "../../execution/run-prompt-pack.ts";
import type { FlowContext, FlowRequest } from "../../protocol/action.ts";
import type { ExecutionResult, FlowRun } from "../../protocol/execution.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import { openWorkspace, type Workspace } from "./open-workspace.ts";
import { parsePack } from "./parse-pack.ts";

/** The folder to work on, or an open workspace; the current folder when absent. An open one is left open. */
interface InWorkspace {
  readonly workspace?: string | Workspace | undefined;
}

export interface FlowOptions extends execution.FlowOptions, InWorkspace {}
export interface PackOptions extends RunOptions, InWorkspace {}

export interface BuildOptions extends InWorkspace {
  /** Largest prompt, in estimated tokens. */
  readonly tokenBudget?: number;
  readonly signal?: AbortSignal;
}

/** Builds the prompt pack of an action. A request that cannot be met gives a pack with `ok: false`. @throws CANCELLED */
export function buildPromptPack(request: FlowRequest, options: BuildOptions = {}): Promise<PromptPack> {
  const { workspace, ...build } = options;
  return within(workspace, (open) => open.buildPack(request, build));
}

/**
 * Sends a prompt pack to a language model. The pack may be one that was built here, or a plain document with at least
 * both prompts. Every failure is in the result.
 * @throws INVALID_REQUEST for something that is no pack
 */
export async function runPromptPack(pack: unknown, options: PackOptions = {}): Promise<ExecutionResult> {
  const { workspace, ...run } = options;
  const parsed = parsePack(pack);
  return await within(workspace, (open) => runPack(parsed, run, open.execution()));
}

/** Builds the pack of an action and runs it; every failure is in the document. */
export function executeFlow(
  flowType: string,
  actionKey: string,
  context: FlowContext,
  options: FlowOptions = {},
): Promise<FlowRun> {
  return inServices(options, (run, services) =>
    execution.executeFlow(flowType, actionKey, context, run, services),
  );
}

export function executeModelFlow(
  modelName: string,
  actionKey: string,
  options: FlowOptions = {},
): Promise<FlowRun> {
  return inServices(options, (run, services) =>
    execution.executeModelFlow(modelName, actionKey, run, services),
  );
}

export function executeRouteFlow(
  method: string,
  path: string,
  actionKey: string,
  options: FlowOptions = {},
): Promise<FlowRun> {
  return inServices(options, (run, services) =>
    execution.executeRouteFlow(method, path, actionKey, run, services),
  );
}

export function executeQueryFlow(
  sql: string,
  actionKey: string,
  options: FlowOptions = {},
): Promise<FlowRun> {
  return inServices(options, (run, services) => execution.executeQueryFlow(sql, actionKey, run, services));
}

export function executeMigrationFlow(
  target: execution.MigrationTarget,
  actionKey: string,
  options: FlowOptions = {},
): Promise<FlowRun> {
  return inServices(options, (run, services) =>
    execution.executeMigrationFlow(target, actionKey, run, services),
  );
}

export function executeDiagnosticFlow(
  target: execution.DiagnosticTarget,
  actionKey: string,
  options: FlowOptions = {},
): Promise<FlowRun> {
  return inServices(options, (run, services) =>
    execution.executeDiagnosticFlow(target, actionKey, run, services),
  );
}

function inServices(
  options: FlowOptions,
  start: (run: execution.FlowOptions, services: execution.FlowServices) => Promise<FlowRun>,
): Promise<FlowRun> {
  const { workspace, ...run } = options;
  return within(workspace, (open) =>
    start(run, {
      buildPack: (request, build) => open.buildPack(request, build),
      execution: open.execution(),
    }),
  );
}

/** Uses the workspace, and closes it again when it was opened for this. */
async function within<Result>(
  workspace: string | Workspace | undefined,
  use: (open: Workspace) => Promise<Result>,
): Promise<Result> {
  if (typeof workspace === "object") return await use(workspace);
  const opened = openWorkspace(workspace ?? process.cwd());
  try {
    return await use(opened);
  } finally {
    await opened.dispose();
  }
}
