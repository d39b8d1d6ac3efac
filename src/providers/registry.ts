import { AksaraError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import { NoopConnector } from "./connectors/noop-connector.ts";
import { type Script, ScriptSchema } from "./connectors/script.ts";
import { ScriptedConnector } from "./connectors/scripted-connector.ts";
import type { Connector } from "./model-stream.ts";
import { type ProviderConfig, type ProviderConfigInput, ProviderConfigSchema } from "./provider-config.ts";
import { describeProvider } from "./provider-descriptors.ts";
import type { ProviderKey } from "./provider-key.ts";
import type { RequestGate } from "./retry/request-gate.ts";
import type { HttpTransport, Timeouts } from "./transport/http-transport.ts";

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
      throw new AksaraError("UNKNOWN_PROVIDER", `${describeProvider(config.kind).title} cannot be reached.`);
  }
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
  const parsed = ScriptSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AksaraError("SPEC_INVALID", `The script ${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}
