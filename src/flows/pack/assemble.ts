import type { FlowContext } from "../../protocol/action.ts";
import { PACK_VERSION, type PackInput, type PromptPack } from "../../protocol/prompt-pack.ts";
import { sha256 } from "../../workspace/hash.ts";
import { compareText } from "../../workspace/source.ts";
import type { FlowAction } from "../actions/action.ts";
import { answerJsonSchema } from "../answers/schemas.ts";
import type { BuiltFacts } from "../facts/built-facts.ts";
import { renderCustomSystemPrompt, renderSystemPrompt, shippedPrompt } from "../prompts/system-prompt.ts";
import { canonicalJson } from "./canonical-json.ts";
import { fenced, fenceMarker } from "./fence.ts";
import { code } from "./markdown.ts";
import { Redactor } from "./redaction.ts";
import { fitSections, type Section } from "./section.ts";
import { estimateTokens } from "./token-estimate.ts";

export interface AssembleInput {
  readonly action: FlowAction;
  readonly facts: BuiltFacts;
  readonly context: FlowContext;
  readonly provider: string;
  readonly model: string;
  readonly tokenBudget: number;
  readText(uri: string): Promise<string>;
}

/** Turns facts into the document: redacts, fences, fits the budget, numbers and hashes. */
export async function assemblePack(input: AssembleInput): Promise<PromptPack> {
  const { action, facts } = input;
  const redactor = new Redactor();
  const sections = facts.sections.map((section) => ({ ...section, text: redactor.redact(section.text) }));
  const redactions = redactor.counts();
  const schema = answerJsonSchema(action.key);
  const schemaText = schema ? canonicalJson(schema) : "";

  const render = (kept: readonly Section[]) => {
    const marker = fenceMarker(kept.map((section) => section.text));
    return { system: systemPrompt(input, marker, schemaText), user: userPrompt(input, marker, kept) };
  };
  const { kept, dropped } = fitSections(sections, input.tokenBudget, (candidate) => {
    const { system, user } = render(candidate);
    return estimateTokens(system) + estimateTokens(user);
  });
  const { system, user } = render(kept);
  const userText = dropped.length > 0 ? `${user}\n\n${droppedNote(dropped)}` : user;
  const evidence = redactor.redactValue(facts.evidence.citedIn(userText));

  return {
    ok: true,
    action_key: action.key,
    risk: action.risk,
    provider: input.provider,
    model: input.model,
    system_prompt: system,
    user_prompt: userText,
    result_markdown: redactor.redact(resultMarkdown(input, dropped)),
    result_json: redactor.redactValue({ ...facts.echo, facts: facts.facts }),
    suggested_next: [...action.suggestedNext],
    what_it_does: action.whatItDoes,
    what_it_cannot_do: action.whatItCannotDo,
    error_code: null,
    error: null,
    kind: action.kind,
    target: facts.target,
    evidence: [...evidence],
    findings: [...redactor.redactValue(facts.findings)],
    tier: facts.tier,
    answer_schema: schema,
    token_estimate: estimateTokens(system) + estimateTokens(userText),
    dropped: [...dropped],
    redactions: [...redactions],
    inputs: await inputsOf(
      input,
      evidence.map((item) => item.uri),
    ),
    fingerprint: sha256(`${system}\n${userText}`),
    version: PACK_VERSION,
    candidates: [],
    hint: null,
  };
}

function systemPrompt(input: AssembleInput, marker: string, schema: string): string {
  const { key, origin } = input.action;
  if (origin.kind === "file") return renderCustomSystemPrompt(origin.prompt, marker);
  const shipped = shippedPrompt(key);
  if (!shipped) throw new RangeError(`no system prompt ships for ${key}`);
  return renderSystemPrompt(shipped, marker, schema);
}

function userPrompt(input: AssembleInput, marker: string, sections: readonly Section[]): string {
  const blocks = sections.map((section) => fenced(marker, section.title, section.text));
  return [`${input.action.title}: ${input.facts.subject}.`, "", ...blocks].join("\n");
}

function droppedNote(dropped: readonly { section: string; reason: string }[]): string {
  const names = dropped.map((item) => `${item.section} (${item.reason})`).join("; ");
  return `Left out of the facts to stay within the budget: ${names}. Treat what these would say as unknown.`;
}

function resultMarkdown(input: AssembleInput, dropped: readonly { section: string }[]): string {
  const parts = [input.facts.summary];
  if (dropped.length > 0) {
    parts.push(
      `*Left out of the prompt to stay within its budget: ${dropped.map((item) => item.section).join(", ")}.*`,
    );
  }
  if (input.action.suggestedNext.length > 0) {
    parts.push(`### Next\n\n${input.action.suggestedNext.map((key) => `- ${code(key)}`).join("\n")}`);
  }
  return parts.join("\n\n");
}

async function inputsOf(input: AssembleInput, evidenceUris: readonly string[]): Promise<PackInput[]> {
  const target = input.facts.target.uri ? [input.facts.target.uri] : [];
  const uris = [...new Set([...evidenceUris, ...input.facts.files, ...target])].sort(compareText);
  const files = await Promise.all(
    uris.map(async (uri) => ({ name: `file:${uri}`, hash: sha256(await input.readText(uri)) })),
  );
  return [
    { name: "action", hash: sha256(canonicalJson(input.action)) },
    { name: "arguments", hash: sha256(canonicalJson(input.context)) },
    { name: "budget", hash: sha256(String(input.tokenBudget)) },
    ...files,
  ];
}
