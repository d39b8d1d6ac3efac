import type { AgentEvent, AgentResult } from "../../protocol/agent.ts";
import type { CliContext } from "./context.ts";
import { dim, EXIT, paint } from "./output.ts";

export interface ShowOptions {
  /** Events as they happen, one JSON document a line. */
  readonly streamed: boolean;
  /** Hears each event after it was shown. */
  readonly onEvent?: (event: AgentEvent) => Promise<void>;
  /** The command that goes on with a run. */
  readonly resumeWith?: string;
}

/** Shows a run while it goes on; gives what it came to. */
export async function showRun(
  events: AsyncIterable<AgentEvent>,
  { streamed, onEvent, resumeWith = "aksara ai agent --resume" }: ShowOptions,
  context: CliContext,
): Promise<AgentResult> {
  const { terminal, options } = context;
  const asText = !streamed && options.format === "text";
  let result: AgentResult | null = null;
  let midLine = false;
  const note = (line: string) => {
    if (options.quiet) return;
    terminal.err(`${midLine ? "\n" : ""}${dim(terminal, line)}\n`);
    midLine = false;
  };
  for await (const event of events) {
    if (streamed) terminal.out(`${JSON.stringify(event)}\n`);
    if (event.type === "text" && asText) {
      terminal.out(event.delta);
      midLine = !event.delta.endsWith("\n");
    } else if (event.type === "action")
      note(`· ${wayTo(event.agent)}${event.tool} ${brief(event.input)} (${event.decision.rule})`);
    else if (event.type === "result" && event.result.isError)
      note(`  ${wayTo(event.agent)}${event.result.errorCode}: ${event.result.output.split("\n")[0]}`);
    if (event.type === "complete" || event.type === "error" || event.type === "interrupted")
      result = event.result;
    await onEvent?.(event);
  }
  if (!result) throw new Error("The run ended without a result.");
  if (asText) closeText(result, midLine, resumeWith, context);
  return result;
}

function brief(input: unknown): string {
  const text = JSON.stringify(input) ?? "";
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}

/** Whose call it is, where several agents work together. */
function wayTo(agent: string): string {
  return agent === "agent" ? "" : `${agent}: `;
}

function closeText(
  result: AgentResult,
  midLine: boolean,
  resumeWith: string,
  { terminal, options }: CliContext,
): void {
  if (midLine) terminal.out("\n");
  const files = [
    ...result.createdFiles.map((file) => `  - Created ${file}`),
    ...result.modifiedFiles.map((file) => `  - Modified ${file}`),
    ...result.deletedFiles.map((file) => `  - Deleted ${file}`),
  ];
  if (files.length > 0) terminal.out(`${files.join("\n")}\n`);
  if (result.error !== null)
    terminal.err(`${paint(terminal, "red", result.errorCode ?? "error")}: ${result.error}\n`);
  if (options.quiet) return;
  const { usage } = result;
  const facts = [
    `${result.iterations} iterations`,
    `${result.actions.length} calls`,
    `${usage.estimated ? "about " : ""}${usage.totalTokens} tokens`,
    ...(usage.costUsd === null || usage.costUsd === 0 ? [] : [`$${usage.costUsd.toFixed(4)}`]),
    `run ${result.runId}`,
  ];
  terminal.err(`${dim(terminal, facts.join(" · "))}\n`);
  if (!result.success) terminal.err(`${dim(terminal, `${resumeWith} ${result.runId} goes on with it.`)}\n`);
}

/** A task whose calls nobody allowed is not done, whatever the model says about it. */
export function exitCodeOf(result: AgentResult): number {
  if (result.stopReason === "cancelled") return EXIT.cancelled;
  const denied = result.actions.some(
    ({ error }) => error === "APPROVAL_REQUIRED" || error === "APPROVAL_REJECTED",
  );
  return result.success && !denied ? EXIT.ok : EXIT.negative;
}
