import { foldRun } from "../../agent/run/run-state.ts";
import { AksaraError } from "../../errors.ts";
import { Redactor } from "../../flows/pack/redaction.ts";
import type { ScriptInput } from "../../providers/connectors/script.ts";
import { readJournal } from "../../records/journal.ts";
import type { JournalRecord, ModelAnswered, RunStarted } from "../../records/journal-record.ts";
import type { Store } from "../../storage/store.ts";
import { type EvalRequest, type EvalRequestInput, type Recording, readEvalRequest } from "./eval-request.ts";
import { isRecorded } from "./eval-tools.ts";
import { titled } from "./record-flow.ts";

type ScriptAnswer = ScriptInput["answers"][number];
/** Who answers for the steps of an approved plan: nobody, so there is nothing to repeat. */
const PLAN_PROVIDER = "plan";

/** One run of a request, with what it began with. */
interface RecordedRun {
  readonly started: RunStarted;
  readonly records: readonly JournalRecord[];
}

/**
 * A run of agents as an eval that repeats it offline: with what the models said, what the person answered, what tools
 * outside the workspace gave, and the files it changed as they were before. Secrets are left out.
 * @throws RUN_NOT_FOUND, INVALID_REQUEST for a run that goes on
 */
export async function recordedAgents(store: Store, runId: string): Promise<EvalRequest> {
  const runs = await runsBelow(store, runId);
  const [root] = runs;
  if (!root) throw new AksaraError("RUN_NOT_FOUND", `There is no run ${runId}.`);
  const end = root.records.at(-1);
  if (end?.type !== "complete" && end?.type !== "error" && end?.type !== "interrupted")
    throw new AksaraError("INVALID_REQUEST", "The run goes on: it can be saved when it has ended.");
  const { started } = root;
  const isSingle = started.labels.thread === undefined;
  const coordinator = nameOf(started.agent);
  const recording = {
    scripts: scriptsOf(runs, isSingle),
    files: await filesBefore(runs, store),
    approvals: approvalsOf(runs),
    results: resultsOf(runs),
  };
  const { mode } = started;
  const target: EvalRequestInput["target"] = isSingle
    ? { kind: "single-agent", mode, tools: [...started.tools].filter((tool) => !EVERY_AGENTS.includes(tool)) }
    : isCoordinator(root)
      ? { kind: "agent", mode }
      : { kind: "specialist", name: coordinator, mode };
  const document = new Redactor().redactValue({
    name: titled(started.task),
    target,
    cases: [
      { id: titled(started.task), input: started.task, expect: expectationsOf(runs, end.type), recording },
    ],
  });
  return readEvalRequest(document as EvalRequestInput);
}

/** Given to each agent by what it is, never by its name. */
const EVERY_AGENTS: readonly string[] = ["read_reference", "propose_plan"];

/** The run and all below it, the root first. */
async function runsBelow(store: Store, rootId: string): Promise<readonly RecordedRun[]> {
  const found: RecordedRun[] = [];
  const ids = new Set([rootId]);
  // A set goes on with what is added to it, and takes each run once.
  for (const id of ids) {
    const records = await readJournal(store, id);
    const [started] = records;
    if (started?.type === "run-started") found.push({ started, records });
    for (const record of records) if (record.type === "handoff") ids.add(record.childRunId);
  }
  return found;
}

function nameOf(agent: string): string {
  return agent.split("/").findLast((part) => !/^step-\d+$/.test(part)) ?? agent;
}

/** Only who may hand tasks on is asked as the coordinator; others are asked by name. */
function isCoordinator({ started }: RecordedRun): boolean {
  return started.tools.includes("hand_off") || started.agent === "coordinator";
}

function scriptsOf(runs: readonly RecordedRun[], isSingle: boolean): Record<string, ScriptInput> {
  const asked = runs.filter(({ started }) => started.provider !== PLAN_PROVIDER);
  const byAgent = Map.groupBy(asked, ({ started }) => (isSingle ? "" : nameOf(started.agent)));
  return Object.fromEntries(
    [...byAgent].map(([agent, own]) => {
      const answers = own
        .flatMap(({ records }) => answersIn(records))
        .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
        .map(({ answer }) => answer);
      return [agent, { version: 1 as const, model: own[0]?.started.model ?? "recorded", answers }];
    }),
  );
}

