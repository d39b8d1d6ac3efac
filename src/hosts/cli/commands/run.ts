import type { RunLimits } from "../../../execution/run-budget.ts";
import type { FlowRequest } from "../../../protocol/action.ts";
import type { FlowRun, RunEvent, Suggestion } from "../../../protocol/execution.ts";
import { documentText } from "../../shared/document-text.ts";
import { runEvents } from "../../shared/run-events.ts";
import type { CliContext, CliGroup, CliLeaf, CliOption, ParsedArguments } from "../context.ts";
import { bold, dim, paint, type Terminal, UsageError } from "../output.ts";
import { exitCodeOf, FLOW_COMMANDS, type FlowCommand } from "./flows.ts";

const OPTIONS: Readonly<Record<string, CliOption>> = {
  action: { type: "string", value: "KEY", summary: "the action to run" },
  provider: { type: "string", value: "P", summary: "a provider, in place of the configured one" },
  model: { type: "string", value: "M", summary: "a model, in place of the configured one" },
  "stream-json": { type: "boolean", summary: "events as they happen, one JSON document a line" },
  "max-output-tokens": { type: "string", value: "N", summary: "longest answer" },
  "max-total-tokens": { type: "string", value: "N", summary: "prompt and answer together" },
  "max-cost": { type: "string", value: "USD", summary: "most the run may cost" },
  timeout: { type: "string", value: "SECONDS", summary: "most time the run may take" },
};

export const runCommand: CliGroup = {
  type: "group",
  summary: "build a prompt pack and run it through a language model",
  commands: Object.fromEntries(FLOW_COMMANDS.map((command) => [command.kind, leafOf(command)])),
};

function leafOf(command: FlowCommand): CliLeaf {
  return {
    type: "leaf",
    summary: command.summary,
    positionals: command.positionals,
    options: { ...command.options, ...OPTIONS },
    run: (args, context) => runFlow(command, args, context),
  };
}

async function runFlow(command: FlowCommand, args: ParsedArguments, context: CliContext): Promise<number> {
  const key = args.string("action");
  if (key === undefined) throw new UsageError("--action KEY is missing.");
  const streamed = args.flag("stream-json");
  const request: FlowRequest = {
    flow_type: command.kind,
    action_key: key,
    context: await command.context(args),
    provider_override: args.string("provider") ?? null,
    model_override: args.string("model") ?? null,
  };
  const limits = limitsOf(args);
  const workspace = await context.openWorkspace();
  const show = streamed
    ? showEvent(context.terminal)
    : context.options.format === "json"
      ? showProgress(context)
      : showText(context);
  const run = await runEvents(
    (hooks) => workspace.run(request, { ...hooks, limits, signal: context.signal }),
    show,
  );
  if (streamed) return exitCodeOf(run);
  if (context.options.format === "json") context.terminal.out(documentText(run));
  else closeText(run, context);
  return exitCodeOf(run);
}

function limitsOf(args: ParsedArguments): RunLimits {
  const number = (name: string): number | undefined => {
    const text = args.string(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value <= 0)
      throw new UsageError(`--${name} is a number above 0, not "${text}".`);
    return value;
  };
  return {
    maxOutputTokens: number("max-output-tokens"),
    maxTotalTokens: number("max-total-tokens"),
    maxCostUsd: number("max-cost"),
    timeoutSeconds: number("timeout"),
  };
}

function showEvent(terminal: Terminal): (event: RunEvent) => void {
  return (event) => terminal.out(`${JSON.stringify(event)}\n`);
}

function showProgress({ options, terminal }: CliContext): (event: RunEvent) => void {
  return (event) => {
    if (event.type === "progress" && !options.quiet) terminal.err(`${dim(terminal, `${event.message} …`)}\n`);
  };
}

/** The answer goes to standard output as it comes, the rest to standard error. */
function showText(context: CliContext): (event: RunEvent) => void {
  const progress = showProgress(context);
  return (event) => {
    if (event.type === "text") context.terminal.out(event.delta);
    else progress(event);
  };
}

function closeText(run: FlowRun, { options, terminal }: CliContext): void {
  const { execution, prompt_pack: pack } = run;
  if (execution?.response && !execution.response.endsWith("\n")) terminal.out("\n");
  if (!run.ok) {
    const hint = execution?.hint ?? pack.hint;
    terminal.err(
      `${paint(terminal, "red", run.error_code ?? "error")}: ${run.error}\n${hint ? `${hint}\n` : ""}`,
    );
  }
  if (!execution) return;
  if (execution.suggestions.length > 0)
    terminal.out(
      `\n${bold(terminal, "Suggestions")}\n${execution.suggestions.map((item) => suggestionLine(item, terminal)).join("\n")}\n`,
    );
  if (execution.truncated)
    terminal.err(`${paint(terminal, "yellow", "cut off")}: the answer reached its longest length.\n`);
  for (const warning of execution.warnings)
    terminal.err(`${paint(terminal, "yellow", "warning")}: ${warning.message}\n`);
  if (options.quiet || execution.provider === "") return;
  terminal.err(`${dim(terminal, factsLine(run))}\n`);
}

function suggestionLine(item: Suggestion, terminal: Terminal): string {
  const color = item.verdict === "verified" ? "green" : item.verdict === "refuted" ? "red" : "yellow";
  return `${item.id} ${paint(terminal, color, item.verdict)} ${item.title}${item.proof ? dim(terminal, ` · ${item.proof.summary}`) : ""}`;
}

function factsLine({ execution }: FlowRun): string {
  if (!execution) return "";
  const { provider, model, tokens, cost_usd: cost, elapsed_ms: elapsed, trace_id: trace } = execution;
  return [
    `${provider} ${model}`,
    ...(tokens.total === null ? [] : [`${tokens.prompt} + ${tokens.completion} tokens`]),
    ...(cost === null ? [] : [`$${cost.toFixed(4)}`]),
    `${(elapsed / 1000).toFixed(1)} s`,
    ...(trace === null ? [] : [`trace ${trace}`]),
  ].join(" · ");
}
