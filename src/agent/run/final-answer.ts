import * as z from "zod";
import type { AgentFinding } from "../../protocol/agent.ts";

const BlockSchema = z.object({
  suggestions: z
    .array(
      z.union([
        z.string(),
        z.object({ title: z.string() }).transform(({ title }) => title),
        z.object({ suggestion: z.string() }).transform(({ suggestion }) => suggestion),
      ]),
    )
    .optional(),
  findings: z
    .array(
      z.object({
        severity: z.string().default("medium"),
        issue: z.string(),
        fix: z.string().default(""),
        location: z.string().nullable().default(null),
      }),
    )
    .optional(),
});

export interface FinalAnswer {
  /** Without the block that is for machines. */
  readonly output: string;
  readonly suggestions: readonly string[];
  readonly findings: readonly AgentFinding[];
}

/** What an answer says, and what it lists at its end. A block that is not understood stays part of the text. */
export function readFinalAnswer(text: string): FinalAnswer {
  const block = /```json\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text);
  const parsed = block?.[1] === undefined ? null : parseBlock(block[1]);
  if (!block || !parsed) return { output: text.trim(), suggestions: [], findings: [] };
  return {
    output: text.slice(0, block.index).trim(),
    suggestions: parsed.suggestions ?? [],
    findings: parsed.findings ?? [],
  };
}

function parseBlock(text: string): z.output<typeof BlockSchema> | null {
  try {
    const parsed = BlockSchema.safeParse(JSON.parse(text));
    return parsed.success && (parsed.data.suggestions || parsed.data.findings) ? parsed.data : null;
  } catch {
    return null;
  }
}
