import { AksaraError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import { Exchange } from "./connectors/exchange.ts";
import { HttpConnector, type ProviderAttempt } from "./connectors/http-connector.ts";
import { NoopConnector } from "./connectors/noop-connector.ts";
import { type Script, ScriptSchema } from "./connectors/script.ts";
import { ScriptedConnector } from "./connectors/scripted-connector.ts";
import { capabilitiesOf } from "./model-capabilities.ts";
import type { Connector } from "./model-stream.ts";
import { contextWindowOf } from "./pricing/cost.ts";
import { baseUrlOf, type Environment } from "./provider-address.ts";
import { type ProviderConfig, type ProviderConfigInput, ProviderConfigSchema } from "./provider-config.ts";
import { describeProvider, type WireFormName } from "./provider-descriptors.ts";
import type { ProviderKey } from "./provider-key.ts";
import type { RequestGate } from "./retry/request-gate.ts";
import {
  type HttpTransport,
  LOCAL_TIMEOUTS,
  REMOTE_TIMEOUTS,
  type Timeouts,
} from "./transport/http-transport.ts";
import { isLoopback } from "./transport/proxy-options.ts";
import { anthropicMessages } from "./wire/anthropic.ts";
import { geminiGenerate } from "./wire/gemini.ts";
import { recordIn } from "./wire/json.ts";
import { ollamaChat } from "./wire/ollama.ts";
import { openaiChat } from "./wire/openai-chat.ts";
import { openaiResponses } from "./wire/openai-responses.ts";
import type { WireForm } from "./wire/wire-form.ts";

const FORMS: Readonly<Record<WireFormName, WireForm>> = {
  anthropic: anthropicMessages,
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  google: geminiGenerate,
  ollama: ollamaChat,
};

/** Requests in flight at once: a server in the cloud says itself when it is too much, a machine only becomes slow. */
const REMOTE_CONCURRENCY = 100;
const LOCAL_CONCURRENCY = 4;

/** What a host lends to its connectors. */
export interface ConnectorParts {
  /** Null for a provider without a key. */
  readonly key: ProviderKey | null;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  /** One for all connectors of the host. */
  readonly gate: RequestGate;
  /** Between 0 and 1, for the jitter of retries; `Math.random` when absent. */
  readonly random?: () => number;
  /** In place of the provider's own. */
  readonly timeouts?: Partial<Timeouts>;
  /** Where addresses of providers may stand (`OLLAMA_HOST`); none when absent. */
  readonly environment?: Environment;
  /** Told of every try, also of the failed ones before an answer. */
  readonly onAttempt?: (attempt: ProviderAttempt) => void;
  /** Gives the text of a script that the configuration names by path. */
  readonly readScript?: (path: string, signal: AbortSignal) => Promise<string>;
}

/** @throws AksaraError UNKNOWN_PROVIDER, SPEC_INVALID; ProviderError auth, when the key belongs elsewhere */
export function createConnector(input: ProviderConfigInput, parts: ConnectorParts): Connector {
  const config = parseConfig(input);
  switch (config.kind) {
    case "noop":
      return new NoopConnector();
    case "scripted":
      return scripted(config, parts);
    case "vscode-lm":
      throw new AksaraError("UNKNOWN_PROVIDER", "The editor's own models are reached inside VS Code only.");
    default:
      return overHttp(config, parts);
  }
}

function overHttp(config: ProviderConfig, parts: ConnectorParts): Connector {
  const descriptor = describeProvider(config.kind);
  const baseUrl = baseUrlOf(config, parts.environment ?? {});
  if (baseUrl === null) {
    throw new AksaraError("SPEC_INVALID", `${descriptor.title} needs a base_url.`);
  }
  const form = formOf(config, baseUrl, descriptor.wire);
  const isLocal = descriptor.local || isLoopback(baseUrl);
  return new HttpConnector({
    kind: config.kind,
    defaultModel: config.model ?? config.deployment ?? descriptor.defaultModel,
    form,
    exchange: new Exchange({
      provider: config.kind,
      baseUrl,
      key: parts.key,
      keyHeader: keyHeaderOf(config, form),
      headers: { ...form.headers, ...lowerCased(config.headers ?? {}) },
      transport: parts.transport,
      timeouts: { ...(isLocal ? LOCAL_TIMEOUTS : REMOTE_TIMEOUTS), ...parts.timeouts },
      clock: parts.clock,
    }),
    contextOf: (model) => ({
      config,
      baseUrl,
      capabilities: capabilitiesOf(config, model, contextWindowOf(config.kind, model)),
    }),
    gate: parts.gate,
    maxConcurrency: config.max_concurrency ?? (isLocal ? LOCAL_CONCURRENCY : REMOTE_CONCURRENCY),
    clock: parts.clock,
    random: parts.random ?? Math.random,
    onAttempt: parts.onAttempt ?? null,
  });
}

function formOf(config: ProviderConfig, baseUrl: URL, usual: WireFormName | null): WireForm {
  // What stands at another address than OpenAI's own is a server compatible with it: those know the older form.
  const isElsewhere = config.kind === "openai" && baseUrl.hostname !== "api.openai.com";
  const form = FORMS[config.wire ?? (isElsewhere ? "openai-chat" : (usual ?? "openai-chat"))];
  if (config.kind !== "http") return form;
  return { ...form, call: (request, context) => ({ ...form.call(request, context), url: new URL(baseUrl) }) };
}

function keyHeaderOf(config: ProviderConfig, form: WireForm): WireForm["keyHeader"] {
  const name =
    config.key_header?.toLowerCase() ?? (config.kind === "azure" ? "api-key" : form.keyHeader.name);
  return { name, prefix: name === "authorization" ? "Bearer " : "" };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function parseConfig(input: ProviderConfigInput): ProviderConfig {
  const parsed = ProviderConfigSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new AksaraError(
    "SPEC_INVALID",
    `The provider's configuration is wrong: ${path}${issue?.message ?? ""}`,
  );
}

function scripted(config: ProviderConfig, parts: ConnectorParts): Connector {
  const { script } = config;
  const model = config.model ?? (typeof script === "object" ? script.model : undefined) ?? "scripted";
  if (script === undefined) throw new AksaraError("SPEC_INVALID", "A scripted provider needs a script.");
  if (typeof script === "object") return new ScriptedConnector(async () => script, model);
  const read = parts.readScript;
  if (read === undefined) throw new AksaraError("SPEC_INVALID", "This host reads no scripts from files.");
  return new ScriptedConnector(async (signal) => parseScript(await read(script, signal), script), model);
}

function parseScript(text: string, path: string): Script {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AksaraError("SPEC_INVALID", `The script ${path} is not JSON.`, { cause: error });
  }
  // The trace of a run holds its script beside what the run came from and what became of it.
  const parsed = ScriptSchema.safeParse(recordIn(json).script ?? json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AksaraError("SPEC_INVALID", `The script ${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}
