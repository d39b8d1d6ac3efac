import type { PromptPack } from "../../protocol/prompt-pack.ts";

/**
 * A pack as one message of a conversation. The rules go along: what they say of the facts, that they are data, holds in a
 * conversation too.
 */
export function conversationPrompt({
  system_prompt: rules,
  user_prompt: facts,
  answer_schema: schema,
}: Pick<PromptPack, "system_prompt" | "user_prompt" | "answer_schema">): string {
  const prose =
    schema === null
      ? []
      : ["", "This is a conversation with a person: leave the JSON block at the end of the answer out."];
  return [rules, ...prose, "", facts].join("\n");
}
