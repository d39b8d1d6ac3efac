import * as z from "zod";
import { RISKS } from "../../protocol/action.ts";
import { TOOL_CLASSES } from "../../protocol/agent.ts";
import type { References } from "../references.ts";
import { ToolApprovalSchema } from "./approval-policies.ts";

/** What a handler is given beside its input. Services of the host stand in it under their own names too. */
export interface ToolHandlerContext {
  readonly toolUseId: string;
  readonly tool_use_id: string;
  readonly services: Readonly<Record<string, unknown>>;
  readonly references: References;
  readonly signal: AbortSignal;
  /** The agent that calls, with the way to it. */
  readonly agent: string;
  readonly threadId: string;
  readonly [service: string]: unknown;
}

/** Does what the tool does; gives text or JSON for the model. */
export type ToolHandler = (input: never, context: ToolHandlerContext) => unknown;

/** What a predicate is asked about. */
export interface PredicateContext {
  readonly agent: string;
  readonly tool: string;
  readonly threadId: string;
}

/** Whether a person is to be asked about a call. */
export type ApprovalPredicate = (input: unknown, context: PredicateContext) => boolean | Promise<boolean>;

/** A zod schema, or a JSON Schema. */
export const InputSchema = z.custom<z.ZodType | Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected a zod schema or a JSON Schema",
);

/** A tool of the host. */
export const ToolSpecSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "expected a letter, then letters, digits, _ and -, at most 64"),
  description: z.string().default(""),
  input: InputSchema.default(() => z.looseObject({})),
  handler: z.custom<ToolHandler>((value) => typeof value === "function", "expected a function").optional(),
  approval: ToolApprovalSchema.optional(),
  approvalHandler: z
    .custom<ApprovalPredicate>((value) => typeof value === "function", "expected a function")
    .optional(),
  /** What it can do to the world. `read` when absent: then it must change nothing. */
  class: z.enum(TOOL_CLASSES).default("read"),
  /** `low` for reading, `medium` otherwise, when absent. */
  risk: z.enum(RISKS).optional(),
  timeoutSeconds: z.number().positive().optional(),
});
export type ToolSpec = z.output<typeof ToolSpecSchema>;
export type ToolSpecInput = z.input<typeof ToolSpecSchema>;
