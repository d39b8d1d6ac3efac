import type { TaskOptions } from "../../../agent/options.ts";
import type { AgentWorkspace } from "../../../agent/workspace-port.ts";
import type { RunDestination } from "../../../execution/run-options.ts";
import type { HarnessRuntime } from "../../../harness/runtime.ts";
import type { ChatMode } from "../../../protocol/chat.ts";
import { type AgentAccess, openAgents } from "../../shared/agent-access.ts";
import { environmentDatabases } from "../../shared/agent-databases.ts";
import { workspaceId } from "../../shared/state-directory.ts";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import { SecretDatabases } from "../databases/secret-databases.ts";
import type { Secrets } from "../providers/secret-credentials.ts";
import { askForRuntime } from "./ask-for-runtime.ts";
import { askForToolFile } from "./ask-for-tool-file.ts";
import type { CompanySettings, ThreadServices } from "./chat-thread.ts";

/** Asks whether a run may go where it is about to go. @throws CANCELLED when it may not */
export type Agree = (destination: RunDestination) => Promise<void>;

/** Provider and model that a person chose for the chat; null leaves them to the AI Hub. */
export type ChosenModel = { readonly provider: string; readonly model: string } | null;

/** The agents of the open workspace, with the journals that the command line has. Opened with the first question. */
export class ChatAgents {
  /** Addresses of databases with their passwords. */
  readonly databaseSecrets: SecretDatabases;
  readonly #workspace: StudioWorkspace;
  readonly #access: Promise<AgentAccess>;
  readonly #agree: Agree;
  #chosen: ChosenModel = null;
  /** Hashes of files whose agents the person does not want in this window. */
  readonly #refusedRuntimes = new Set<string>();

  constructor(workspace: StudioWorkspace, secrets: Secrets, distDir: string, agree: Agree) {
    this.#workspace = workspace;
    this.#agree = agree;
    const id = workspaceId(workspace.roots.map(({ path }) => path));
    this.databaseSecrets = new SecretDatabases(secrets, id, environmentDatabases(process.env));
    this.#access = openAgents({
      workspace: this.#agentWorkspace(),
      distDir,
      askForToolFile,
      databaseSecrets: this.databaseSecrets,
    });
  }

  get workspace(): StudioWorkspace {
    return this.#workspace;
  }

  access(): Promise<AgentAccess> {
    return this.#access;
  }

  /** What a conversation stands on. Several agents that work together are loaded with the first turn that needs them. */
  async threadServices(): Promise<ThreadServices> {
    const { runtime, store } = await this.#access;
    return { runtime, store, openCompany: (settings) => this.#openCompany(settings) };
  }

  /** What flows that the agent runs use as well. */
  use(chosen: ChosenModel): void {
    this.#chosen = chosen;
  }

  /** Options of a turn in a mode. What the mode does not allow is not even offered. */
  async optionsFor(mode: ChatMode, allowSystem: boolean): Promise<TaskOptions> {
    const { tools } = await this.#access;
    const offered = tools
      .list()
      .filter(
        (tool) => (tool.class !== "system" || allowSystem) && (mode !== "ask" || tool.class === "read"),
      );
    return { mode, tools: offered.map(({ name }) => name), ...this.modelOptions() };
  }

  modelOptions(): TaskOptions {
    const chosen = this.#chosen;
    return {
      ...(chosen ? { provider: chosen.provider, model: chosen.model } : {}),
      agree: this.#agree,
    };
  }

  async #openCompany(settings: CompanySettings): Promise<HarnessRuntime> {
    const [access, { openCompany }] = await Promise.all([this.#access, import("./company.ts")]);
    return await openCompany(settings, {
      access,
      roots: this.#workspace.roots,
      refused: this.#refusedRuntimes,
      ask: askForRuntime,
    });
  }

  async dispose(): Promise<void> {
    await this.#access.then(
      (access) => access.dispose(),
      // Nothing was opened.
      () => undefined,
    );
  }

  /** A flow that the agent runs goes to the same model, after the same question. */
  #agentWorkspace(): AgentWorkspace {
    const workspace = this.#workspace;
    return {
      roots: workspace.roots,
      trial: workspace.trial,
      view: (signal) => workspace.view(signal),
      buildPack: (request, options) => workspace.buildPack(request, options),
      execution: () => workspace.execution(),
      refresh: (uris) => workspace.refresh(uris),
      run: (request, options) => {
        const chosen = this.#chosen;
        const model = chosen ? { provider_override: chosen.provider, model_override: chosen.model } : {};
        return workspace.run({ ...request, ...model }, { ...options, agree: this.#agree });
      },
    };
  }
}
