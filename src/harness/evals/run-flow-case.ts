import { flowRunOf } from "../../execution/flow-run.ts";
import { runPromptPack } from "../../execution/run-prompt-pack.ts";
import type { FlowRequest } from "../../protocol/action.ts";
import type { EvalCase, EvalTarget } from "./eval-request.ts";
import type { EvalServices } from "./eval-services.ts";
import type { Outcome } from "./outcome.ts";
import { replayed, SCRIPTED } from "./replay.ts";

/** Builds the pack of a case and, where its answer is looked at, runs it. @throws CANCELLED */
export async function runFlowCase(
  { input, recording }: EvalCase,
  target: Extract<EvalTarget, { kind: "flow" }>,
  { workspace }: Pick<EvalServices, "workspace">,
  signal: AbortSignal,
): Promise<Outcome> {
  const started = performance.now();
  const request = input as FlowRequest;
  const pack = await workspace.buildPack(request, { signal });
  if (target.part === "pack" || !pack.ok)
    return {
      text: pack.ok ? `${pack.system_prompt}\n\n${pack.user_prompt}` : (pack.error ?? ""),
      document: target.part === "pack" ? pack : flowRunOf(pack, null),
      pack,
      execution: null,
      calls: [],
      files: [],
      tokens: pack.token_estimate,
      costUsd: 0,
      elapsedMs: performance.now() - started,
      traceId: null,
      failure: pack.ok ? null : { code: pack.error_code ?? "RUNTIME_ERROR", message: pack.error ?? "" },
    };
  const script = recording?.scripts[""] ?? null;
  const services = recording ? replayed(workspace.execution(), () => script) : workspace.execution();
  const execution = await runPromptPack(
    pack,
    recording
      ? { providerOverride: SCRIPTED, modelOverride: script?.model ?? SCRIPTED, signal }
      : { providerOverride: target.provider, modelOverride: target.model, signal },
    services,
    request.flow_type,
  );
  return {
    text: execution.response,
    document: flowRunOf(pack, execution),
    pack,
    execution,
    calls: [],
    files: [],
    tokens: execution.tokens.total,
    costUsd: execution.cost_usd,
    elapsedMs: performance.now() - started,
    traceId: execution.trace_id,
    failure: execution.ok
      ? null
      : { code: execution.error_code ?? "RUNTIME_ERROR", message: execution.error ?? "" },
  };
}
