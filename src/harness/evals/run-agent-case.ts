import { AgentRuntime } from "../../agent/agent-runtime.ts";
import type { HeldBack } from "../../agent/files/workspace-files.ts";
import { NO_POLICY } from "../../agent/part.ts";
import type { AgentModel } from "../../agent/run/agent-run.ts";
import { AksaraError } from "../../errors.ts";
import type { AgentEvent, ApprovalAnswer } from "../../protocol/agent.ts";
import { ScriptedConnector } from "../../providers/connectors/scripted-connector.ts";
import { newTraceId } from "../../records/run-trace.ts";
import { HUB_INTERPRETER } from "../models.ts";
import { HarnessRuntime, type HarnessServices } from "../runtime.ts";
import { type RuntimePlan, readRuntime } from "../runtime-options.ts";
import { HUB_MODEL } from "../spec/agent-spec.ts";
import type { RuntimeSpecInput } from "../spec/runtime-spec.ts";
import { AgentOutcome } from "./agent-outcome.ts";
import type { EvalCase, EvalTarget, Recording } from "./eval-request.ts";
import type { EvalServices } from "./eval-services.ts";
import { answersOf, heldDispatcher, toolsOfEval } from "./eval-tools.ts";
import type { Outcome } from "./outcome.ts";
import { demandTrust, replayed, SCRIPTED } from "./replay.ts";

type AgentTarget = Exclude<EvalTarget, { kind: "flow" }>;
type Answer = (event: Extract<AgentEvent, { type: "approval" }>["request"]) => ApprovalAnswer;

/** Whatever an agent changes in an eval stays off the disk. */
const HELD_BACK = { sandboxMode: true } as const;

/** Where a run of a case belongs. */
export interface EvalPlace {
  readonly services: EvalServices;
  readonly signal: AbortSignal;
  readonly evalRunId: string;
  readonly repeat: number;
}

/** Asks agents as a person would, with all changes held back. @throws CANCELLED, SPEC_INVALID, and what asking throws */
export async function runAgentCase(each: EvalCase, target: AgentTarget, place: EvalPlace): Promise<Outcome> {
  demandTrust(place.services.workspace.execution());
  const { plan, services } = await place.services.agents();
  const recording = each.recording ?? null;
  const own = servicesOf(services, recording);
  const outcome = new AgentOutcome();
  const answer = answersOf(recording);
  const events =
    target.kind === "single-agent"
      ? askSingle(each, target, own, recording, place, answer)
      : askRuntime(each, target, own, plan, recording, place, answer);
  for await (const event of events) outcome.add(event);
  return outcome.result();
}

/** The same tools and files, but nothing outside is reached, and of a recording nothing but what it says. */
function servicesOf(services: HarnessServices, recording: Recording | null): HarnessServices {
  const { workspace } = services;
  const { trial } = workspace;
  const execution = () =>
    recording === null
      ? workspace.execution()
      : replayed(workspace.execution(), (name) => recording.scripts[agentOf(name)] ?? null);
  return {
    ...services,
    tools: toolsOfEval(services.tools, recording),
    workspace: {
      roots: workspace.roots,
      ...(trial ? { trial } : {}),
      view: (signal) => workspace.view(signal),
      buildPack: (request, options) => workspace.buildPack(request, options),
      run: (request, options) => workspace.run(request, options),
      refresh: (uris) => workspace.refresh(uris),
      execution,
    },
  };
}

async function* askRuntime(
  { id, input }: EvalCase,
  target: Exclude<AgentTarget, { kind: "single-agent" }>,
  services: HarnessServices,
  plan: RuntimePlan,
  recording: Recording | null,
  { signal, evalRunId, repeat }: EvalPlace,
  answer: Answer,
): AsyncIterable<AgentEvent> {
  const runtime = new HarnessRuntime(planOf(plan, target, recording), services);
  const thread = `eval-${evalRunId.slice(0, 20)}-${repeat}-${id}`;
  const options = {
    signal,
    labels: labelsOf(evalRunId, id),
    heldBack: heldBackOf(recording),
    approvals: "wait" as const,
  };
  try {
    const events =
      target.kind === "specialist"
        ? runtime.runSpecialist(target.name, String(input), thread, options)
        : runtime.query(String(input), thread, null, options);
    for await (const event of events) {
      if (event.type === "approval") {
        const { outcome, ...more } = answer(event.request);
        await runtime.respondToApproval(event.id, outcome, more);
      }
      yield event;
    }
  } finally {
    await runtime.dispose();
  }
}

