import { pathToFileURL } from "node:url";
import type { WorkspaceTrial } from "../../agent/workspace-trial.ts";
import type { IndexAdvising } from "../../analysis/advise/advise-indexes.ts";
import { analyse } from "../../analysis/registry.ts";
import type { JudgedQuery } from "../../analysis/verify/judged-query.ts";
import type { PlanStep, PlanVerification } from "../../analysis/verify/rollout-plan.ts";
import type { Tried, Verification } from "../../analysis/verify/verification.ts";
import type { QueryExplanation } from "../../database/plan/explain-query.ts";
import { AksaraError } from "../../errors.ts";
import type { CredentialReader } from "../../execution/credentials.ts";
import { executeFlow, type FlowOptions } from "../../execution/execute-flow.ts";
import type { ExecutionServices } from "../../execution/execution-services.ts";
import type { ParsedHub } from "../../execution/hub/parse-ai-hub.ts";
import type { Verifier } from "../../execution/verifier.ts";
import { ActionRegistry } from "../../flows/actions/registry.ts";
import { buildPromptPack } from "../../flows/build-prompt-pack.ts";
import type { LockMeter, LocksAnswer } from "../../flows/facts/lock-meter.ts";
import type { PlanRequest, QueryPlanner } from "../../flows/facts/query-planner.ts";
import type { FlowRequest } from "../../protocol/action.ts";
import type { FlowRun } from "../../protocol/execution.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import { RunHistory } from "../../records/run-history.ts";
import { RunTraceStore } from "../../records/run-trace.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { WorkspaceIndex, type WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { readAiHub } from "./ai-hub-file.ts";
import { assetPaths, extractionWorkerPath, indexThreadPath } from "./asset-paths.ts";
import { type CustomActions, readCustomActions } from "./custom-actions.ts";
import type { GivenSchema } from "./given-schema.ts";
import type { ProviderAccess } from "./provider-access.ts";
import { stateDirectory, traceFolder } from "./state-directory.ts";
import { readWorkspaceStatistics } from "./statistics-file.ts";
import { catalogWith } from "./trial-catalog.ts";
import { WorkspaceLab } from "./workspace-lab.ts";

export interface StudioWorkspaceOptions {
  readonly roots: readonly WorkspaceRoot[];
  /** Folder of the built product: workers, children and assets are below it. */
  readonly distDir: string;
  /** Keep facts and traces of runs; false reads everything anew and leaves nothing behind. */
  readonly cache?: boolean;
  /** Hears why facts could not be kept; the catalog does not depend on it. */
  readonly onCacheFailure?: (error: unknown) => void;
  /** Asked before each run; absent: not trusted, so packs can be built and nothing is run. */
  readonly trusted?: () => boolean;
  /** How language models are reached; absent: not at all. Belongs to the host, which disposes of it. */
  readonly providers?: ProviderAccess;
  /** The schema that queries and migrations are tried on; absent: that of the workspace. */
  readonly given?: GivenSchema;
  /** Tries what an answer suggests; absent: the lab of the workspace does. */
  readonly verifier?: Verifier;
}

/** Options of one run; provider and model are in the request. */
export type RunFlowOptions = Omit<FlowOptions, "providerOverride" | "modelOverride"> &
  Pick<BuildPackOptions, "tokenBudget">;

export interface BuildPackOptions {
  readonly tokenBudget?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The catalog with what the rules found in it. */
export interface WorkspaceView {
  readonly catalog: Catalog;
  readonly findings: readonly Finding[];
}

/** An open workspace as every host uses it: one reading, one set of rules, one builder. */
export class StudioWorkspace {
  readonly #index: WorkspaceIndex;
  readonly #options: StudioWorkspaceOptions;
  /** Null keeps nothing. */
  readonly #traces: RunTraceStore | null;
  /** The runs that were kept, by whatever host; null where none are kept. */
  readonly history: RunHistory | null;
  #view: WorkspaceView | null = null;
  readonly #lab: WorkspaceLab;
  #custom: Promise<CustomActions> | null = null;

