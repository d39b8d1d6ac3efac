import type { TaskOptions } from "../../../agent/options.ts";
import { DEFAULT_TOOLS } from "../../../agent/options.ts";
import { shippedTools } from "../../../agent/tools/shipped.ts";
import type { AgentResult } from "../../../protocol/agent.ts";
import { type AgentAccess, openAgents, resetApprovals } from "../../shared/agent-access.ts";
import { environmentDatabases } from "../../shared/agent-databases.ts";
import { distDirectory } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import { type ConnectedServers, connectMcpServers } from "../../shared/mcp-servers.ts";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import { promptApprover, promptForToolFile } from "../approval-prompt.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { LinePrompt } from "../line-prompt.ts";
import { columns, dim, EXIT, UsageError } from "../output.ts";
import { promptForServer } from "../server-prompt.ts";
import { readSettingOptions, SETTING_OPTIONS } from "../setting-options.ts";
import { exitCodeOf, showRun } from "../show-run.ts";

export const agentCommand: CliLeaf = {
  type: "leaf",
  summary: "let an agent work on a task, with your approval of what it changes",
  positionals: '["TASK"]',
  options: {
    interactive: { type: "boolean", summary: "a conversation at the prompt; approvals are asked there" },
    tools: {
      type: "string",
      value: "A,B",
      summary: `tools the agent may use, or "all" (default: ${DEFAULT_TOOLS.join(", ")})`,
    },
    ...SETTING_OPTIONS,
    provider: { type: "string", value: "P", summary: "a provider, in place of the configured one" },
    model: { type: "string", value: "M", summary: "a model, in place of the configured one" },
    resume: { type: "string", value: "RUN", summary: "go on with a run that was stopped" },
    undo: { type: "string", value: "RUN", summary: "take back what a run changed in files" },
    step: { type: "string", value: "CALL", summary: "with --undo: only this step" },
    approvals: { type: "boolean", summary: "list the approvals that hold for longer than one call" },
    "reset-approvals": { type: "boolean", summary: "take all of them back" },
    "stream-json": { type: "boolean", summary: "events as they happen, one JSON document a line" },
  },
  run: runAgent,
};

async function runAgent(args: ParsedArguments, context: CliContext): Promise<number> {
  const task = args.positionals.join(" ").trim();
  const [resume, undo, interactive] = [args.string("resume"), args.string("undo"), args.flag("interactive")];
  const managed = args.flag("approvals") || args.flag("reset-approvals");
  if (task === "" && !interactive && resume === undefined && undo === undefined && !managed)
    throw new UsageError('There is no task. Give one in quotes, or use "--interactive".');
  const options = optionsOf(args);
  const workspace = await context.openWorkspace();
  const asks = interactive || (process.stdin.isTTY === true && context.options.format === "text");
  const prompt = asks ? new LinePrompt(context.terminal) : null;
  const everything = options.tools?.length === 1 && options.tools[0] === "all";
  const wantsMore = everything || options.tools?.some((name) => shippedTools().find(name) === null) === true;
  const access = await openAgents({
    workspace,
    distDir: distDirectory(),
    databaseSecrets: environmentDatabases(process.env),
    // Who names no tool of a file is not asked about it.
    ...(prompt && wantsMore ? { askForToolFile: promptForToolFile(prompt, context.terminal) } : {}),
  });
  if (wantsMore && !context.options.quiet)
    for (const { uri, why } of access.leftToolFiles)
      context.terminal.err(`${uri} is no tool of this run: ${why}.\n`);
  const servers =
    managed || undo !== undefined ? null : await connectServers(access, workspace, prompt, context);
  const whole: TaskOptions = {
    ...options,
    ...(everything ? { tools: access.tools.list().map(({ name }) => name) } : {}),
    ...(options.tools === undefined && servers && servers.tools.length > 0
      ? { tools: [...usualTools(access), ...servers.tools.map(({ name }) => name)] }
      : {}),
    signal: context.signal,
    ...(prompt ? { approver: promptApprover(prompt, context.terminal) } : {}),
  };
  try {
    if (managed) return await manageApprovals(access, args.flag("reset-approvals"), context);
    if (undo !== undefined) return await undoRun(undo, args.string("step"), access, context);
    if (interactive && prompt) return await converse(task, whole, prompt, access, args, context);
    const events =
      resume === undefined
        ? access.runtime.executeStream(task, whole)
        : access.runtime.resumeStream(resume, whole);
    const result = await showRun(events, { streamed: args.flag("stream-json") }, context);
    if (!args.flag("stream-json") && context.options.format === "json")
      context.terminal.out(documentText(result));
    return exitCodeOf(result);
  } finally {
    prompt?.dispose();
    await servers?.dispose();
    await access.dispose();
  }
}

