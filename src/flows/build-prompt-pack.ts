import { AksaraError, isAksaraError, throwIfCancelled } from "../errors.ts";
import { type FlowContext, type FlowKind, type FlowRequest, flowContextSchema } from "../protocol/action.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";
import type { FlowAction } from "./actions/action.ts";
import type { ActionRegistry } from "./actions/registry.ts";
import type { BuiltFacts } from "./facts/built-facts.ts";
import { buildDiagnosticFacts } from "./facts/diagnostic-facts.ts";
import { buildMigrationFacts } from "./facts/migration-facts.ts";
import { buildModelFacts } from "./facts/model-facts.ts";
import { buildQueryFacts } from "./facts/query-facts.ts";
import { redactedWorkspace } from "./facts/redacted-workspace.ts";
import { buildRouteFacts } from "./facts/route-facts.ts";
import type { FlowWorkspace } from "./facts/workspace.ts";
import { assemblePack } from "./pack/assemble.ts";
import { failedPack } from "./pack/failed.ts";
import { Redactor } from "./pack/redaction.ts";

/** Largest prompt, in estimated tokens, when the caller names none. */
export const DEFAULT_TOKEN_BUDGET = 16_000;

export interface BuildOptions {
  readonly registry: ActionRegistry;
  /** Estimated tokens of both prompts together; context is dropped in a fixed order to stay below. */
  readonly tokenBudget?: number;
  readonly signal?: AbortSignal | undefined;
}

type FactsBuilder = (
  workspace: FlowWorkspace,
  action: FlowAction,
  context: FlowContext,
  signal: AbortSignal | undefined,
) => Promise<BuiltFacts>;

const BUILDERS: Readonly<Record<FlowKind, FactsBuilder>> = {
  model: buildModelFacts,
  route: buildRouteFacts,
  query: buildQueryFacts,
  migration: buildMigrationFacts,
  diagnostic: buildDiagnosticFacts,
};

/**
 * Builds the prompt pack of an action on an object. Deterministic: equal workspace bytes, action and arguments give
 * equal bytes. A request that cannot be met gives a pack with `ok: false`; only a cancelled build rejects.
 *
 * `open` is called after the action was checked: a wrong action costs no reading.
 */
export async function buildPromptPack(
  request: FlowRequest,
  open: () => Promise<FlowWorkspace>,
  options: BuildOptions,
): Promise<PromptPack> {
  let action: FlowAction | null = null;
  try {
    action = options.registry.require(request.flow_type, request.action_key);
    const redactor = new Redactor();
    const context = redactor.learn(parseContext(request.context));
    const workspace = await open();
    throwIfCancelled(options.signal);
    const readable = redactedWorkspace(workspace, redactor);
    const facts = await BUILDERS[action.kind](readable, action, context, options.signal);
    return await assemblePack({
      action,
      facts,
      context,
      provider: request.provider_override ?? "",
      model: request.model_override ?? "",
      tokenBudget: options.tokenBudget ?? DEFAULT_TOKEN_BUDGET,
      redactor,
      readText: (uri) => workspace.readText(uri),
    });
  } catch (error) {
    if (!isAksaraError(error) || error.code === "CANCELLED") throw error;
    return failedPack(request, action, error);
  }
}

function parseContext(context: unknown): FlowContext {
  const parsed = flowContextSchema.safeParse(context);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AksaraError(
    "CONTEXT_NOT_FOUND",
    `The context is not valid at "${issue?.path.join(".") ?? ""}".`,
    {
      hint: issue?.message ?? "Check the names and types of the context's members.",
    },
  );
}
