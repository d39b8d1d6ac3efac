import type { ModelPart } from "../../src/providers/model-stream.ts";

/** What a reader of one stream says it holds. */
export interface Observed {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  /** Null where the stream does not say. */
  readonly usage: {
    readonly input: number | null;
    readonly cacheRead: number | null;
    readonly output: number | null;
    readonly reasoning: number | null;
  };
  readonly finish: string;
}

/** A stream that ended in a failure says no more than that. */
export type Seen = Observed | "failed";

export function observedOf(parts: readonly ModelPart[]): Observed {
  const joined = (type: "text" | "reasoning") =>
    parts.map((part) => (part.type === type ? part.delta : "")).join("");
  const usage = parts.find((part) => part.type === "usage")?.usage;
  const finish = parts.find((part) => part.type === "finish")?.reason ?? "none";
  const { input = null, cacheRead = null, cacheWrite = null } = usage ?? {};
  return {
    text: joined("text"),
    reasoning: joined("reasoning"),
    calls: parts.flatMap((part) =>
      part.type === "tool-call" ? [{ name: part.name, input: part.malformed ?? part.input }] : [],
    ),
    usage: {
      input: input === null ? null : input + (cacheRead ?? 0) + (cacheWrite ?? 0),
      cacheRead: cacheRead || null,
      output: usage?.output ?? null,
      reasoning: usage?.reasoning || null,
    },
    // The AI SDK has no word of its own for a refusal.
    finish: finish === "refusal" ? "content-filter" : finish,
  };
}
