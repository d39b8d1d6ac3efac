import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { analyse } from "../../analysis/registry.ts";
import { ActionRegistry } from "../../flows/actions/registry.ts";
import { buildPromptPack } from "../../flows/build-prompt-pack.ts";
import type { FlowRequest } from "../../protocol/action.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { WorkspaceIndex, type WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { assetPaths } from "./asset-paths.ts";
import { type CustomActions, readCustomActions } from "./custom-actions.ts";
import { stateDirectory } from "./state-directory.ts";

export interface StudioWorkspaceOptions {
  readonly roots: readonly WorkspaceRoot[];
  /** Folder of the built product: workers, children and assets are below it. */
  readonly distDir: string;
  /** Keep facts between runs; false reads everything anew and leaves nothing behind. */
  readonly cache?: boolean;
  /** Hears why facts could not be kept; the catalog does not depend on it. */
  readonly onCacheFailure?: (error: unknown) => void;
}

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
  readonly #roots: readonly WorkspaceRoot[];
  #view: WorkspaceView | null = null;
  #custom: Promise<CustomActions> | null = null;

  constructor(index: WorkspaceIndex, roots: readonly WorkspaceRoot[]) {
    this.#index = index;
    this.#roots = roots;
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
    this.#custom ??= readCustomActions(this.#roots);
    return this.#custom;
  }

  async buildPack(request: FlowRequest, options: BuildPackOptions = {}): Promise<PromptPack> {
    const { signal } = options;
    const registry = await this.actions();
    return await buildPromptPack(
      request,
      async () => {
        const { catalog, findings } = await this.view(signal);
        return { catalog, findings, readText: (uri) => this.#index.readText(uri) };
      },
      {
        registry,
        signal,
        ...(options.tokenBudget ? { tokenBudget: options.tokenBudget } : {}),
      },
    );
  }

  /** Reads changed files again on the next use; without uris looks at everything. */
  refresh(uris?: readonly string[]): void {
    this.#custom = null;
    this.#index.refresh(uris);
  }

  async dispose(): Promise<void> {
    await this.#index.dispose();
  }
}

export function openStudioWorkspace(options: StudioWorkspaceOptions): StudioWorkspace {
  return new StudioWorkspace(
    new WorkspaceIndex({
      roots: options.roots,
      assets: assetPaths(options.distDir),
      onCacheFailure: options.onCacheFailure,
      workerUrl: pathToFileURL(join(options.distDir, "workers", "extraction.js")),
      stateFolder: options.cache === false ? null : stateDirectory(options.roots.map((root) => root.path)),
    }),
    options.roots,
  );
}
