import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import type {
  AssistantContent,
  Connector,
  ModelCapabilities,
  ModelMessage,
  ModelPart,
  ModelRequest,
} from "../../../providers/model-stream.ts";
import { ProviderError, type ProviderErrorKind } from "../../../providers/provider-error.ts";

const KIND = "vscode-lm";

/** The language models that the editor offers, as one more provider. A model is called `vendor/id`. */
export class EditorModels implements Connector {
  readonly kind = KIND;
  /** What is there depends on what is installed: the first of the list is taken. */
  readonly defaultModel = null;
  #known: readonly vscode.LanguageModelChat[] = [];

  capabilities(model: string): ModelCapabilities {
    const known = this.#known.find((candidate) => nameOf(candidate) === model);
    return {
      tools: true,
      images: false,
      reasoning: false,
      temperature: false,
      caching: false,
      contextWindow: known?.maxInputTokens ?? null,
      maxOutputTokens: null,
    };
  }

  async listModels(): Promise<readonly string[]> {
    this.#known = await vscode.lm.selectChatModels();
    return this.#known.map(nameOf);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart> {
    const model = await this.#find(request.model);
    const cancelling = new vscode.CancellationTokenSource();
    const cancelled = new Promise<never>((_resolve, reject) => {
      if (signal.aborted) reject(aborted());
      signal.addEventListener("abort", () => reject(aborted()), { once: true });
    });
    // Nobody may be waiting for it when it comes.
    cancelled.catch(() => undefined);
    const cancel = () => cancelling.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    // A model need not heed the token, and an older editor does not tell it (measured with 1.106): the run ends anyway.
    const unlessCancelled = <T>(work: Thenable<T>): Promise<T> => Promise.race([work, cancelled]);
    let called = false;
    try {
      const response = await unlessCancelled(this.#send(model, request, cancelling.token));
      const parts = response.stream[Symbol.asyncIterator]();
      for (;;) {
        const { done, value: part } = await unlessCancelled(parts.next());
        if (done) break;
        if (part instanceof vscode.LanguageModelTextPart) yield { type: "text", delta: part.value };
        else if (part instanceof vscode.LanguageModelToolCallPart) {
          called = true;
          yield { type: "tool-call", id: part.callId, name: part.name, input: part.input, malformed: null };
        }
      }
      if (signal.aborted) throw aborted();
      // The editor tells neither why a model stopped nor what it used.
      yield { type: "finish", reason: called ? "tool-calls" : "unknown", model: request.model };
    } catch (error) {
      throw signal.aborted ? aborted() : failureOf(error);
    } finally {
      signal.removeEventListener("abort", cancel);
      // Also for a reader that went away in the middle.
      cancelling.cancel();
      cancelling.dispose();
    }
  }

  #send(
    model: vscode.LanguageModelChat,
    request: ModelRequest,
    token: vscode.CancellationToken,
  ): Thenable<vscode.LanguageModelChatResponse> {
    const { tools, maxOutputTokens } = request;
    return model.sendRequest(
      messagesOf(request),
      {
        justification: vscode.l10n.t("A prompt pack of Aksara Studio is run."),
        tools: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
        ...(maxOutputTokens === null ? {} : { modelOptions: { max_tokens: maxOutputTokens } }),
      },
      token,
    );
  }

  async #find(name: string): Promise<vscode.LanguageModelChat> {
    if (!this.#known.some((candidate) => nameOf(candidate) === name)) await this.listModels();
    const found = this.#known.find((candidate) => nameOf(candidate) === name || candidate.id === name);
    if (found) return found;
    throw new ProviderError({
      kind: "model_not_found",
      provider: KIND,
      message: vscode.l10n.t("The editor has no language model {0}.", name),
      hint: vscode.l10n.t("Choose one that is listed in the AI Hub."),
    });
  }
}

function nameOf(model: vscode.LanguageModelChat): string {
  return `${model.vendor}/${model.id}`;
}

/** The editor knows no system messages: they come first, from the user. */
function messagesOf(request: ModelRequest): vscode.LanguageModelChatMessage[] {
  const { User } = vscode.LanguageModelChatMessage;
  const system = request.system === "" ? [] : [User(request.system)];
  return [...system, ...request.messages.map(messageOf)];
}

function messageOf(message: ModelMessage): vscode.LanguageModelChatMessage {
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  switch (message.role) {
    case "user":
      return User(message.content.map((item) => new vscode.LanguageModelTextPart(item.text)));
    case "assistant":
      return Assistant(message.content.flatMap(assistantPart));
    case "tool":
      return User(
        message.results.map(
          ({ callId, output }) =>
            new vscode.LanguageModelToolResultPart(callId, [new vscode.LanguageModelTextPart(output)]),
        ),
      );
  }
}

function assistantPart(
  item: AssistantContent,
): (vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart)[] {
  if (item.type === "text") return [new vscode.LanguageModelTextPart(item.text)];
  if (item.type === "tool-call")
    return [new vscode.LanguageModelToolCallPart(item.id, item.name, Object(item.input))];
  return [];
}

function aborted(): ProviderError {
  return new ProviderError({ kind: "aborted", provider: KIND, message: "The request was cancelled." });
}

const KINDS: Readonly<Record<string, ProviderErrorKind>> = {
  NoPermissions: "permission",
  Blocked: "content_filter",
  NotFound: "model_not_found",
};

/** The model's own words, with what they mean for us. */
function failureOf(error: unknown): unknown {
  if (error instanceof AksaraError || !(error instanceof Error)) return error;
  const kind = error instanceof vscode.LanguageModelError ? KINDS[error.code] : undefined;
  return new ProviderError({
    kind: kind ?? "unknown",
    provider: KIND,
    message: error.message || vscode.l10n.t("The editor's language model failed without a reason."),
    cause: error,
  });
}
