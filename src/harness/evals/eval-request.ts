import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { FLOW_KINDS } from "../../protocol/action.ts";
import { AGENT_MODES } from "../../protocol/agent.ts";
import { ScriptSchema } from "../../providers/connectors/script.ts";
import { pathText, problemsOf, type SpecProblem } from "../spec/spec-error.ts";
import { inSpellingOf } from "../spec/spelling.ts";
import { ScorerSchema } from "./scorer-spec.ts";

const provider = z.string().min(1).optional().describe("Who answers; the AI Hub's when absent.");
const model = z.string().min(1).optional();

const FlowTargetSchema = z.strictObject({
  kind: z.literal("flow"),
  part: z
    .enum(["pack", "answer"])
    .default("pack")
    .describe("Look at the prompt pack, or send it to a language model and look at the answer."),
  provider,
  model,
});

const mode = z.enum(AGENT_MODES).optional().describe("Changes are held back in every mode.");
const maxIterations = z.int().positive().optional();

const TargetKindSchema = z.discriminatedUnion(
  "kind",
  [
    FlowTargetSchema,
    z
      .strictObject({ kind: z.literal("agent"), provider, model, mode, maxIterations })
      .describe("The coordinator of the workspace's agents."),
    z
      .strictObject({
        kind: z.literal("specialist"),
        name: z.string().min(1),
        provider,
        model,
        mode,
        maxIterations,
      })
      .describe("One of the workspace's agents."),
    z
      .strictObject({
        kind: z.literal("single-agent"),
        provider,
        model,
        mode,
        maxIterations,
        tools: z.array(z.string().min(1)).optional(),
      })
      .describe("The one agent of the chat and of `aksara ai agent`."),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? "expected a kind among flow, agent, specialist, single-agent."
        : undefined,
  },
);

/** What is evaluated; of a kind alone, with its defaults. */
const TargetSchema = z.union([
  z.enum(["flow", "agent", "single-agent"]).transform((kind) => TargetKindSchema.parse({ kind })),
  TargetKindSchema,
]);
export type EvalTarget = z.output<typeof TargetSchema>;

const FlowInputSchema = z.strictObject({
  flow_type: z.enum(FLOW_KINDS),
  action_key: z.string().min(1),
  context: z.record(z.string(), z.json()).default({}).describe("Names the object, as on the command line."),
});

/** How a recorded run went, so that it can be replayed without a network. */
export const RecordingSchema = z.strictObject({
  /** By the name of the agent; "" for a flow and for the single agent. */
  scripts: z.record(z.string(), ScriptSchema).describe("What the models said, for each agent."),
  files: z
    .record(z.string(), z.string().nullable())
    .default({})
    .describe("Files that it changed, as they were before; null for one that was not there."),
  approvals: z
    .array(
      z.strictObject({
        tool: z.string(),
        outcome: z.enum(["approve", "reject", "revise"]),
        feedback: z.string().optional(),
        partial: z.record(z.string(), z.json()).optional(),
      }),
    )
    .default([])
    .describe("How the person answered, in order; what is not listed is approved, and held back."),
  results: z
    .record(z.string(), z.array(z.strictObject({ output: z.string(), failed: z.boolean().default(false) })))
    .default({})
    .describe("What tools gave that reach outside the workspace, by name: they are not run again."),
});
export type Recording = z.output<typeof RecordingSchema>;

export const EvalCaseSchema = z.strictObject({
  id: z.string().min(1).max(200),
  input: z
    .union([z.string().min(1), FlowInputSchema])
    .describe("What an agent is asked, or which pack is built."),
  expect: z.array(ScorerSchema).min(1),
  recording: RecordingSchema.optional(),
});
export type EvalCase = z.output<typeof EvalCaseSchema>;

const ratio = z.number().min(0).max(1);

/** `.aksara/evals/*.json|yaml`. */
export const EvalRequestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.string().min(1),
    target: TargetSchema,
    cases: z.array(EvalCaseSchema).min(1),
    repeats: z.int().min(1).max(1_000).default(1).describe("How often each case is run."),
    concurrency: z.int().min(1).max(64).default(4).describe("How many runs go on at once."),
    thresholds: z
      .strictObject({
        passRate: ratio.default(1).describe("Part of all runs that have to pass."),
        meanScore: ratio.optional(),
        totalCostUsd: z.number().nonnegative().optional(),
      })
      .prefault({}),
    baseline: z
      .string()
      .min(1)
      .optional()
      .describe(
        "An artifact that was kept, as a path from the workspace folder: what has become worse is named.",
      ),
  })
  .superRefine(({ cases, target }, context) => {
    const ids = new Set<string>();
    for (const [at, { id, input }] of cases.entries()) {
      if (ids.has(id))
        context.addIssue({
          code: "custom",
          path: ["cases", at, "id"],
          message: `expected another id: there is a case "${id}" already.`,
        });
      ids.add(id);
      const isFlow = typeof input !== "string";
      if (isFlow !== (target.kind === "flow"))
        context.addIssue({
          code: "custom",
          path: ["cases", at, "input"],
          message: isFlow
            ? `expected a text: an ${target.kind} is asked something.`
            : "expected {flow_type, action_key, context}: the target is a flow.",
        });
    }
  });
export type EvalRequest = z.output<typeof EvalRequestSchema>;
export type EvalRequestInput = z.input<typeof EvalRequestSchema>;

/** A request, or everything that is wrong with it and where. */
export function checkEvalRequest(
  value: unknown,
): { readonly request: EvalRequest } | { readonly problems: readonly SpecProblem[] } {
  const parsed = EvalRequestSchema.safeParse(inSpellingOf(EvalRequestSchema, value));
  return parsed.success ? { request: parsed.data } : { problems: problemsOf(parsed.error) };
}

/** A request in any of its forms: a value, or JSON. @throws EVAL_REQUEST_INVALID with every place that is wrong */
export function readEvalRequest(input: EvalRequestInput | EvalRequest | string): EvalRequest {
  const checked = checkEvalRequest(typeof input === "string" ? fromJson(input) : input);
  if ("request" in checked) return checked.request;
  throw new AksaraError("EVAL_REQUEST_INVALID", checked.problems.map(problemText).join("\n"), {
    hint: "Correct it, then try again.",
  });
}

export function problemText({ path, message }: SpecProblem): string {
  return `${pathText(path) || "The request"}: ${message}`;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AksaraError("EVAL_REQUEST_INVALID", `The request is no JSON: ${reason}`, { cause: error });
  }
}
