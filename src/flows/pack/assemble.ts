import { isAksaraError } from "../../errors.ts";
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
import { mapText } from "./map-text.ts";
import { code } from "./markdown.ts";
import { countRedactions, type Redactor } from "./redaction.ts";
import { type FittedSections, fitSections, type Section } from "./section.ts";
import { estimateTokens } from "./token-estimate.ts";
import { visibleText } from "./visible-text.ts";

export interface AssembleInput {
  readonly action: FlowAction;
  readonly facts: BuiltFacts;
  /** The arguments, redacted. */
  readonly context: FlowContext;
  readonly provider: string;
  readonly model: string;
  readonly tokenBudget: number;
  /** What the builder saw was redacted already; this also knows what it saw. */
  readonly redactor: Redactor;
  /** The file as it is: documents list its hash. */
  readText(uri: string): Promise<string>;
}

/** Turns facts into the document: redacts, fences, fits the budget, numbers and hashes. */
export async function assemblePack(input: AssembleInput): Promise<PromptPack> {
  const { action, facts, redactor } = input;
  const sections = facts.sections.map((section) => ({
    ...section,
    text: visibleText(redactor.redact(section.text)),
  }));
  const schema = answerJsonSchema(action.key);
  const schemaText = schema ? canonicalJson(schema) : "";

  const render = ({ kept, dropped }: FittedSections) => {
    const marker = fenceMarker(kept.map((section) => section.text));
    const user = userPrompt(input, marker, kept);
    return {
      system: systemPrompt(input, marker, schemaText),
      user: dropped.length > 0 ? `${user}\n\n${droppedNote(dropped)}` : user,
    };
  };
  const fitted = fitSections(sections, input.tokenBudget, (candidate) => {
    const { system, user } = render(candidate);
    return estimateTokens(system) + estimateTokens(user);
  });
  const { dropped } = fitted;
  const { system, user } = render(fitted);
  const cited = facts.evidence.citedIn(user);
  const shown = clean(redactor, {
    provider: input.provider,
    model: input.model,
    result_markdown: resultMarkdown(input, dropped),
    result_json: { ...facts.echo, facts: facts.facts },
    what_it_does: action.whatItDoes,
    what_it_cannot_do: action.whatItCannotDo,
    target: facts.target,
    evidence: [...cited],
    findings: [...facts.findings],
  });

  return {
    ok: true,
    action_key: action.key,
    risk: action.risk,
    provider: shown.provider,
    model: shown.model,
    system_prompt: system,
    user_prompt: user,
    result_markdown: shown.result_markdown,
    result_json: shown.result_json,
    suggested_next: [...action.suggestedNext],
    what_it_does: shown.what_it_does,
    what_it_cannot_do: shown.what_it_cannot_do,
    error_code: null,
    error: null,
    kind: action.kind,
    target: shown.target,
    evidence: shown.evidence,
    findings: shown.findings,
    tier: facts.tier,
    answer_schema: schema,
    token_estimate: estimateTokens(system) + estimateTokens(user),
    dropped: [...dropped],
    redactions: redactionsOf(sections, shown),
    inputs: await inputsOf(
      input,
      cited.map((item) => item.uri),
    ),
    fingerprint: sha256(`${system}\n${user}`),
    version: PACK_VERSION,
    candidates: [],
    hint: null,
  };
}

function clean<T>(redactor: Redactor, value: T): T {
  return mapText(redactor.redactValue(value), visibleText);
}

/** What was removed from the facts, by kind: in the sections, or else where it stands most often. */
function redactionsOf(
  sections: readonly Section[],
  shown: { readonly result_json: unknown; readonly evidence: unknown; readonly findings: unknown },
): PromptPack["redactions"] {
  const inSections = countRedactions(sections.map((section) => section.text));
  const kinds = new Set(inSections.map(({ kind }) => kind));
  const elsewhere = countRedactions([
    JSON.stringify([shown.result_json, shown.evidence, shown.findings]),
  ]).filter(({ kind }) => !kinds.has(kind));
  return [...inSections, ...elsewhere].sort((a, b) => compareText(a.kind, b.kind));
}

function systemPrompt(input: AssembleInput, marker: string, schema: string): string {
  const { key, origin } = input.action;
  if (origin.kind === "file") {
    return renderCustomSystemPrompt(visibleText(input.redactor.redact(origin.prompt)), marker);
  }
  const shipped = shippedPrompt(key);
  if (!shipped) throw new RangeError(`no system prompt ships for ${key}`);
  return renderSystemPrompt(shipped, marker, schema);
}

function userPrompt(input: AssembleInput, marker: string, sections: readonly Section[]): string {
  const blocks = sections.map((section) => fenced(marker, section.title, section.text));
  const title = visibleText(input.redactor.redact(input.action.title)).replace(/\s+/g, " ");
  return [`${title}: ${input.facts.subject}.`, "", ...blocks].join("\n");
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

/** "" for a file that is no part of the workspace: an issue was handed in for it, and stands in the arguments. */
async function fileHash(input: AssembleInput, uri: string): Promise<string> {
  try {
    return sha256(await input.readText(uri));
  } catch (error) {
    if (isAksaraError(error) && error.code !== "CANCELLED") return "";
    throw error;
  }
}

async function inputsOf(input: AssembleInput, evidenceUris: readonly string[]): Promise<PackInput[]> {
  const target = input.facts.target.uri ? [input.facts.target.uri] : [];
  const uris = [...new Set([...evidenceUris, ...input.facts.files, ...target])].sort(compareText);
  const files = await Promise.all(
    uris.map(async (uri) => ({ name: `file:${uri}`, hash: await fileHash(input, uri) })),
  );
  return [
    { name: "action", hash: sha256(canonicalJson(input.action)) },
    { name: "arguments", hash: sha256(canonicalJson(input.context)) },
    { name: "budget", hash: sha256(String(input.tokenBudget)) },
    ...files,
    ...(input.facts.outside ?? []),
  ];
}