function answersIn(
  records: readonly JournalRecord[],
): readonly { readonly at: string; readonly answer: ScriptAnswer }[] {
  const answers = records.flatMap((record) =>
    record.type === "model-answered" ? [{ at: record.at, answer: answerOf(record) }] : [],
  );
  const end = records.at(-1);
  const isUnanswered =
    records.findLast(({ type }) => type === "model-asked" || type === "model-answered")?.type ===
    "model-asked";
  if (end?.type === "error" && isUnanswered)
    answers.push({ at: end.at, answer: { steps: [{ error: { kind: "unknown", message: end.message } }] } });
  return answers;
}

function answerOf({ content, malformed, finish, usage }: ModelAnswered): ScriptAnswer {
  return {
    steps: content.flatMap((part): ScriptAnswer["steps"] => {
      if (part.type === "text") return part.text === "" ? [] : [{ text: part.text }];
      // Blocks that only their provider understands mean nothing to a replay.
      if (part.type === "opaque") return [];
      const broken = malformed[part.id];
      return [
        broken === undefined
          ? { tool: part.name, id: part.id, input: part.input as never }
          : { tool: part.name, id: part.id, malformed: broken },
      ];
    }),
    ...(usage
      ? {
          usage: {
            input: usage.input,
            cache_read: usage.cacheRead,
            cache_write: usage.cacheWrite,
            output: usage.output,
            reasoning: usage.reasoning,
          },
        }
      : {}),
    finish: finish as NonNullable<ScriptAnswer["finish"]>,
  };
}

/** Text files that were changed, as they were before the first change. */
async function filesBefore(runs: readonly RecordedRun[], store: Store): Promise<Recording["files"]> {
  const changes = runs
    .flatMap(({ records }) => records.flatMap((record) => (record.type === "result" ? [record] : [])))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .flatMap(({ result }) => [...result.changes, ...result.held]);
  const files: Recording["files"] = {};
  for (const { uri, before } of changes) {
    if (Object.hasOwn(files, uri)) continue;
    const content = before === null ? null : await store.blobs.get(before);
    files[uri] = content === null ? null : Buffer.from(content).toString("utf8");
  }
  return files;
}

function approvalsOf(runs: readonly RecordedRun[]): Recording["approvals"] {
  return runs.flatMap(({ records }) => {
    const asked = new Map(
      records.flatMap((record) =>
        record.type === "approval" && record.request.about !== "sandbox"
          ? [[record.id, record.request.tool] as const]
          : [],
      ),
    );
    return records.flatMap((record) => {
      const tool = record.type === "approval-answered" ? asked.get(record.id) : undefined;
      if (record.type !== "approval-answered" || tool === undefined) return [];
      const { outcome, feedback, partial } = record.answer;
      return [
        {
          tool,
          outcome,
          ...(feedback === undefined ? {} : { feedback }),
          ...(partial === undefined ? {} : { partial: partial as never }),
        },
      ];
    });
  });
}

function resultsOf(runs: readonly RecordedRun[]): Recording["results"] {
  const results: Recording["results"] = {};
  for (const { records } of runs)
    for (const { tool, action, result } of foldRun(records).calls) {
      if (!action || !result || result.outcome === "not-run" || !isRecorded(tool, action.class)) continue;
      results[tool] ??= [];
      results[tool].push({ output: result.output, failed: result.isError });
    }
  return results;
}

/** What a replay has to do again; a person takes away what does not matter to them. */
function expectationsOf(
  runs: readonly RecordedRun[],
  end: "complete" | "error" | "interrupted",
): EvalRequestInput["cases"][number]["expect"] {
  const calls = runs.flatMap(({ records }) => foldRun(records).calls);
  const used = [
    ...new Set(calls.flatMap(({ tool, action }) => (action && tool !== "apply_changes" ? [tool] : []))),
  ];
  const asked = [...new Set(calls.flatMap(({ tool, approval }) => (approval ? [tool] : [])))];
  const files = [
    ...new Set(
      calls.flatMap(({ result }) =>
        [...(result?.changes ?? []), ...(result?.held ?? [])].map(({ uri }) => uri),
      ),
    ),
  ].sort();
  const last = runs[0]?.records.at(-1);
  const code = last?.type === "error" ? last.code : null;
  return [
    ...(end === "error" && code !== null ? [{ type: "error-code" as const, value: code }] : []),
    ...used.map((tool) => ({ type: "tool-called" as const, tool })),
    ...asked.map((tool) => ({ type: "approval-requested" as const, tool })),
    { type: "files-changed" as const, files },
  ];
}