  constructor(index: WorkspaceIndex, options: StudioWorkspaceOptions) {
    this.#index = index;
    this.#options = options;
    const traces = options.cache === false ? null : traceFolder(options.roots.map((root) => root.path));
    this.#traces = traces === null ? null : new RunTraceStore(traces);
    this.history = this.#traces === null ? null : new RunHistory(this.#traces);
    this.#lab = new WorkspaceLab({
      distDir: options.distDir,
      stateFolder: stateFolderOf(options),
      given: options.given ?? null,
    });
  }

  get roots(): readonly WorkspaceRoot[] {
    return this.#options.roots;
  }

  /** The catalog and its findings; read on first use and after a refresh. */
  async view(signal?: AbortSignal): Promise<WorkspaceView> {
    const catalog = await this.#index.catalog({ signal });
    const known = this.#view;
    if (known?.catalog === catalog) return known;
    const view = { catalog, findings: analyse(catalog) };
    this.#view = view;
    return view;
  }

  /** The actions of this workspace: the shipped ones and those its files define. */
  async actions(): Promise<ActionRegistry> {
    return new ActionRegistry((await this.customActions()).actions);
  }

  /** Actions that files of the workspace define, and the files that fail to. */
  customActions(): Promise<CustomActions> {
    this.#custom ??= readCustomActions(this.#options.roots);
    return this.#custom;
  }

  async buildPack(request: FlowRequest, options: BuildPackOptions = {}): Promise<PromptPack> {
    const { signal } = options;
    const registry = await this.actions();
    return await buildPromptPack(
      request,
      async () => {
        const { catalog, findings } = await this.view(signal);
        return {
          catalog,
          findings,
          readText: (uri) => this.#index.readText(uri),
          planner: this.#planner(catalog),
          meter: this.#trusted ? this.#lab.meter.on(catalog) : UNTRUSTED_METER,
        };
      },
      {
        registry,
        signal,
        ...(options.tokenBudget ? { tokenBudget: options.tokenBudget } : {}),
      },
    );
  }

  /**
   * Plans one query on the schema of the workspace, without its data.
   * @throws WORKSPACE_UNTRUSTED, RUNTIME_ERROR when the engine fails, CANCELLED
   */
  async explain(request: PlanRequest, signal?: AbortSignal): Promise<QueryExplanation> {
    this.#demandTrust();
    const { catalog } = await this.view(signal);
    const statistics = await readWorkspaceStatistics(this.#options.roots);
    return await this.#lab.explain(request, catalog, statistics, signal);
  }

  /**
   * Looks for indexes that would pay for a query, by trying them on the schema of the workspace.
   * @throws WORKSPACE_UNTRUSTED, RUNTIME_ERROR when the engine fails, CANCELLED
   */
  async advise(request: PlanRequest, signal?: AbortSignal): Promise<IndexAdvising> {
    this.#demandTrust();
    const { catalog } = await this.view(signal);
    const { statistics } = await readWorkspaceStatistics(this.#options.roots);
    return await this.#lab.advise(request, catalog, statistics, signal);
  }

  /**
   * Measures what a migration keeps others from while it runs.
   * @throws WORKSPACE_UNTRUSTED, CANCELLED
   */
  async locks(migrationId: string, signal?: AbortSignal): Promise<LocksAnswer> {
    this.#demandTrust();
    const { catalog } = await this.view(signal);
    return await this.#lab.meter.on(catalog).measure(migrationId, signal);
  }

  /**
   * Tries a suggestion in the lab. `query`: what an index or a rewrite is for.
   * @throws WORKSPACE_UNTRUSTED, RUNTIME_ERROR when the engine fails, CANCELLED
   */
  async verify(suggestion: Tried, query: JudgedQuery | null, signal?: AbortSignal): Promise<Verification> {
    this.#demandTrust();
    const { catalog } = await this.view(signal);
    const { statistics } = await readWorkspaceStatistics(this.#options.roots);
    return await this.#lab.verify(suggestion, { catalog, statistics, query, near: "" }, signal);
  }

  /**
   * Carries a migration out on a copy of the schema, or a plan that leads to the same; null for the migration itself.
   * @throws WORKSPACE_UNTRUSTED, RUNTIME_ERROR when the engine fails, CANCELLED
   */
  async verifyMigration(
    migrationId: string,
    plan: readonly PlanStep[] | null,
    signal?: AbortSignal,
  ): Promise<PlanVerification> {
    this.#demandTrust();
    const { catalog } = await this.view(signal);
    return await this.#lab.verifyPlan(plan, migrationId, catalog, signal);
  }

  #demandTrust(): void {
    if (this.#trusted) return;
    throw new AksaraError(
      "WORKSPACE_UNTRUSTED",
      "Queries of a workspace that is not trusted are not planned.",
    );
  }

  /** What a workspace describes as its schema is run in the lab: not before somebody trusts it. */
  #planner(catalog: Catalog): QueryPlanner {
    return this.#trusted ? this.#lab.planner(catalog, this.#options.roots) : UNTRUSTED_PLANNER;
  }

  /** Loaded with the first suggestion: most runs, and every start, have none. */
  readonly #verifier: Verifier = {
    verify: async (...claim) => await (await this.#labVerifier()).verify(...claim),
    verifyPlan: async (...plan) => await (await this.#labVerifier()).verifyPlan(...plan),
  };

  async #labVerifier(): Promise<Verifier> {
    const { labVerifier } = await import("./lab-verifier.ts");
    return labVerifier({
      lab: this.#lab,
      roots: this.#options.roots,
      trusted: () => this.#trusted,
      catalog: async (until) => (await this.view(until)).catalog,
    });
  }

  get #trusted(): boolean {
    return this.#options.trusted?.() ?? false;
  }

  /** The AI Hub as its file says now, and what is wrong with the file. */
  hub(): Promise<ParsedHub> {
    return readAiHub(this.#options.roots);
  }

  /** Builds the pack of a request and runs it; every failure is in the document. */
  async run(request: FlowRequest, options: RunFlowOptions = {}): Promise<FlowRun> {
    const { tokenBudget, ...runOptions } = options;
    return await executeFlow(
      request.flow_type,
      request.action_key,
      request.context,
      {
        ...runOptions,
        providerOverride: request.provider_override,
        modelOverride: request.model_override,
      },
      {
        buildPack: (wanted, { signal }) =>
          this.buildPack(wanted, { signal, ...(tokenBudget ? { tokenBudget } : {}) }),
        execution: this.execution(),
      },
    );
  }

  /** What running a pack needs, for this workspace. */
  execution(): ExecutionServices {
    const { providers, roots, trusted, verifier } = this.#options;
    return {
      trusted: trusted?.() ?? false,
      hub: async () => (await this.hub()).hub,
      credentials: providers?.credentials ?? NO_CREDENTIALS,
      environment: providers?.environment ?? {},
      connect: providers?.connector(roots[0]?.path ?? "") ?? refuseToConnect,
      verifier: verifier ?? this.#verifier,
      traces: this.#traces,
    };
  }

  /** Tries files that are not written yet; nothing of it stays. */
  get trial(): WorkspaceTrial {
    return {
      catalogWith: (files, signal) => catalogWith(files, this.#options, signal),
      build: async (schema, signal) => {
        if (!this.#trusted)
          throw new AksaraError(
            "WORKSPACE_UNTRUSTED",
            "The schema of a workspace that is not trusted is not built.",
          );
        return await this.#lab.build(schema, signal);
      },
    };
  }

  /** Reads changed files again on the next use; without uris looks at everything. */
  refresh(uris?: readonly string[]): void {
    this.#custom = null;
    this.#index.refresh(uris);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#index.dispose(), this.#lab.dispose()]);
  }
}

export function openStudioWorkspace(options: StudioWorkspaceOptions): StudioWorkspace {
  return new StudioWorkspace(
    new WorkspaceIndex({
      roots: options.roots,
      assets: assetPaths(options.distDir),
      onCacheFailure: options.onCacheFailure,
      workerUrl: pathToFileURL(extractionWorkerPath(options.distDir)),
      threadUrl: pathToFileURL(indexThreadPath(options.distDir)),
      stateFolder: stateFolderOf(options),
    }),
    options,
  );
}

function stateFolderOf({ cache, roots }: StudioWorkspaceOptions): string | null {
  return cache === false ? null : stateDirectory(roots.map((root) => root.path));
}

/** Says in every pack why no query was planned. */
export const UNTRUSTED_PLANNER: QueryPlanner = {
  plan: async () => ({
    kind: "not-planned",
    status: "not available (T0): the workspace is not trusted, so its schema is not built",
    refusal: null,
    inputs: [{ name: "lab", hash: "" }],
  }),
  advise: async () => ({ kind: "not-advised", status: "not available: the workspace is not trusted" }),
};

/** Says in every pack why no lock was measured. */
export const UNTRUSTED_METER: LockMeter = {
  measure: async () => ({
    kind: "not-measured",
    status: "not available (T0): the workspace is not trusted, so its schema is not built",
    inputs: [{ name: "lab", hash: "" }],
  }),
};

const NO_CREDENTIALS: CredentialReader = { get: async () => null };

async function refuseToConnect(): Promise<never> {
  throw new AksaraError("AI_HUB_NOT_CONFIGURED", "This host reaches no language models.");
}
