import { AksaraError, isAksaraError } from "../../../errors.ts";
import { HUB_INTERPRETER } from "../../../harness/models.ts";
import type { HarnessRuntime } from "../../../harness/runtime.ts";
import { readRuntime } from "../../../harness/runtime-options.ts";
import { planText } from "../../../harness/toolkit-tools.ts";
import type { AgentEvent, AgentResult, ApprovalAnswer } from "../../../protocol/agent.ts";
import { newTraceId } from "../../../records/run-trace.ts";
import { distDirectory } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import { openRuntime } from "../../shared/runtime-access.ts";
import { runtimeOfWorkspace } from "../../shared/runtime-file.ts";
import { promptApprover, requestText } from "../approval-prompt.ts";
import type { CliContext, CliGroup, CliLeaf, CliOption, ParsedArguments } from "../context.ts";
import { LinePrompt } from "../line-prompt.ts";
import { bold, columns, dim, EXIT, UsageError } from "../output.ts";
import { readSettingOptions, SETTING_OPTIONS } from "../setting-options.ts";
import { exitCodeOf, showRun } from "../show-run.ts";

const RUN_OPTIONS: Readonly<Record<string, CliOption>> = {
  ...SETTING_OPTIONS,
  provider: {
    type: "string",
    value: "P",
    summary: "a provider for all agents, in place of the configured one",
  },
  model: { type: "string", value: "M", summary: "a model for the agents that name none" },
  "stream-json": { type: "boolean", summary: "events as they happen, one JSON document a line" },
};

const query: CliLeaf = {
  type: "leaf",
  summary: "ask the agents of the workspace; questions that nobody answers here wait for you",
  positionals: '"PROMPT"',
  options: {
    thread: { type: "string", value: "T", summary: "the conversation to go on with; a new one when absent" },
    agent: { type: "string", value: "NAME", summary: "one agent, past the coordinator" },
    ...RUN_OPTIONS,
  },
  run: async (args, context) => {
    const prompt = args.positionals.join(" ").trim();
    if (prompt === "")
      throw new UsageError('There is no prompt. Give one in quotes: aksara runtime query "…".');
    const thread = args.string("thread") ?? `thread-${newTraceId(Date.now()).slice(0, 20)}`;
    const name = args.string("agent");
    return await work(args, context, (runtime, options) =>
      name === undefined
        ? runtime.query(prompt, thread, null, options)
        : runtime.runSpecialist(name, prompt, thread, options),
    );
  },
};

const resume: CliLeaf = {
  type: "leaf",
  summary: "go on with a run that waited, was stopped, or died",
  positionals: "RUN",
  options: RUN_OPTIONS,
  run: async (args, context) => {
    const [token, ...others] = args.positionals;
    if (token === undefined || others.length > 0)
      throw new UsageError('Name one run: "aksara runtime threads" lists those that can be gone on with.');
    return await work(args, context, (runtime, options) => runtime.resume(token, options));
  },
};

const approvals: CliLeaf = {
  type: "leaf",
  summary: "list what waits for you, or answer one: approve ID, reject ID, revise ID",
  positionals: "[approve|reject|revise ID]",
  options: {
    feedback: { type: "string", value: "TEXT", summary: "what the agent is told" },
    partial: {
      type: "string",
      value: "JSON",
      summary: "with revise: merged into what was proposed, which runs then",
    },
  },
  run: async (args, context) => {
    const [outcome, id, ...others] = args.positionals;
    if (outcome === undefined)
      return await withRuntime(context, {}, (runtime) => listApprovals(runtime, context));
    if (outcome !== "approve" && outcome !== "reject" && outcome !== "revise")
      throw new UsageError(`An approval is answered with approve, reject or revise, not "${outcome}".`);
    if (id === undefined || others.length > 0) throw new UsageError(`Name one approval: ${outcome} ID.`);
    const more = answerOf(args);
    return await withRuntime(context, {}, async (runtime) => {
      const gate = await runtime.respondToApproval(await wholeId(id, runtime), outcome, more);
      if (context.options.format === "json") context.terminal.out(documentText(gate));
      else
        context.terminal.out(
          `${gate.request.tool}: ${outcome}. "aksara runtime resume ${gate.rootRunId}" goes on with the run.\n`,
        );
      return EXIT.ok;
    });
  },
};