function askSingle(
  { id, input }: EvalCase,
  target: Extract<AgentTarget, { kind: "single-agent" }>,
  services: HarnessServices,
  recording: Recording | null,
  { signal, evalRunId, repeat, services: { now } }: EvalPlace,
  answer: Answer,
): AsyncIterable<AgentEvent> {
  const { provider = null, model = null, mode, maxIterations } = target;
  const tools =
    target.tools ?? services.tools.list().flatMap((tool) => (tool.class === "system" ? [] : [tool.name]));
  const agents = new AgentRuntime(services, {
    provider,
    model,
    mode,
    maxIterations,
    tools: [...tools],
    ...HELD_BACK,
    allowSystemTools: recording !== null,
    approver: { ask: async (request) => answer(request) },
  });
  const thread = `eval-${evalRunId.slice(0, 20)}-${repeat}-${id}`;
  return agents.partStream(
    {
      runId: newTraceId(now()),
      agent: "agent",
      role: null,
      sessionId: thread,
      isTurn: false,
      lease: null,
      before: [],
      ownTools: [],
      model: recording === null ? null : scriptedModel(recording),
      promptCacheKey: null,
      policy: NO_POLICY,
      pool: null,
      plan: null,
      labels: { ...labelsOf(evalRunId, id), thread },
      heldBack: heldBackOf(recording),
    },
    String(input),
    { signal },
  );
}

function scriptedModel({ scripts }: Recording): AgentModel {
  const script = scripts[""];
  if (!script)
    throw new AksaraError(
      "EVAL_REQUEST_INVALID",
      'The recording has no answers of the single agent (scripts[""]).',
    );
  const model = script.model ?? SCRIPTED;
  return {
    connector: new ScriptedConnector(async () => script, model),
    kind: "scripted",
    provider: SCRIPTED,
    model,
  };
}

const REPLAY = "replay ";

function agentOf(provider: string): string {
  return provider.startsWith(REPLAY) ? provider.slice(REPLAY.length) : provider;
}

/** The runtime with its changes held back; of a recording, each agent with a provider of its own that repeats it. */
function planOf(
  { spec, options }: RuntimePlan,
  { provider, model, mode, maxIterations }: Exclude<AgentTarget, { kind: "single-agent" }>,
  recording: Recording | null,
): RuntimePlan {
  const settings = {
    ...options.settings,
    ...(mode ? { mode } : {}),
    ...(maxIterations ? { maxIterations } : {}),
    ...HELD_BACK,
    allowSystemTools: recording !== null,
  };
  const dispatcher = options.actionDispatcher ? { actionDispatcher: heldDispatcher(recording) } : {};
  if (recording === null)
    return readRuntime(spec, {
      ...options,
      ...dispatcher,
      settings,
      interpreter: provider ?? options.interpreter ?? HUB_INTERPRETER,
      ...(model ? { defaultModel: model } : {}),
    });
  const scripted = {
    ...spec,
    agents: spec.agents.map((agent) => ({
      ...agent,
      model: { id: HUB_MODEL, provider: `${REPLAY}${agent.name}` },
    })),
    providers: Object.fromEntries(spec.agents.map(({ name }) => [`${REPLAY}${name}`, { kind: "scripted" }])),
  };
  const { testing: _, defaultModel: __, ...rest } = options;
  return readRuntime(scripted as unknown as RuntimeSpecInput, {
    ...rest,
    ...dispatcher,
    // They stand in the spec already, with their handlers.
    toolBindings: undefined,
    settings,
    interpreter: HUB_INTERPRETER,
  });
}

function labelsOf(evalRunId: string, testCaseId: string): Readonly<Record<string, string>> {
  return { evalRunId, testCaseId };
}

/** Files as they were when it was recorded. */
function heldBackOf(recording: Recording | null): HeldBack {
  return new Map(
    Object.entries(recording?.files ?? {}).map(([uri, text]) => [
      uri,
      text === null ? null : Buffer.from(text),
    ]),
  );
}
