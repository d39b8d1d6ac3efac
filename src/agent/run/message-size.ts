import { estimateTokens } from "../../flows/pack/token-estimate.ts";
import type { ModelMessage } from "../../providers/model-stream.ts";

const sizes = new WeakMap<ModelMessage, number>();

/** Estimated tokens of a message. Messages do not change, so each is looked at once. */
export function sizeOf(message: ModelMessage): number {
  const known = sizes.get(message);
  if (known !== undefined) return known;
  const size = 4 + estimateTokens(textOf(message));
  sizes.set(message, size);
  return size;
}

/** All that a message says, as text. */
export function textOf(message: ModelMessage): string {
  if (message.role === "tool") return message.results.map(({ output }) => output).join("\n");
  return message.content
    .map((item) => {
      if (item.type === "text") return item.text;
      return item.type === "tool-call"
        ? `${item.name} ${JSON.stringify(item.input)}`
        : JSON.stringify(item.data);
    })
    .join("\n");
}