const threads: CliLeaf = {
  type: "leaf",
  summary: "list conversations and the runs that can be gone on with, or show one with its plans",
  positionals: "[THREAD]",
  options: {},
  run: async (args, context) => {
    const [id] = args.positionals;
    return await withRuntime(context, {}, (runtime) =>
      id === undefined ? listThreads(runtime, context) : showThread(id, runtime, context),
    );
  },
};

const agents: CliLeaf = {
  type: "leaf",
  summary: "list the agents of the workspace, and check its .aksara/runtime file",
  positionals: "",
  options: {},
  run: async (_args, context) => {
    const workspace = await context.openWorkspace();
    const spec = await runtimeOfWorkspace(workspace.roots);
    const rows = spec.agents.map(({ name, role, model, toolkits, routes }) => [
      bold(context.terminal, name),
      role,
      model.id,
      toolkits.join(", "),
      routes.length === 0 ? "" : `→ ${routes.join(", ")}`,
    ]);
    context.terminal.out(context.options.format === "json" ? documentText(spec) : `${columns(rows)}\n`);
    return EXIT.ok;
  },
};

export const runtimeCommand: CliGroup = {
  type: "group",
  summary: "agents that work together: a coordinator, a planner, an executor, specialists",
  commands: { query, resume, approvals, threads, agents },
};

type Options = NonNullable<Parameters<HarnessRuntime["query"]>[3]>;

/** Runs something, shows it, and asks at the prompt where there is one. */
async function work(
  args: ParsedArguments,
  context: CliContext,
  start: (runtime: HarnessRuntime, options: Options) => AsyncIterable<AgentEvent>,
): Promise<number> {
  const streamed = args.flag("stream-json");
  const { terminal, options, signal } = context;
  const isAsked = process.stdin.isTTY === true && options.format === "text" && !streamed;
  const prompt = isAsked ? new LinePrompt(terminal) : null;
  const approver = prompt && promptApprover(prompt, terminal);
  const given = {
    settings: readSettingOptions(args),
    provider: args.string("provider"),
    model: args.string("model"),
  };
  try {
    return await withRuntime(context, given, async (runtime) => {
      const events = start(runtime, { signal, approvals: approver ? "wait" : "leave-open" });
      const result = await showRun(
        events,
        {
          streamed,
          resumeWith: "aksara runtime resume",
          onEvent: async (event) => {
            if (event.type !== "approval" || !approver) return;
            const { outcome, ...more } = await approver.ask(event.request, signal);
            await runtime.respondToApproval(event.id, outcome, more).catch(ignoreAnswered);
          },
        },
        context,
      );
      if (!streamed && options.format === "json") terminal.out(documentText(result));
      if (result.stopReason === "waiting" && options.format === "text")
        await tellWaiting(result, runtime, context);
      return exitCodeOf(result);
    });
  } finally {
    prompt?.dispose();
  }
}

/** Somebody else was faster: the run goes on with their answer. */
function ignoreAnswered(error: unknown): void {
  if (!isAksaraError(error) || error.code !== "APPROVAL_ALREADY_ANSWERED") throw error;
}

async function tellWaiting(result: AgentResult, runtime: HarnessRuntime, context: CliContext): Promise<void> {
  const gates = (await runtime.listPendingApprovals()).filter(({ rootRunId }) => rootRunId === result.runId);
  for (const gate of gates) {
    context.terminal.err(requestText(gate.request, context.terminal));
    context.terminal.err(
      `${dim(context.terminal, `aksara runtime approvals approve ${gate.id} lets ${gate.agent} do it.`)}\n`,
    );
  }
}

