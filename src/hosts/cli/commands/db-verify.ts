import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import type { PlanVerification } from "../../../analysis/verify/rollout-plan.ts";
import type { Verification } from "../../../analysis/verify/verification.ts";
import { queryTarget } from "../../../flows/facts/query-target.ts";
import type { Verdict } from "../../../protocol/execution.ts";
import { findMigration } from "../../../workspace/find-migration.ts";
import { documentText } from "../../shared/document-text.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";
import { QUERY_OPTIONS, queryContext } from "./query-arguments.ts";
import { openOnSchema, SCHEMA_OPTIONS } from "./schema-arguments.ts";

/** `aksara db verify`: what an engine says to a change before anybody makes it. */
export const verifyCommand: CliLeaf = {
  type: "leaf",
  summary:
    "try a migration, a rollout plan for it, an index, a rewrite or a constraint, and leave nothing of it",
  positionals: "[MIGRATION]",
  options: {
    app: { type: "string", value: "A", summary: "the app or folder of the migration" },
    plan: {
      type: "string",
      value: "F",
      summary:
        "a file with a rollout plan for the migration: a run of safe_rollout_plan, or its answer, as JSON",
    },
    index: { type: "string", value: "DDL", summary: "one CREATE INDEX for the query" },
    rewrite: { type: "string", value: "SQL", summary: "SQL in place of the query" },
    constraint: { type: "string", value: "DDL", summary: "ALTER TABLE statements that add constraints" },
    ...QUERY_OPTIONS,
    ...SCHEMA_OPTIONS,
  },
  run: verify,
};

const KINDS = ["index", "rewrite", "constraint"] as const;

async function verify(args: ParsedArguments, context: CliContext): Promise<number> {
  const [migration, ...more] = args.positionals;
  const kinds = KINDS.filter((kind) => args.string(kind) !== undefined);
  if (more.length > 0 || kinds.length + (migration === undefined ? 0 : 1) !== 1)
    throw new UsageError("Give one thing to try: MIGRATION, --index DDL, --rewrite SQL or --constraint DDL.");
  const [kind] = kinds;
  return kind === undefined
    ? await verifyMigration(migration ?? "", args, context)
    : await verifySuggestion(kind, args, context);
}

async function verifyMigration(name: string, args: ParsedArguments, context: CliContext): Promise<number> {
  const { terminal, options, signal } = context;
  const file = args.string("plan");
  const plan = file === undefined ? null : await readPlan(file);
  const workspace = await openOnSchema(args, context);
  const { catalog } = await workspace.view(signal);
  const { id } = findMigration(catalog, { id: undefined, app: args.string("app"), name });
  const verification = await workspace.verifyMigration(id, plan, signal);
  if (options.format === "json") terminal.out(documentText(planDocument(id, plan, verification)));
  else terminal.out(planText(plan, verification, terminal));
  return exitCode(verification.verdict);
}

async function verifySuggestion(
  kind: (typeof KINDS)[number],
  args: ParsedArguments,
  context: CliContext,
): Promise<number> {
  const { terminal, options, signal } = context;
  const named = ["sql", "file", "id"].some((name) => args.string(name) !== undefined);
  if (kind !== "constraint" && !named)
    throw new UsageError(`Say with --sql, --file or --id what the ${kind} is for.`);
  if (kind === "constraint" && named) throw new UsageError("A constraint is for no query.");
  const wanted = named ? await queryContext(args) : null;
  const workspace = await openOnSchema(args, context);
  const { catalog } = await workspace.view(signal);
  const target = wanted === null ? null : queryTarget(catalog, wanted);
  const query = target?.sql ? { sql: target.sql, dialect: target.dialect } : null;
  const suggestion = { kind, language: "sql" as const, statements: [args.string(kind) ?? ""] };
  const { verdict, proof } = await workspace.verify(suggestion, query, signal);
  if (options.format === "json") terminal.out(documentText({ ok: verdict === "verified", verdict, proof }));
  else terminal.out(`${verdictText(verdict, terminal)}: ${proof.summary}\n`);
  return exitCode(verdict);
}

function exitCode(verdict: Verdict): number {
  return verdict === "verified" ? EXIT.ok : EXIT.negative;
}

const stepSchema = z.object({
  title: z.string().default(""),
  sql: z.array(z.string()),
  rollback: z.array(z.string()),
});
const stepsSchema = z.object({ steps: z.array(stepSchema).min(1) });
/** The answer itself, a result of a run, or the document of one. */
const planSchema = z
  .union([
    stepsSchema,
    z.object({ answer: stepsSchema }),
    z.object({ execution: z.object({ answer: stepsSchema }) }),
  ])
  .transform(
    (read) => ("steps" in read ? read : "answer" in read ? read.answer : read.execution.answer).steps,
  );

interface WrittenStep {
  readonly title: string;
  readonly statements: readonly string[];
  readonly rollback: readonly string[];
}

/** @throws UsageError */
async function readPlan(file: string): Promise<readonly WrittenStep[]> {
  const refuse = (why: string): never => {
    throw new UsageError(`Cannot read a plan from ${file}: ${why}`);
  };
  const text = await readFile(resolve(file), "utf8").catch((error: unknown) =>
    refuse(error instanceof Error ? error.message : String(error)),
  );
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    refuse("it is no JSON.");
  }
  const read = planSchema.safeParse(document);
  if (!read.success) return refuse('expected {"steps": [{"title", "sql": [...], "rollback": [...]}]}.');
  return read.data.map(({ title, sql, rollback }) => ({ title, statements: sql, rollback }));
}

function planDocument(
  migration: string,
  plan: readonly WrittenStep[] | null,
  { verdict, proof, steps }: PlanVerification,
) {
  return {
    ok: verdict === "verified",
    migration,
    verdict,
    proof,
    steps: steps.map((step, index) => ({ title: plan?.[index]?.title ?? null, ...step })),
  };
}

function planText(
  plan: readonly WrittenStep[] | null,
  { verdict, proof, steps }: PlanVerification,
  terminal: Terminal,
): string {
  const lines = [`${verdictText(verdict, terminal)}: ${proof.summary}`];
  const [first] = steps;
  for (const note of notesOf(first)) lines.push(dim(terminal, note));
  if (plan === null) return `${lines.join("\n")}\n`;
  for (const [index, step] of steps.entries()) {
    lines.push(
      "",
      `${index + 1}. ${plan[index]?.title ?? ""} ${verdictText(step.verdict, terminal)}`,
      `   ${step.proof.summary}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function notesOf(step: Verification | undefined): readonly string[] {
  const read = z.object({ plan: z.object({ notes: z.array(z.string()) }) }).safeParse(step?.proof.details);
  return read.success ? read.data.plan.notes : [];
}

const COLORS = { verified: "green", refuted: "red", unverified: "yellow" } as const;

function verdictText(verdict: Verdict, terminal: Terminal): string {
  return paint(terminal, COLORS[verdict], verdict);
}
