import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { AksaraError } from "../../../errors.ts";
import type { EvalArtifact, EvalCaseResult } from "../../../harness/evals/artifact.ts";
import type { EvalFile } from "../../../harness/evals/eval-file.ts";
import type { EvalRequest } from "../../../harness/evals/eval-request.ts";
import { junitOf } from "../../../harness/evals/junit.ts";
import { streamEval } from "../../../harness/evals/run-eval.ts";
import { distDirectory } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import { type EvalAccess, openEvals } from "../../shared/eval-access.ts";
import {
  baselineOf,
  EVAL_FOLDER,
  readBaseline,
  readEvalFile,
  readEvalFiles,
} from "../../shared/eval-files.ts";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { bold, columns, dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";

export const evalCommand: CliLeaf = {
  type: "leaf",
  summary: `run evals: the named files, or all of ${EVAL_FOLDER}`,
  positionals: "[FILE…]",
  formats: ["text", "json", "junit"],
  options: {
    list: { type: "boolean", summary: "list the cases and run nothing" },
    case: { type: "string", value: "TEXT", summary: "only cases whose id contains this" },
    repeats: { type: "string", value: "N", summary: "run each case so often" },
    concurrency: { type: "string", value: "N", summary: "so many runs at once" },
    baseline: {
      type: "string",
      value: "FILE",
      summary: "compare with this artifact, and fail where something is worse",
    },
    "write-baseline": { type: "string", value: "FILE", summary: "keep the artifact to compare with later" },
    junit: { type: "string", value: "FILE", summary: "write a JUnit report as well" },
  },
  run: runEvals,
};

/** A file that is right, with what the command line says of it. */
interface Chosen {
  readonly file: EvalFile;
  readonly request: EvalRequest;
  /** Null: all of its cases. */
  readonly only: readonly string[] | null;
}

async function runEvals(args: ParsedArguments, context: CliContext): Promise<number> {
  const { terminal, options } = context;
  const workspace = await context.openWorkspace();
  const files = await filesOf(args, workspace);
  if (files.length === 0) {
    terminal.err(`There is no eval in ${EVAL_FOLDER}.\n`);
    return EXIT.nothing;
  }
  demandRight(files);
  const chosen = chosenOf(files, args);
  if (args.flag("list")) return listCases(chosen, context);
  const [baseline, kept] = [args.string("baseline"), args.string("write-baseline")];
  if (chosen.length > 1 && (baseline !== undefined || kept !== undefined))
    throw new UsageError("A baseline is of one eval: name its file.");
  const access = openEvals(workspace, distDirectory());
  const artifacts: EvalArtifact[] = [];
  try {
    for (const each of chosen) {
      const before =
        kept !== undefined
          ? null
          : baseline !== undefined
            ? await readBaseline(resolve(baseline))
            : await baselineOf(each.file, workspace.roots);
      artifacts.push(await runOne(each, before, access, context));
    }
  } finally {
    await access.dispose();
  }
  const [first] = artifacts;
  if (kept !== undefined && first) await writeReport(kept, documentText(first));
  const report = args.string("junit");
  if (report !== undefined) await writeReport(report, junitOf(artifacts));
  const ok = artifacts.every((artifact) => artifact.ok);
  if (options.format === "junit") terminal.out(junitOf(artifacts));
  else if (options.format === "json")
    terminal.out(documentText(args.positionals.length === 1 ? first : { ok, artifacts }));
  return ok ? EXIT.ok : EXIT.negative;
}

/** Others read it, too: a build server, a colleague. */
async function writeReport(path: string, text: string): Promise<void> {
  await mkdir(dirname(resolve(path)), { recursive: true });
  await writeFile(resolve(path), text);
}

async function filesOf(
  { positionals }: ParsedArguments,
  workspace: StudioWorkspace,
): Promise<readonly EvalFile[]> {
  if (positionals.length === 0) return await readEvalFiles(workspace.roots);
  return await Promise.all(positionals.map(readEvalFile));
}

/** @throws EVAL_REQUEST_INVALID with file, line and path of everything that is wrong */
function demandRight(files: readonly EvalFile[]): void {
  const problems = files.flatMap((file) => file.problems);
  if (problems.length === 0) return;
  throw new AksaraError(
    "EVAL_REQUEST_INVALID",
    problems.map(({ uri, line, message }) => `${uri}:${line + 1}: ${message}`).join("\n"),
    { hint: "Correct it, then try again. Nothing was run." },
  );
}

function chosenOf(files: readonly EvalFile[], args: ParsedArguments): readonly Chosen[] {
  const text = args.string("case");
  const [repeats, concurrency] = [countOf("repeats", args), countOf("concurrency", args)];
  const chosen = files.flatMap((file): readonly Chosen[] => {
    if (!file.request) return [];
    const request = {
      ...file.request,
      ...(repeats === null ? {} : { repeats }),
      ...(concurrency === null ? {} : { concurrency }),
    };
    if (text === undefined) return [{ file, request, only: null }];
    const only = request.cases.map(({ id }) => id).filter((id) => id.includes(text));
    return only.length === 0 ? [] : [{ file, request, only }];
  });
  if (chosen.length === 0)
    throw new AksaraError("CONTEXT_NOT_FOUND", `No case has "${text}" in its id.`, {
      hint: '"aksara eval --list" lists them.',
    });
  return chosen;
}

function countOf(name: string, args: ParsedArguments): number | null {
  const text = args.string(name);
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name} is a whole number above 0, not "${text}".`);
  return value;
}

function listCases(chosen: readonly Chosen[], { terminal, options }: CliContext): number {
  const listed = chosen.map(({ file, request, only }) => ({
    uri: file.uri,
    name: request.name,
    target: request.target.kind,
    cases: request.cases.flatMap(({ id, expect, recording }, at) =>
      only !== null && !only.includes(id)
        ? []
        : [
            {
              id,
              line: file.lines[at]?.at ?? 0,
              expect: expect.map(({ type }) => type),
              recorded: recording !== undefined,
            },
          ],
    ),
  }));
  if (options.format === "json") terminal.out(documentText({ evals: listed }));
  else
    for (const { uri, name, target, cases } of listed) {
      const rows = cases.map(({ id, line, expect, recorded }) => [
        `  ${id}`,
        expect.join(", "),
        recorded ? "replays offline" : "",
        dim(terminal, `${uri}:${line + 1}`),
      ]);
      terminal.out(`${bold(terminal, name)} ${dim(terminal, target)}\n${columns(rows)}\n`);
    }
  return EXIT.ok;
}

async function runOne(
  { request, only }: Chosen,
  baseline: EvalArtifact | null,
  { services }: EvalAccess,
  { terminal, options, signal }: CliContext,
): Promise<EvalArtifact> {
  const isText = options.format === "text";
  if (isText) terminal.out(`${bold(terminal, request.name)}\n`);
  for await (const { event } of streamEval(request, services, {
    signal,
    baseline,
    only: only ?? undefined,
  })) {
    if (event.type === "attempt-finished" && !isText && !options.quiet)
      terminal.err(`${dim(terminal, `${event.attempt.pass ? "passed" : "failed"} ${event.caseId}`)}\n`);
    if (event.type !== "complete") continue;
    if (isText) terminal.out(artifactText(event.artifact, terminal));
    return event.artifact;
  }
  throw new RangeError("The eval ended without an artifact.");
}

function artifactText({ cases, totals, thresholds, baseline }: EvalArtifact, terminal: Terminal): string {
  const percent = (rate: number) => `${Math.round(rate * 1000) / 10} %`;
  const missed = thresholds.filter(({ met }) => !met);
  const { interval } = totals;
  return [
    ...cases.map((each) => caseText(each, terminal)),
    dim(
      terminal,
      [
        `${totals.passed} of ${totals.attempts} runs passed (${percent(totals.passRate)}, 95 % interval ${percent(interval.low)} to ${percent(interval.high)})`,
        ...(totals.tokens === null ? [] : [`${totals.tokens} tokens`]),
        ...(totals.costUsd ? [`$${totals.costUsd.toFixed(4)}`] : []),
      ].join(" · "),
    ),
    ...missed.map(({ name, wanted, found }) =>
      paint(terminal, "red", `${name}: ${found ?? "not known"}, wanted ${wanted}`),
    ),
    ...(baseline?.regressions ?? []).map(({ id, before, now, why }) =>
      paint(
        terminal,
        "red",
        `worse than the baseline: ${id}, ${percent(before)} → ${percent(now)}: ${why.split("\n")[0]}`,
      ),
    ),
    ...(baseline && baseline.missing.length > 0 ? [`not run any more: ${baseline.missing.join(", ")}`] : []),
    "",
  ].join("\n");
}

function caseText({ id, pass, attempts, passRate }: EvalCaseResult, terminal: Terminal): string {
  const mark = pass ? paint(terminal, "green", "passed") : paint(terminal, "red", "failed");
  const rate =
    attempts.length === 1 ? "" : ` (${Math.round(passRate * attempts.length)} of ${attempts.length})`;
  const failed = attempts.find((each) => !each.pass);
  const trace = failed?.traceId ? [dim(terminal, `trace ${failed.traceId}`)] : [];
  const why = failed ? [...failed.why.split("\n"), ...trace].map((line) => `\n    ${line}`).join("") : "";
  return `  ${mark} ${id}${rate}${why}`;
}