/** What is offered when nobody names tools. */
function usualTools({ tools }: AgentAccess): readonly string[] {
  return DEFAULT_TOOLS.filter((name) => tools.find(name) !== null);
}

/** The MCP servers that the workspace names; about those that are new, whoever sits at the terminal is asked. */
async function connectServers(
  access: AgentAccess,
  workspace: StudioWorkspace,
  prompt: LinePrompt | null,
  { terminal, options, signal }: CliContext,
): Promise<ConnectedServers | null> {
  const ask = prompt === null ? null : promptForServer(prompt, terminal);
  const connected = await connectMcpServers({ access, workspace, ask, signal });
  if (connected && !options.quiet)
    for (const note of connected.notes) terminal.err(`${dim(terminal, note)}\n`);
  return connected;
}

function optionsOf(args: ParsedArguments): TaskOptions {
  const tools = args
    .string("tools")
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return {
    ...readSettingOptions(args),
    ...(tools === undefined ? {} : { tools }),
    ...(args.string("provider") === undefined ? {} : { provider: args.string("provider") }),
    ...(args.string("model") === undefined ? {} : { model: args.string("model") }),
  };
}

/** A conversation until `exit` or the end of the input. `undo` takes back the last turn that changed files. */
async function converse(
  task: string,
  options: TaskOptions,
  prompt: LinePrompt,
  access: AgentAccess,
  args: ParsedArguments,
  context: CliContext,
): Promise<number> {
  const { terminal, signal } = context;
  const session = await access.runtime.startSession();
  let last: AgentResult | null = null;
  for (let text: string | null = task; text !== null; text = await nextLine(prompt, signal)) {
    const word = text.trim().toLowerCase();
    if (word === "exit" || word === "quit") break;
    if (word === "") continue;
    if (word === "undo") {
      const report = await access.runtime
        .undo({ sessionId: session.id, lastTurnOnly: true })
        .catch((error: Error) => error);
      terminal.err(
        report instanceof Error
          ? `${report.message}\n`
          : report.files.map((file) => `  - Restored ${file}\n`).join(""),
      );
      continue;
    }
    last = await showRun(session.sendStream(text, options), { streamed: args.flag("stream-json") }, context);
    if (!args.flag("stream-json") && context.options.format === "json") terminal.out(documentText(last));
    if (signal.aborted) break;
  }
  return last?.stopReason === "cancelled" ? EXIT.cancelled : EXIT.ok;
}

async function nextLine(prompt: LinePrompt, signal: AbortSignal): Promise<string | null> {
  return signal.aborted ? null : await prompt.ask("\n> ", signal);
}

async function manageApprovals(access: AgentAccess, reset: boolean, context: CliContext): Promise<number> {
  const { grants } = access.runtime;
  const before = await grants.list();
  const removed = reset ? await resetApprovals(access) : 0;
  const { terminal, options } = context;
  if (options.format === "json") terminal.out(documentText({ approvals: reset ? [] : before, removed }));
  else if (reset) terminal.out(`Took back ${removed} approvals.\n`);
  else if (before.length === 0) terminal.out("No approval holds for longer than one call.\n");
  else
    terminal.out(
      `${columns(before.map(({ tool, scope, covers, givenAt }) => [tool, scope, givenAt, covers]))}\n`,
    );
  return EXIT.ok;
}

async function undoRun(
  runId: string,
  callId: string | undefined,
  access: AgentAccess,
  context: CliContext,
): Promise<number> {
  const report = await access.runtime.undo({ runId, callId });
  if (context.options.format === "json") context.terminal.out(documentText(report));
  else {
    context.terminal.out(report.files.map((file) => `Restored ${file}\n`).join(""));
    for (const { tool, callId } of report.rowsKept)
      context.terminal.err(`The rows of ${tool} (${callId}) stay as they are now.\n`);
  }
  return EXIT.ok;
}
