import { readFile, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { AksaraError, isAksaraError, throwIfCancelled } from "../../errors.ts";
import type { CredentialReader } from "../../execution/credentials.ts";
import type { Connect } from "../../execution/execution-services.ts";
import { systemClock } from "../../providers/clock.ts";
import type { Connector } from "../../providers/model-stream.ts";
import type { Environment } from "../../providers/provider-address.ts";
import { createConnector } from "../../providers/registry.ts";
import { RequestGate } from "../../providers/retry/request-gate.ts";
import type { HttpTransport } from "../../providers/transport/http-transport.ts";
import { isWithin } from "../../workspace/is-within.ts";

/** How a host reaches language models. One for all its workspaces, so that they share a provider's rate limits. */
export interface ProviderAccess {
  readonly credentials: CredentialReader;
  readonly environment: Environment;
  /** `root`: folder that relative paths of a configuration start at, and must stay in. */
  connector(root: string): Connect;
  dispose(): Promise<void>;
}

export interface ProviderAccessOptions {
  readonly credentials: CredentialReader;
  readonly environment: Environment;
  readonly transport: HttpTransport;
  /** The editor's own models; absent outside an editor. */
  readonly editorModels?: () => Promise<Connector>;
}

export function openProviderAccess(options: ProviderAccessOptions): ProviderAccess {
  const { credentials, environment, transport, editorModels } = options;
  const gate = new RequestGate(systemClock);
  return {
    credentials,
    environment,
    connector: (root) => async (setup, key) => {
      if (setup.kind === "vscode-lm" && editorModels) return await editorModels();
      return createConnector(setup.config, {
        key,
        transport,
        clock: systemClock,
        gate,
        environment,
        readScript: (path, signal) => readScript(root, path, setup.inHub, signal),
      });
    },
    dispose: () => transport.dispose(),
  };
}

/** A path from a file of the workspace stays in the workspace; one from the environment is the person's own. */
async function readScript(root: string, path: string, bound: boolean, signal: AbortSignal): Promise<string> {
  const wanted = resolve(root, path);
  try {
    const file = bound ? await realpath(wanted) : wanted;
    if (bound && !isWithin(file, await realpath(root)))
      throw new AksaraError("PATH_REFUSED", `The script ${path} lies outside the workspace.`);
    return await readFile(file, { encoding: "utf8", signal });
  } catch (error) {
    throwIfCancelled(signal);
    if (isAksaraError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AksaraError("SPEC_INVALID", `The script ${path} cannot be read: ${reason}`, { cause: error });
  }
}
