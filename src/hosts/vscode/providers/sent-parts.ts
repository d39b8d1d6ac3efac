import type { PromptPack } from "../../../protocol/prompt-pack.ts";

/** What leaves the machine when a pack is sent, in numbers and names. */
export interface SentParts {
  /** Estimated. */
  readonly tokens: number;
  /** Names of the parts of the workspace that are quoted, in their order. */
  readonly sections: readonly string[];
  /** Secrets and personal values that were replaced. */
  readonly redactions: number;
  /** Their kinds. */
  readonly redacted: readonly string[];
}

export function sentParts(
  pack: Pick<PromptPack, "user_prompt" | "token_estimate" | "redactions">,
): SentParts {
  const sections = [...pack.user_prompt.matchAll(/^<<<DATA-[0-9a-f]+ (.+)$/gm)].map(
    (match) => match[1] ?? "",
  );
  return {
    tokens: pack.token_estimate,
    sections: [...new Set(sections)],
    redactions: pack.redactions.reduce((sum, { count }) => sum + count, 0),
    redacted: pack.redactions.map(({ kind }) => kind),
  };
}
