import * as z from "zod";
import { RISKS } from "../../protocol/action.ts";
import { TOOL_CLASSES } from "../../protocol/agent.ts";

/** What a tool of a file says of itself. */
export const toolFileDescriptionSchema = z.object({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "letters, digits, _ and -, at most 64"),
  description: z.string().min(1).max(2_000),
  inputSchema: z.record(z.string(), z.unknown()),
  class: z.enum(TOOL_CLASSES),
  risk: z.enum(RISKS),
});
export type ToolFileDescription = z.output<typeof toolFileDescriptionSchema>;

/** What the parent sends to the child, once. */
export type ToolFileRequest =
  | { readonly type: "describe"; readonly source: string }
  | {
      readonly type: "execute";
      readonly source: string;
      readonly input: unknown;
      readonly context: { readonly folders: readonly string[]; readonly timeoutMs: number };
    };

/** What the child answers, once. */
export const toolFileAnswerSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type ToolFileAnswer = z.output<typeof toolFileAnswerSchema>;