interface Given {
  readonly settings?: ReturnType<typeof readSettingOptions>;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

async function withRuntime(
  context: CliContext,
  { settings, provider, model }: Given,
  use: (runtime: HarnessRuntime) => Promise<number>,
): Promise<number> {
  const workspace = await context.openWorkspace();
  const plan = readRuntime(await runtimeOfWorkspace(workspace.roots), {
    interpreter: provider ?? HUB_INTERPRETER,
    ...(model === undefined ? {} : { defaultModel: model }),
    ...(settings === undefined ? {} : { settings }),
  });
  const access = await openRuntime({ workspace, distDir: distDirectory(), plan });
  try {
    return await use(access.runtime);
  } finally {
    await access.dispose();
  }
}

function answerOf(args: ParsedArguments): Pick<ApprovalAnswer, "feedback" | "partial"> {
  const [feedback, text] = [args.string("feedback"), args.string("partial")];
  if (text === undefined) return feedback === undefined ? {} : { feedback };
  const partial = objectOf(text);
  if (partial === null) throw new UsageError(`--partial is a JSON object, not "${text}".`);
  return { ...(feedback === undefined ? {} : { feedback }), partial };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Gates have long names; the beginning of one is enough where only one begins so. */
async function wholeId(id: string, runtime: HarnessRuntime): Promise<string> {
  const fitting = (await runtime.listPendingApprovals()).filter((gate) => gate.id.startsWith(id));
  const [only, another] = fitting;
  if (another)
    throw new AksaraError("INVALID_REQUEST", `Several approvals begin with ${id}.`, {
      candidates: fitting.map((gate) => gate.id),
    });
  return only?.id ?? id;
}

async function listApprovals(runtime: HarnessRuntime, { terminal, options }: CliContext): Promise<number> {
  const gates = await runtime.listPendingApprovals();
  if (options.format === "json") terminal.out(documentText({ approvals: gates }));
  else if (gates.length === 0) terminal.out("Nothing waits for you.\n");
  else
    for (const gate of gates) {
      terminal.out(requestText(gate.request, terminal));
      terminal.out(
        `${dim(terminal, `${gate.agent} · ${gate.askedAt} · thread ${gate.threadId}\n${gate.id}`)}\n`,
      );
    }
  return EXIT.ok;
}

async function listThreads(runtime: HarnessRuntime, { terminal, options }: CliContext): Promise<number> {
  const [all, interrupted] = [await runtime.listThreads(), await runtime.listInterrupted()];
  if (options.format === "json") {
    terminal.out(documentText({ threads: all, interrupted }));
    return EXIT.ok;
  }
  if (all.length === 0) terminal.out("There is no conversation yet.\n");
  else {
    const rows = all.map(({ id, runs }) => {
      const asked = runs.filter(({ task }) => task !== null);
      return [
        bold(terminal, id),
        `${asked.length} runs`,
        runs.at(-1)?.startedAt ?? "",
        oneLine(asked.at(-1)?.task ?? ""),
      ];
    });
    terminal.out(`${columns(rows)}\n`);
  }
  for (const { resumeToken, reason, task } of interrupted)
    terminal.out(`${dim(terminal, `${reason}: ${oneLine(task)} (aksara runtime resume ${resumeToken})`)}\n`);
  return EXIT.ok;
}

async function showThread(
  id: string,
  runtime: HarnessRuntime,
  { terminal, options }: CliContext,
): Promise<number> {
  const thread = (await runtime.listThreads()).find((each) => each.id === id);
  if (!thread) throw new AksaraError("CONTEXT_NOT_FOUND", `There is no conversation ${id}.`);
  const plans = await runtime.listPlans(id);
  if (options.format === "json") {
    terminal.out(documentText({ thread, plans }));
    return EXIT.ok;
  }
  const rows = thread.runs
    .filter(({ task }) => task !== null)
    .map(({ runId, agent, progress, startedAt, task }) => [
      startedAt,
      agent,
      progress,
      runId,
      oneLine(task ?? ""),
    ]);
  terminal.out(`${columns(rows)}\n`);
  for (const plan of plans) terminal.out(`\n${planText(plan)}\n`);
  return EXIT.ok;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 80 ? line : `${line.slice(0, 80)}…`;
}
