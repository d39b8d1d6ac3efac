import type * as z from "zod";
import { AksaraError, isAksaraError, isCancelled } from "../errors.ts";
import { answerSchema } from "../flows/answers/schemas.ts";
import { estimateTokens } from "../flows/pack/token-estimate.ts";
import type { RunWarning, Suggestion } from "../protocol/execution.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";
import type { FinishReason, ModelMessage } from "../providers/model-stream.ts";
import { asksNoModel } from "../providers/provider-descriptors.ts";
import { type AnswerListener, askModel, type Exchange } from "./ask-model.ts";
import type { ExecutionServices } from "./execution-services.ts";
import { repairPrompt } from "./repair-prompt.ts";
import type { ResolvedModel } from "./resolve-model.ts";
import { RunBudget } from "./run-budget.ts";
import type { RunOptions } from "./run-options.ts";
import { checkAnswer, replaceBlock, unknownEvidence } from "./structured-answer.ts";
import { claimsOf } from "./suggestions.ts";
import type { Claim, Verification } from "./verifier.ts";

/** What a run gave, before it is a document. */
export interface Outcome {
  readonly response: string;
  readonly finish: FinishReason | null;
  readonly error: AksaraError | null;
  /** Valid against the schema of the action; null when there is none. */
  readonly answer: unknown;
  readonly suggestions: readonly Suggestion[];
  readonly warnings: readonly RunWarning[];
}

export const NO_OUTCOME: Outcome = {
  response: "",
  finish: null,
  error: null,
  answer: null,
  suggestions: [],
  warnings: [],
};

export interface Conversation {
  readonly pack: PromptPack;
  readonly options: RunOptions;
  readonly services: ExecutionServices;
  readonly resolved: ResolvedModel;
  readonly signal: AbortSignal;
  /** Filled with every call that was made, in order. */
  readonly exchanges: Exchange[];
}

/**
 * Asks the question of a pack; where the structured part of the answer breaks its schema, asks for it once more. What
 * then is still not right is reported and left out.
 * @throws TOKEN_BUDGET_EXCEEDED, COST_BUDGET_EXCEEDED, before anything is sent
 */
export async function converse(run: Conversation): Promise<Outcome> {
  const { pack, options, resolved } = run;
  const { model, setup } = resolved;
  const budget = new RunBudget(options.limits ?? {}, setup.kind, model);
  options.onProgress?.({ stage: "asking", message: `Asking ${model} (${setup.name})` });
  const first = await ask(run, budget, [userMessage(pack.user_prompt)], {
    text: (delta) => options.onDelta?.(delta),
    reasoning: (delta) => options.onReasoning?.(delta),
  });
  const error = first.error ?? refusalOf(first.finish, setup.name);
  if (error) {
    // A cancelled run has no answer: half a sentence must not be taken for one.
    return { ...NO_OUTCOME, response: isCancelled(error) ? "" : first.text, finish: first.finish, error };
  }
  // A fixed text has no structured part, and would have none the second time.
  const schema = asksNoModel(setup.kind) ? null : answerSchema(pack.action_key);
  const structured = schema
    ? await structuredAnswer(run, budget, first, schema)
    : { response: first.text, answer: null, warnings: [] };
  const suggestions = await verifiedSuggestions(run, structured.answer);
  return {
    ...structured,
    finish: first.finish,
    error: null,
    suggestions,
    warnings: [...structured.warnings, ...budget.overruns()],
  };
}

async function ask(
  run: Conversation,
  budget: RunBudget,
  messages: readonly ModelMessage[],
  listener: AnswerListener,
): Promise<Exchange> {
  const { connector, model } = run.resolved;
  const { system_prompt: system } = run.pack;
  const input = estimateTokens([system, ...messages.map(textOf)].join("\n"));
  const maxOutputTokens = budget.reserve(input, connector.capabilities(model));
  const exchange = await askModel(
    connector,
    { model, system, messages, tools: [], maxOutputTokens, temperature: null, promptCacheKey: null },
    run.signal,
    listener,
  );
  run.exchanges.push(exchange);
  budget.settle(exchange.usage, { input, output: estimateTokens(exchange.text + exchange.reasoning) });
  return exchange;
}

type Structured = Pick<Outcome, "response" | "answer" | "warnings">;

