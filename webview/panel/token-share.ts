import type { PromptPack } from "../../src/protocol/prompt-pack.ts";

/** Estimated tokens of each prompt: the pack's estimate for both, shared out by length. */
export function shareTokens(pack: Pick<PromptPack, "system_prompt" | "user_prompt" | "token_estimate">): {
  readonly system: number;
  readonly user: number;
} {
  const characters = pack.system_prompt.length + pack.user_prompt.length;
  const system =
    characters === 0 ? 0 : Math.round((pack.token_estimate * pack.system_prompt.length) / characters);
  return { system, user: pack.token_estimate - system };
}
