import type { AksaraError } from "../../errors.ts";
import type { FlowRequest } from "../../protocol/action.ts";
import { PACK_VERSION, type PromptPack } from "../../protocol/prompt-pack.ts";
import type { FlowAction } from "../actions/action.ts";
import { mapText } from "./map-text.ts";
import { code, escapeMarkdown } from "./markdown.ts";
import { countRedactions, Redactor } from "./redaction.ts";
import { visibleText } from "./visible-text.ts";

/** The document of a request that could not be met: every key is there, the prompts are empty. */
export function failedPack(
  asked: FlowRequest,
  action: FlowAction | null,
  failure: Pick<AksaraError, "code" | "message" | "hint" | "candidates">,
): PromptPack {
  // messages repeat what was asked for: a statement with its literals, a key in the place of a name
  const redactor = new Redactor();
  redactor.learn(asked.context);
  const clean = <T>(value: T): T => mapText(redactor.redactValue(value), visibleText);
  const request = clean(asked);
  const { code: errorCode, message, hint, candidates } = failure;
  const error = { code: errorCode, ...clean({ message, hint, candidates }) };
  const lines = [`**${escapeMarkdown(error.message)}**`];
  if (error.hint) lines.push(escapeMarkdown(error.hint));
  if (error.candidates.length > 0) lines.push(error.candidates.map((name) => `- ${code(name)}`).join("\n"));
  return {
    ok: false,
    action_key: request.action_key,
    risk: action?.risk ?? "low",
    provider: request.provider_override ?? "",
    model: request.model_override ?? "",
    system_prompt: "",
    user_prompt: "",
    result_markdown: lines.join("\n\n"),
    result_json: { action: request.action_key },
    suggested_next: [],
    what_it_does: action?.whatItDoes ?? "",
    what_it_cannot_do: action?.whatItCannotDo ?? "",
    error_code: error.code,
    error: error.message,
    kind: action?.kind ?? null,
    target: null,
    evidence: [],
    findings: [],
    tier: "T0",
    answer_schema: null,
    token_estimate: 0,
    dropped: [],
    redactions: [...countRedactions([error.message, error.hint ?? "", ...error.candidates])],
    inputs: [],
    fingerprint: "",
    version: PACK_VERSION,
    candidates: [...error.candidates],
    hint: error.hint,
  };
}
