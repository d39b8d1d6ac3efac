import { basename, resolve } from "node:path";
import {
  type CredentialReader,
  environmentCredentials,
  firstCredential,
} from "../../execution/credentials.ts";
import type { ExecutionServices } from "../../execution/execution-services.ts";
import type { ParsedHub } from "../../execution/hub/parse-ai-hub.ts";
import type { Verifier } from "../../execution/verifier.ts";
import type { ActionRegistry } from "../../flows/actions/registry.ts";
import type { FlowRequest } from "../../protocol/action.ts";
import type { FlowRun } from "../../protocol/execution.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import type { Environment } from "../../providers/provider-address.ts";
import { UndiciTransport } from "../../providers/transport/undici-transport.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { distDirectory } from "../shared/dist-directory.ts";
import { openProviderAccess } from "../shared/provider-access.ts";
import {
  type BuildPackOptions,
  openStudioWorkspace,
  type RunFlowOptions,
  type WorkspaceView,
} from "../shared/studio-workspace.ts";

export interface WorkspaceOptions {
  /** False: packs can be built, nothing is run. True when absent: the caller has chosen the folder. */
  readonly trusted?: boolean;
  /** Keep facts and traces of runs in the state directory; true when absent. */
  readonly cache?: boolean;
  /** Keys, addresses and proxy; the process's own environment when absent. */
  readonly environment?: Environment;
  /** Asked for keys before the environment. */
  readonly credentials?: CredentialReader;
  /** Tries what answers suggest; the database lab of the workspace when absent. */
  readonly verifier?: Verifier;
}

/** An open folder. It is read when something is first asked of it; close it with `dispose`. */
export interface Workspace {
  readonly roots: readonly WorkspaceRoot[];
  actions(): Promise<ActionRegistry>;
  view(signal?: AbortSignal): Promise<WorkspaceView>;
  hub(): Promise<ParsedHub>;
  buildPack(request: FlowRequest, options?: BuildPackOptions): Promise<PromptPack>;
  run(request: FlowRequest, options?: RunFlowOptions): Promise<FlowRun>;
  execution(): ExecutionServices;
  refresh(uris?: readonly string[]): void;
  dispose(): Promise<void>;
}

/** Opens a folder. Nothing is read, and nothing reached, before it is needed. */
export function openWorkspace(path: string, options: WorkspaceOptions = {}): Workspace {
  const { trusted = true, cache = true, environment = process.env, credentials, verifier } = options;
  const fromEnvironment = environmentCredentials(environment);
  const providers = openProviderAccess({
    credentials: credentials ? firstCredential(credentials, fromEnvironment) : fromEnvironment,
    environment,
    transport: new UndiciTransport({ environment }),
  });
  const folder = resolve(path);
  const studio = openStudioWorkspace({
    roots: [{ name: basename(folder), path: folder }],
    distDir: distDirectory(),
    cache,
    trusted: () => trusted,
    providers,
    ...(verifier ? { verifier } : {}),
  });
  return {
    roots: studio.roots,
    actions: () => studio.actions(),
    view: (signal) => studio.view(signal),
    hub: () => studio.hub(),
    buildPack: (request, build) => studio.buildPack(request, build),
    run: (request, run) => studio.run(request, run),
    execution: () => studio.execution(),
    refresh: (uris) => studio.refresh(uris),
    dispose: async () => {
      await Promise.all([studio.dispose(), providers.dispose()]);
    },
  };
}
