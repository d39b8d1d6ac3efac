import { EventQueue } from "../../agent/run/event-queue.ts";
import { isAksaraError, isCancelled, throwIfCancelled } from "../../errors.ts";
import { newTraceId } from "../../records/run-trace.ts";
import {
  caseResult,
  type EvalArtifact,
  type EvalAttempt,
  type EvalCaseResult,
  thresholdsOf,
  totalsOf,
} from "./artifact.ts";
import { compare } from "./baseline.ts";
import type { EvalEvent, EvalEventEnvelope } from "./eval-event.ts";
import type { EvalCase, EvalRequest } from "./eval-request.ts";
import type { EvalServices } from "./eval-services.ts";
import type { Outcome } from "./outcome.ts";
import { runAgentCase } from "./run-agent-case.ts";
import { runFlowCase } from "./run-flow-case.ts";
import { score } from "./score.ts";
import { mean } from "./statistics.ts";

export interface EvalOptions {
  readonly signal?: AbortSignal | undefined;
  /** Only these cases; all when absent. */
  readonly only?: readonly string[] | undefined;
  /** What is compared with. */
  readonly baseline?: EvalArtifact | null | undefined;
}

interface Eval {
  readonly id: string;
  readonly request: EvalRequest;
  readonly services: EvalServices;
  readonly signal: AbortSignal;
  readonly tell: (event: EvalEvent) => void;
}

/** Runs an eval to its end. @throws CANCELLED */
export async function runEval(
  request: EvalRequest,
  services: EvalServices,
  options: EvalOptions = {},
): Promise<EvalArtifact> {
  for await (const { event } of streamEval(request, services, options))
    if (event.type === "complete") return event.artifact;
  throw new RangeError("The eval ended without an artifact.");
}

/** The same as events; the last one is `complete` with the artifact. Who stops listening cancels. @throws CANCELLED */
export function streamEval(
  request: EvalRequest,
  services: EvalServices,
  options: EvalOptions = {},
): AsyncIterable<EvalEventEnvelope> {
  return {
    [Symbol.asyncIterator]: () => {
      const abandoned = new AbortController();
      const queue = new EventQueue<EvalEventEnvelope>(() => abandoned.abort());
      const signal = options.signal ? AbortSignal.any([options.signal, abandoned.signal]) : abandoned.signal;
      const id = newTraceId(services.now());
      let seq = 0;
      const tell = (event: EvalEvent) => queue.push({ seq: ++seq, evalRunId: id, event });
      evaluate({ id, request, services, signal, tell }, options).then(
        () => queue.end(),
        (error: unknown) => queue.fail(error),
      );
      return queue[Symbol.asyncIterator]();
    },
  };
}

async function evaluate(run: Eval, { only, baseline = null }: EvalOptions): Promise<void> {
  const { id, request, services, tell } = run;
  const started = performance.now();
  const startedAt = new Date(services.now()).toISOString();
  const cases = request.cases.filter((each) => only === undefined || only.includes(each.id));
  tell({
    type: "started",
    name: request.name,
    cases: cases.map((each) => each.id),
    repeats: request.repeats,
  });
  const attempts = await inParallel(
    cases.flatMap((each) => Array.from({ length: request.repeats }, (_, at) => ({ each, repeat: at + 1 }))),
    request.concurrency,
    ({ each, repeat }) => attempt(each, repeat, run),
  );
  const results = cases.map((each, at): EvalCaseResult => {
    const own = attempts.slice(at * request.repeats, (at + 1) * request.repeats);
    return caseResult(each, own);
  });
  const totals = totalsOf(results);
  const thresholds = thresholdsOf(request, totals);
  const comparison = baseline && compare(results, baseline, only === undefined);
  tell({
    type: "complete",
    artifact: {
      version: 1,
      evalRunId: id,
      name: request.name,
      target: request.target.kind,
      startedAt,
      elapsedMs: milliseconds(performance.now() - started),
      ok: thresholds.every(({ met }) => met) && (comparison?.regressions.length ?? 0) === 0,
      repeats: request.repeats,
      cases: results,
      totals,
      thresholds,
      baseline: comparison,
    },
  });
}

async function attempt(each: EvalCase, repeat: number, run: Eval): Promise<EvalAttempt> {
  const { signal, tell } = run;
  throwIfCancelled(signal);
  tell({ type: "attempt-started", caseId: each.id, repeat });
  const outcome = await outcomeOf(each, repeat, run);
  const scored = await scoresOf(each, outcome, run);
  const expectsFailure = each.expect.some(({ type }) => type === "error-code");
  const failure = expectsFailure ? null : outcome.failure;
  const reasons = [
    ...(failure ? [`${failure.code}: ${failure.message}`] : []),
    ...scored.filter(({ pass }) => !pass).map(({ type, why }) => `${type}: ${why}`),
  ];
  const done: EvalAttempt = {
    repeat,
    pass: reasons.length === 0,
    score: failure ? 0 : mean(scored.map(({ score: found }) => found)),
    why: (reasons.length > 0 ? reasons : scored.map(({ type, why }) => `${type}: ${why}`)).join("\n"),
    scores: scored,
    errorCode: outcome.failure?.code ?? null,
    tokens: outcome.tokens,
    costUsd: outcome.costUsd,
    elapsedMs: milliseconds(outcome.elapsedMs),
    traceId: outcome.traceId,
  };
  throwIfCancelled(signal);
  tell({ type: "attempt-finished", caseId: each.id, attempt: done });
  return done;
}

/** A run that could not even begin is one that failed. @throws CANCELLED */
async function outcomeOf(each: EvalCase, repeat: number, run: Eval): Promise<Outcome> {
  const { request, services, signal, id } = run;
  const { target } = request;
  const started = performance.now();
  try {
    return target.kind === "flow"
      ? await runFlowCase(each, target, services, signal)
      : await runAgentCase(each, target, { services, signal, evalRunId: id, repeat });
  } catch (error) {
    throwIfCancelled(signal);
    if (!isAksaraError(error) || isCancelled(error)) throw error;
    return {
      text: "",
      document: null,
      pack: null,
      execution: null,
      calls: [],
      files: [],
      tokens: null,
      costUsd: null,
      elapsedMs: performance.now() - started,
      traceId: null,
      failure: { code: error.code, message: error.message },
    };
  }
}

async function scoresOf(each: EvalCase, outcome: Outcome, run: Eval): Promise<EvalAttempt["scores"]> {
  const { workspace, sql } = run.services;
  const scored: EvalAttempt["scores"] = [];
  for (const scorer of each.expect) {
    const found = await score(scorer, outcome, {
      roots: workspace.roots,
      execution: () => workspace.execution(),
      sql,
      signal: run.signal,
    });
    scored.push({ type: scorer.type, ...found });
  }
  return scored;
}

/** Work on items, some at once, results in the order of the items; the first failure ends it. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const take = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as Item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, take));
  return results;
}

function milliseconds(value: number): number {
  return Math.round(value * 10) / 10;
}
