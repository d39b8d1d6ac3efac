import * as z from "zod";
import { ScriptSchema } from "../../providers/connectors/script.ts";
import { parseJsonPath } from "./json-path.ts";

const path = z
  .string()
  .refine((text) => parseJsonPath(text) !== null, "This is no path: write $.member[0]['other name'][*].")
  .describe("Where in the document, like $.execution.answer.summary; [*] takes every item.");

const tool = z.string().min(1).describe("Name of a tool.");

const SCORERS = [
  z.strictObject({
    type: z.literal("equals"),
    value: z.json().describe("What the text, or what stands at the path, has to be."),
    path: path.optional(),
  }),
  z.strictObject({
    type: z.literal("contains"),
    value: z.string().min(1),
    ignoreCase: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal("regex"),
    pattern: z.string().refine(isRegex, "This is no regular expression."),
    flags: z
      .string()
      .regex(/^[imsu]*$/, "Flags are i, m, s and u.")
      .default(""),
  }),
  z.strictObject({
    type: z.literal("json-schema"),
    schema: z
      .record(z.string(), z.json())
      .describe("JSON Schema of the document, or of what stands at the path."),
    path: path.optional(),
  }),
  z.strictObject({
    type: z.literal("json-path"),
    path,
    equals: z.json().optional(),
    contains: z.string().optional(),
    count: z.int().nonnegative().optional().describe("How many values stand there; one or more when absent."),
  }),
  z.strictObject({
    type: z.literal("tool-called"),
    tool,
    input: z
      .record(z.string(), z.json())
      .optional()
      .describe("Members that its arguments have, among others."),
    times: z.int().positive().optional().describe("Exactly so often; once or more when absent."),
  }),
  z.strictObject({ type: z.literal("tool-not-called"), tool }),
  z.strictObject({ type: z.literal("approval-requested"), tool: tool.optional() }),
  z.strictObject({
    type: z.literal("files-changed"),
    files: z.array(z.string()).describe("Exactly these; none when the list is empty."),
  }),
  z.strictObject({ type: z.literal("sql-valid") }),
  z.strictObject({ type: z.literal("plan-improves") }),
  z.strictObject({
    type: z.literal("cites-evidence"),
    least: z.int().nonnegative().default(1).describe("How many places have to be cited."),
  }),
  z.strictObject({ type: z.literal("grounded") }),
  z.strictObject({ type: z.literal("answer-schema") }),
  z.strictObject({ type: z.literal("error-code"), value: z.string().min(1) }),
  z.strictObject({ type: z.literal("max-tokens"), value: z.number().positive() }),
  z.strictObject({ type: z.literal("max-latency"), value: z.number().positive().describe("Milliseconds.") }),
  z.strictObject({ type: z.literal("max-cost"), value: z.number().nonnegative().describe("US dollars.") }),
  z.strictObject({
    type: z.literal("judge"),
    criteria: z.string().min(1).describe("What a good answer has; a language model judges it from 0 to 1."),
    least: z.number().min(0).max(1).default(0.7),
    provider: z.string().min(1).optional(),
    model: z.string().min(1).optional(),
    script: ScriptSchema.optional().describe("What the judge said, to replay it offline."),
  }),
] as const;

export const SCORER_TYPES = SCORERS.map(({ shape }) => shape.type.value);

/** What a case expects; see docs/evals.md. */
export const ScorerSchema = z.discriminatedUnion("type", SCORERS, {
  error: (issue) =>
    issue.code === "invalid_union" ? `expected a type among ${SCORER_TYPES.join(", ")}.` : undefined,
});
export type Scorer = z.output<typeof ScorerSchema>;
export type ScorerOf<Type extends Scorer["type"]> = Extract<Scorer, { type: Type }>;

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
