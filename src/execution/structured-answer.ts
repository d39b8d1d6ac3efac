import type * as z from "zod";

/** The last fenced block labelled `json` of a text, with its place in it. */
export interface AnswerBlock {
  readonly text: string;
  /** Offsets of the whole block with its fences. */
  readonly start: number;
  readonly end: number;
  /** False when the text ends before the closing fence. */
  readonly closed: boolean;
}

export type CheckedAnswer =
  | { readonly valid: true; readonly answer: unknown; readonly block: AnswerBlock }
  | { readonly valid: false; readonly problems: readonly string[]; readonly block: AnswerBlock | null };

/** More than these are not worth a model's attention, or a person's. */
const MOST_PROBLEMS = 12;

/**
 * Reads the structured part of an answer and checks it. A raw line break cannot stand inside a JSON string, so a fence
 * line inside the block always ends it.
 */
export function checkAnswer(response: string, schema: z.ZodType): CheckedAnswer {
  const block = lastJsonBlock(response);
  if (!block) return { valid: false, problems: ["There is no fenced block labelled json."], block };
  let value: unknown;
  try {
    value = JSON.parse(block.text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { valid: false, problems: [`The block is not JSON: ${reason}`], block };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { valid: true, answer: parsed.data, block };
  const problems = parsed.error.issues
    .slice(0, MOST_PROBLEMS)
    .map((issue) => `${issue.path.join(".") || "the object"}: ${issue.message}`);
  return { valid: false, problems, block };
}

/** Puts a corrected block where the broken one stood, or at the end where there was none. */
export function replaceBlock(response: string, broken: AnswerBlock | null, corrected: AnswerBlock): string {
  const text = `\`\`\`json\n${corrected.text.trim()}\n\`\`\``;
  if (!broken) return `${response.trimEnd()}\n\n${text}\n`;
  return `${response.slice(0, broken.start)}${text}${response.slice(broken.end)}`;
}

/** Ids that an answer cites and its pack does not have. */
export function unknownEvidence(answer: unknown, known: ReadonlySet<string>): readonly string[] {
  const unknown = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, key);
    else if (typeof value === "object" && value !== null)
      for (const [name, member] of Object.entries(value)) visit(member, name);
    else if (key === "evidence" && typeof value === "string" && !known.has(value)) unknown.add(value);
  };
  visit(answer, "");
  return [...unknown];
}

function lastJsonBlock(text: string): AnswerBlock | null {
  const openings = [...text.matchAll(/^[ \t]*(`{3,}|~{3,})[ \t]*json[ \t]*\r?\n/gim)];
  const opening = openings.at(-1);
  if (!opening) return null;
  const fence = opening[1] ?? "```";
  const from = opening.index + opening[0].length;
  const closing = new RegExp(`^[ \\t]*\\${fence[0]}{${fence.length},}[ \\t]*$`, "m").exec(text.slice(from));
  return {
    text: closing ? text.slice(from, from + closing.index) : text.slice(from),
    start: opening.index,
    end: closing ? from + closing.index + closing[0].length : text.length,
    closed: closing !== null,
  };
}
