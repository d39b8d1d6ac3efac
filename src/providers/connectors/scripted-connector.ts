import {
  type Connector,
  type FinishReason,
  type ModelCapabilities,
  type ModelMessage,
  type ModelPart,
  type ModelRequest,
  NO_CAPABILITIES,
  type TokenUsage,
} from "../model-stream.ts";
import { ProviderError } from "../provider-error.ts";
import type { Script, ScriptAnswer, ScriptStep } from "./script.ts";

const CAPABILITIES: ModelCapabilities = {
  ...NO_CAPABILITIES,
  tools: true,
  reasoning: true,
  temperature: true,
};

/**
 * Replays a script: each request takes the first answer left that fits it. No clock, no network, no random: the same
 * requests in the same order get the same parts.
 */
export class ScriptedConnector implements Connector {
  readonly kind = "scripted";
  readonly defaultModel: string;
  readonly #load: (signal: AbortSignal) => Promise<Script>;
  #script: Promise<Script> | null = null;
  readonly #used = new Set<ScriptAnswer>();
  #taken = 0;

  constructor(load: (signal: AbortSignal) => Promise<Script>, defaultModel: string) {
    this.#load = load;
    this.defaultModel = defaultModel;
  }

  capabilities(): ModelCapabilities {
    return CAPABILITIES;
  }

  async listModels(): Promise<readonly string[]> {
    return [this.defaultModel];
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart> {
    throwIfAborted(signal);
    this.#script ??= this.#load(signal);
    const loading = this.#script;
    const script = await loading.catch((error: unknown) => {
      // A script that could not be read once may be readable later.
      this.#script = null;
      throw error;
    });
    const answer = script.answers.find((each) => !this.#used.has(each) && fits(each, request));
    if (answer === undefined) throw nothingLeft(script, request);
    if (!answer.repeat) this.#used.add(answer);
    this.#taken++;
    yield* replay(answer, this.#taken, script.model ?? request.model, signal);
  }
}

async function* replay(
  answer: ScriptAnswer,
  number: number,
  model: string,
  signal: AbortSignal,
): AsyncIterable<ModelPart> {
  let calls = 0;
  for (const step of answer.steps) {
    throwIfAborted(signal);
    if ("wait" in step) await turns(step.wait, signal);
    else if ("hang" in step) await untilAborted(signal);
    else if ("error" in step) throw failureOf(step);
    else if ("tool" in step) {
      calls++;
      yield* toolParts(step, step.id ?? `call_${number}_${calls}`);
    } else if ("text" in step) yield { type: "text", delta: step.text };
    else if ("reasoning" in step) yield { type: "reasoning", delta: step.reasoning };
    else yield { type: "opaque", data: step.opaque };
  }
  throwIfAborted(signal);
  if (answer.usage) yield { type: "usage", usage: usageOf(answer.usage) };
  const reason: FinishReason = answer.finish ?? (calls > 0 ? "tool-calls" : "stop");
  yield { type: "finish", reason, model };
}

function* toolParts(step: Extract<ScriptStep, { tool: string }>, id: string): Iterable<ModelPart> {
  const malformed = step.malformed ?? null;
  const input = malformed === null ? (step.input ?? {}) : null;
  yield { type: "tool-input", id, name: step.tool, delta: malformed ?? JSON.stringify(input) };
  yield { type: "tool-call", id, name: step.tool, input, malformed };
}

function failureOf({ error }: Extract<ScriptStep, { error: unknown }>): ProviderError {
  return new ProviderError({
    kind: error.kind,
    message: error.message,
    provider: "scripted",
    status: error.status ?? null,
    retryAfterMs: error.retry_after_ms ?? null,
    retryable: error.retryable,
  });
}

function usageOf(usage: NonNullable<ScriptAnswer["usage"]>): TokenUsage {
  return {
    input: usage.input ?? null,
    cacheRead: usage.cache_read ?? null,
    cacheWrite: usage.cache_write ?? null,
    output: usage.output ?? null,
    reasoning: usage.reasoning ?? null,
  };
}

function fits(answer: ScriptAnswer, request: ModelRequest): boolean {
  const when = answer.when;
  if (when === undefined) return true;
  const last = request.messages.at(-1);
  return (
    (when.model === undefined || when.model === request.model) &&
    (when.system === undefined || request.system.includes(when.system)) &&
    (when.last === undefined || (last !== undefined && textOf(last).includes(when.last))) &&
    (when.tool_result === undefined ||
      (last?.role === "tool" && last.results.some((result) => result.name === when.tool_result)))
  );
}

function textOf(message: ModelMessage): string {
  if (message.role === "tool") return message.results.map((result) => result.output).join("\n");
  return message.content.map((each) => (each.type === "text" ? each.text : "")).join("\n");
}

function nothingLeft(script: Script, request: ModelRequest): ProviderError {
  const last = request.messages.at(-1);
  const shown = last === undefined ? "nothing" : JSON.stringify(textOf(last).slice(0, 80));
  return new ProviderError({
    kind: "invalid_request",
    provider: "scripted",
    message: `The script has no answer left for this request (${script.answers.length} in all; last message: ${shown}).`,
  });
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw aborted();
}

function aborted(): ProviderError {
  return new ProviderError({ kind: "aborted", provider: "scripted", message: "The request was cancelled." });
}

async function turns(count: number, signal: AbortSignal): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    throwIfAborted(signal);
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(aborted()), { once: true });
  });
}
