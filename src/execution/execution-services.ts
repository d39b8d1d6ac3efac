import type { Connector } from "../providers/model-stream.ts";
import type { Environment } from "../providers/provider-address.ts";
import type { ProviderKey } from "../providers/provider-key.ts";
import type { RunTraceStore } from "../records/run-trace.ts";
import type { CredentialReader } from "./credentials.ts";
import type { AiHub } from "./hub/ai-hub.ts";
import type { ProviderSetup } from "./provider-setup.ts";
import type { Verifier } from "./verifier.ts";

/** Makes the connector of a provider; the host chooses the transport. Port. */
export type Connect = (setup: ProviderSetup, key: ProviderKey | null) => Promise<Connector>;

/** What a run needs from its host. */
export interface ExecutionServices {
  /** False: nothing is run, whatever else is configured. */
  readonly trusted: boolean;
  /** The hub of the workspace, as it is now. */
  readonly hub: () => Promise<AiHub>;
  readonly credentials: CredentialReader;
  /** The environment to read addresses from; the process's own, or nothing. */
  readonly environment: Environment;
  readonly connect: Connect;
  readonly verifier: Verifier;
  /** Null keeps nothing. */
  readonly traces: RunTraceStore | null;
}
