import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { type PromptPack, promptPackSchema } from "../../protocol/prompt-pack.ts";

const foreignPackSchema = z.object({
  system_prompt: z.string(),
  user_prompt: z.string(),
  ok: z.boolean().default(true),
  action_key: z.string().default(""),
  provider: z.string().nullish(),
  model: z.string().nullish(),
});

/**
 * A pack from outside. One of ours is taken as it is; of another document only what a run needs is
 * taken.
 * @throws INVALID_REQUEST
 */
export function parsePack(value: unknown): PromptPack {
  const own = promptPackSchema.safeParse(value);
  if (own.success) return own.data;
  const foreign = foreignPackSchema.safeParse(value);
  if (!foreign.success) {
    const issue = foreign.error.issues[0];
    throw new AksaraError(
      "INVALID_REQUEST",
      `This is no prompt pack: ${issue?.path.join(".")}: ${issue?.message}`,
      {
        hint: "Build one with buildPromptPack.",
      },
    );
  }
  const { provider, model, ...prompts } = foreign.data;
  return { ...EMPTY_PACK, ...prompts, provider: provider ?? "", model: model ?? "" };
}

const EMPTY_PACK: PromptPack = {
  ok: true,
  action_key: "",
  risk: "low",
  provider: "",
  model: "",
  system_prompt: "",
  user_prompt: "",
  result_markdown: "",
  result_json: {},
  suggested_next: [],
  what_it_does: "",
  what_it_cannot_do: "",
  error_code: null,
  error: null,
  kind: null,
  target: null,
  evidence: [],
  findings: [],
  tier: "T0",
  answer_schema: null,
  token_estimate: 0,
  dropped: [],
  redactions: [],
  inputs: [],
  fingerprint: "",
  version: 1,
  candidates: [],
  hint: null,
};
