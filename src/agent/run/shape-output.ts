import { redactText } from "../../flows/pack/redaction.ts";
import type { Blobs } from "../../storage/store.ts";

/** What is kept of an output that is far too long. */
const LARGEST_KEPT = 4_000_000;

export interface ShapedOutput {
  readonly text: string;
  /** Name of the whole, where `text` is a part. */
  readonly reference: string | null;
}

/**
 * An output as the model reads it: text without secrets, and of a long one the beginning and the end. Without `blobs`
 * the rest cannot be asked for.
 */
export async function shapeOutput(
  output: unknown,
  budget: number,
  blobs: Blobs | null,
): Promise<ShapedOutput> {
  const raw = typeof output === "string" ? output : (JSON.stringify(output, null, 1) ?? "");
  const text = redactText(raw.length > LARGEST_KEPT ? raw.slice(0, LARGEST_KEPT) : raw);
  if (raw.length <= LARGEST_KEPT && text.length <= budget) return { text, reference: null };
  const reference = blobs ? await blobs.put(Buffer.from(text), false) : null;
  const head = text.slice(0, Math.floor(budget * 0.7));
  const tail = text.slice(text.length - Math.floor(budget * 0.2));
  const left = raw.length - head.length - tail.length;
  const how =
    reference === null ? "ask for a part" : `read_reference {"id": "${reference.slice(0, 16)}"} gives them`;
  return {
    text: `${head}\n[… ${left} characters left out; ${how}]\n${tail}`,
    reference,
  };
}