async function structuredAnswer(
  run: Conversation,
  budget: RunBudget,
  first: Exchange,
  schema: z.ZodType,
): Promise<Structured> {
  const checked = checkAnswer(first.text, schema);
  if (checked.valid)
    return {
      response: first.text,
      answer: checked.answer,
      warnings: citationWarnings(run.pack, checked.answer),
    };
  const unusable = (problems: readonly string[], extra: readonly RunWarning[] = []): Structured => ({
    response: first.text,
    answer: null,
    warnings: [unusableAnswer(problems), ...extra],
  });
  // Cut off once, it would be cut off again.
  if (first.finish === "length") return unusable(checked.problems);
  const repair = await askForRepair(run, budget, first, checked.problems);
  if (repair.error) {
    if (isCancelled(repair.error)) throw repair.error;
    return unusable(checked.problems, [{ code: repair.error.code, message: repair.error.message }]);
  }
  const repaired = checkAnswer(repair.text, schema);
  if (!repaired.valid) return unusable(repaired.problems);
  return {
    response: replaceBlock(first.text, checked.block, repaired.block),
    answer: repaired.answer,
    warnings: citationWarnings(run.pack, repaired.answer),
  };
}

/** The second call, or why there was none. */
async function askForRepair(
  run: Conversation,
  budget: RunBudget,
  first: Exchange,
  problems: readonly string[],
): Promise<Pick<Exchange, "text" | "error">> {
  run.options.onProgress?.({ stage: "repairing", message: "Asking for the structured part once more" });
  const messages: readonly ModelMessage[] = [
    userMessage(run.pack.user_prompt),
    { role: "assistant", content: [{ type: "text", text: first.text }] },
    userMessage(repairPrompt(problems)),
  ];
  try {
    return await ask(run, budget, messages, UNHEARD);
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    return { text: "", error };
  }
}

async function verifiedSuggestions(run: Conversation, answer: unknown): Promise<readonly Suggestion[]> {
  if (answer === null) return [];
  const claims = claimsOf(run.pack.action_key, answer);
  if (claims.length > 0)
    run.options.onProgress?.({ stage: "verifying", message: `Checking ${claims.length} suggestions` });
  if (claims.some(({ kind }) => kind === "rollout-step")) return await verifiedPlan(run, claims);
  const suggestions: Suggestion[] = [];
  for (const claim of claims) suggestions.push({ ...claim, ...(await verification(run, claim)) });
  return suggestions;
}

async function verifiedPlan(run: Conversation, steps: readonly Claim[]): Promise<readonly Suggestion[]> {
  const stopped = steps.map(() => STOPPED);
  const verifications = await unlessStopped(run, stopped, () =>
    run.services.verifier.verifyPlan(steps, run.pack, run.signal),
  );
  return steps.map((step, index) => ({ ...step, ...(verifications[index] ?? STOPPED) }));
}

function verification(run: Conversation, claim: Claim): Promise<Verification> {
  return unlessStopped(run, STOPPED, () => run.services.verifier.verify(claim, run.pack, run.signal));
}

/** The answer is whole, and paid for: whoever stops the run now gives up verdicts, not the answer. */
async function unlessStopped<Result>(
  { signal }: Conversation,
  stopped: Result,
  work: () => Promise<Result>,
): Promise<Result> {
  if (signal.aborted) return stopped;
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted) throw error;
    return stopped;
  }
}

const STOPPED: Verification = {
  verdict: "unverified",
  proof: { summary: "Not checked: the run was stopped before this was tried.", details: {} },
};

/** A repair is not shown as it comes: it takes a place inside the answer. */
const UNHEARD: AnswerListener = { text: () => undefined, reasoning: () => undefined };

function unusableAnswer(problems: readonly string[]): RunWarning {
  return {
    code: "MALFORMED_PROVIDER_RESPONSE",
    message: `The structured part of the answer cannot be used: ${problems.join("; ")}`,
  };
}

/** A claim that cites a place which is not in the facts has no ground; the reader must know. */
function citationWarnings(pack: PromptPack, answer: unknown): readonly RunWarning[] {
  const unknown = unknownEvidence(answer, new Set(pack.evidence.map((item) => item.id)));
  if (unknown.length === 0) return [];
  return [
    {
      code: "MALFORMED_PROVIDER_RESPONSE",
      message: `The answer cites ${unknown.join(", ")}, which the facts do not have.`,
    },
  ];
}

function refusalOf(finish: FinishReason | null, provider: string): AksaraError | null {
  if (finish !== "content-filter" && finish !== "refusal") return null;
  const what = finish === "refusal" ? "The model refused to answer" : "A content filter stopped the answer";
  return new AksaraError("CONTENT_FILTERED", `${what} (${provider}).`, {
    hint: "Look at what the pack contains, or choose another model.",
  });
}

function userMessage(text: string): ModelMessage {
  return { role: "user", content: [{ type: "text", text }] };
}

function textOf(message: ModelMessage): string {
  if (message.role === "tool") return message.results.map((result) => result.output).join("\n");
  return message.content.map((item) => (item.type === "text" ? item.text : "")).join("\n");
}
