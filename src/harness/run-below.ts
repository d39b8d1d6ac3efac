import { QuestionLeftOpen } from "../agent/approvals/approver.ts";
import { foldRun, type RunState } from "../agent/run/run-state.ts";
import type { ToolContext, ToolOutput } from "../agent/tools/tool.ts";
import { AksaraError, isErrorCode } from "../errors.ts";
import type { AgentResult, FileChange } from "../protocol/agent.ts";
import { readJournal } from "../records/journal.ts";
import type { Casting, Company } from "./company.ts";
import { childRunId, type Seat } from "./seat.ts";

/**
 * Runs another agent below the one that calls: begun, gone on with after a crash, or, where it has ended already, only
 * read. Its events go where those of the caller go; its end is the result of the call.
 * @throws QuestionLeftOpen when it waits for a person who is not here, CANCELLED
 */
export async function runBelow(
  name: string,
  task: string,
  seat: Seat,
  context: ToolContext,
  cast: (below: Seat) => Promise<Casting>,
  company: Company,
): Promise<ToolOutput> {
  const below: Seat = {
    tree: seat.tree,
    runId: childRunId(context.runId, context.callId),
    call: { runId: context.runId, callId: context.callId },
    path: [...seat.path, name],
    waiting: (work) => seat.waiting(() => context.run.waiting(work)),
  };
  const known = foldRun(await readJournal(company.store, below.runId));
  if (known.ended && known.ended.type !== "interrupted") return outputOf(name, known);
  if (!known.started)
    await context.run.record({
      type: "handoff",
      from: context.run.agent,
      to: below.path.join("/"),
      task,
      childRunId: below.runId,
    });
  const { part, options } = await cast(below);
  const { signal, run } = context;
  for await (const event of company.agents.partStream(part, task, { ...options, signal }))
    if (event.type !== "complete" && event.type !== "error" && event.type !== "interrupted") run.relay(event);
  return outputOf(name, foldRun(await readJournal(company.store, below.runId)));
}

/** What a run that has ended gives to the one that called it. */
function outputOf(name: string, state: RunState): ToolOutput {
  const result = state.ended?.result;
  if (!result) throw new AksaraError("RUNTIME_ERROR", `${name} ended without a result.`);
  if (result.stopReason === "waiting") throw new QuestionLeftOpen();
  const text = resultText(result);
  const changes = netChanges(state);
  if (result.success) return { output: text === "" ? `${name} is done.` : text, changes };
  const code =
    result.errorCode !== null && isErrorCode(result.errorCode) ? result.errorCode : "RUNTIME_ERROR";
  if (code === "CANCELLED") throw new AksaraError(code, `${name} was stopped with the run.`);
  const had = text === "" ? "It has said nothing." : `This is what it had so far:\n${text}`;
  return {
    output: `${name} did not finish: ${result.error ?? "it was stopped."}\n${had}`,
    changes,
    failure: code,
  };
}

/** What became of each file, from how it was first to how it was last. */
function netChanges({ calls, undone }: RunState): readonly FileChange[] {
  const net = new Map<string, FileChange>();
  for (const { id, result } of calls)
    for (const change of undone.has(id) ? [] : (result?.changes ?? [])) {
      const first = net.get(change.uri);
      net.set(change.uri, { ...change, before: first ? first.before : change.before });
    }
  return [...net.values()].filter(({ before, after }) => before !== after);
}

/** An answer as the one that asked reads it. */
function resultText(result: AgentResult): string {
  const { output, findings, suggestions, createdFiles, modifiedFiles, deletedFiles } = result;
  const files = [
    ...createdFiles.map((file) => `created ${file}`),
    ...modifiedFiles.map((file) => `modified ${file}`),
    ...deletedFiles.map((file) => `deleted ${file}`),
  ];
  return [
    output,
    ...findings.map(
      ({ severity, issue, fix, location }) =>
        `Finding (${severity})${location === null ? "" : ` at ${location}`}: ${issue}${fix === "" ? "" : ` Fix: ${fix}`}`,
    ),
    ...suggestions.map((suggestion) => `Suggestion: ${suggestion}`),
    ...(files.length === 0 ? [] : [`Files: ${files.join(", ")}`]),
  ]
    .filter((line) => line !== "")
    .join("\n");
}
