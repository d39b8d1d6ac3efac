import type { Node } from "libpg-query";
import { each } from "../../database/sql/parse-tree.ts";
import { constantsOf } from "./constants-of.ts";
import { fillableTables, rowStatements } from "./generate-rows.ts";
import { judgePlan } from "./judge-plan.ts";
import { type Play, playSteps, type Stage } from "./play-steps.ts";
import { readScript, type SuggestedStatement } from "./read-statements.ts";
import type {
  PlanPromise,
  PlanStep,
  PlanVerification,
  PlayedPlan,
  ReadStep,
  RolloutPlan,
} from "./rollout-plan.ts";
import { unverified, type Verification } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

/** Rows of each table that are tried, the next where those are none that the migration itself can live with. */
const ROUNDS: readonly { readonly rows: number; readonly seed: number }[] = [
  { rows: 12, seed: 3 },
  { rows: 3, seed: 4 },
  { rows: 1, seed: 2 },
  { rows: 1, seed: 7 },
  { rows: 0, seed: 1 },
];
const MOST_REPLAYS = 4;

/**
 * Carries a plan out on a copy of the schema whose tables hold a few rows, takes it back step by step, and holds the end
 * against what the migration makes. Refuted: a step, or its rollback, is rejected or leaves another schema. Throws
 * CANCELLED, and RUNTIME_ERROR when the engine fails.
 */
export async function verifyPlan(
  lab: VerificationLab,
  { steps: written, promise }: RolloutPlan,
  signal?: AbortSignal,
): Promise<PlanVerification> {
  const { session } = lab;
  if (session.dialect !== "postgresql") {
    const none = unverified("Not checked: plans are tried on PostgreSQL only.");
    return { ...none, steps: written.map(() => none) };
  }
  const trees: Node[] = [];
  const steps: ReadStep[] = [];
  for (const step of written) steps.push(await readStep(lab, step, trees));
  const own = promise.statements === null ? null : await readPart(lab, promise.statements);
  trees.push(...(own?.statements.map(({ tree }) => tree) ?? []));
  const report = await session.report(signal);
  const played = await playPlan(lab, steps, promise, trees, signal);
  return judgePlan(played, promise, report);
}

async function playPlan(
  lab: VerificationLab,
  steps: readonly ReadStep[],
  { prelude, statements: own }: PlanPromise,
  trees: readonly Node[],
  signal: AbortSignal | undefined,
): Promise<PlayedPlan> {
  const { session } = lab;
  const problem = steps.findIndex((step) => step.problem !== null);
  const end = problem < 0 ? steps.length : problem;
  const reached = steps.slice(0, end);
  // Where the way back comes first, nobody knows yet what rows would have to look like.
  const names = prelude.length > 0 ? [] : namedTables(trees);
  const tables = await fillableTables(session, names, signal);
  const watched = tables.map(({ table }) => table.name);
  const rounds = watched.length === 0 ? [] : ROUNDS;
  const stage: Stage = {
    prelude,
    rounds: rounds.map(({ rows, seed }) => rowStatements(tables, constantsOf(trees), rows, seed)),
    tables: watched,
    own: await inTransaction(lab, own ?? reached.flatMap(({ forward }) => forward)),
  };
  const play = await playSteps(session, stage, reached, signal);
  const again: Play[] = [];
  let until = openFrom(play, play.failure?.step ?? 0);
  while (until > 0 && again.length < MOST_REPLAYS) {
    const replay = await playSteps(session, stage, reached.slice(0, until), signal);
    again.push(replay);
    until = openFrom(replay, 0);
  }
  return { steps, end, play, again };
}

/** Steps before this one have a way back that was not tried yet; 0 for none. */
function openFrom({ stop, back }: Play, failed: number): number {
  if (stop !== null) return stop.step;
  return back.length > 0 ? 0 : failed;
}

async function readStep(
  lab: VerificationLab,
  { statements, rollback, rollbackIsPart = false }: PlanStep,
  trees: Node[],
): Promise<ReadStep> {
  const [forward, back] = [await readPart(lab, statements), await readPart(lab, rollback)];
  for (const { tree } of [...forward.statements, ...back.statements]) trees.push(tree);
  return {
    forward: forward.statements.map(({ sql }) => sql),
    back: back.statements.map(({ sql }) => sql),
    problem: forward.problem,
    backProblem: back.problem,
    backIsPart: rollbackIsPart,
  };
}

interface ReadPart {
  readonly statements: readonly SuggestedStatement[];
  readonly problem: Verification | null;
}

async function readPart(lab: VerificationLab, snippets: readonly string[]): Promise<ReadPart> {
  const read = await readScript(lab, snippets);
  if (read.kind === "judged") return { statements: [], problem: read.verification };
  const open = read.statements.find(({ tree }) => takesValues(tree));
  if (open === undefined) return { statements: read.statements, problem: null };
  const summary = "Not tried: it takes values that are not given.";
  return { statements: [], problem: unverified(summary, { statement: open.sql }) };
}

function takesValues(tree: Node): boolean {
  let found = false;
  each(tree, (node) => {
    found ||= "ParamRef" in node;
    return !found;
  });
  return found;
}

/** Statements in a form that one transaction takes; what comes of them is the same. */
async function inTransaction(lab: VerificationLab, written: readonly string[]): Promise<readonly string[]> {
  const read = await readScript(lab, written);
  if (read.kind === "judged") return written;
  return read.statements
    .filter(({ tree }) => !("TransactionStmt" in tree))
    .map(({ sql }) => sql.replace(CONCURRENTLY, "$1"));
}

const CONCURRENTLY = /^(\s*(?:CREATE\s+(?:UNIQUE\s+)?|DROP\s+)INDEX\s+)CONCURRENTLY\b/i;

/** Tables that statements name, as the lab names them. */
function namedTables(trees: readonly Node[]): readonly string[] {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("relname" in value && typeof value.relname === "string") {
      const schema = "schemaname" in value && typeof value.schemaname === "string" ? value.schemaname : "";
      names.add(schema === "" || schema === "public" ? value.relname : `${schema}.${value.relname}`);
    }
    for (const item of Object.values(value)) visit(item);
  };
  visit(trees);
  return [...names];
}
