import * as vscode from "vscode";
import { AksaraError } from "../../errors.ts";
import type { FlowRequest } from "../../protocol/action.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { withUniqueNames } from "../../workspace/index/unique-names.ts";
import type { SourceRange, SourceRef } from "../../workspace/source.ts";
import type { StudioWorkspace } from "../shared/studio-workspace.ts";
import type { EditorProviders } from "./providers/editor-providers.ts";
import { type RunAccess, unknownAccess } from "./run-refusal.ts";
import { watchSources } from "./watch-sources.ts";

/** What the catalog says right now: the objects, and what the rules found about them. */
export interface CatalogView {
  readonly catalog: Catalog;
  readonly findings: readonly Finding[];
}

/**
 * The one context object of the extension. Building it costs nothing: the workspace is opened, and its code loaded,
 * when somebody first asks for the catalog.
 */
export class Studio implements vscode.Disposable {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  /** The catalog was built or changed: ask for it again. */
  readonly onDidChangeCatalog = this.#changed.event;
  readonly #accessChanged = new vscode.EventEmitter<void>();
  /** Whether packs can be run, or by whom, may be different now. */
  readonly onDidChangeAccess = this.#accessChanged.event;
  readonly #configurationChanged = new vscode.EventEmitter<void>();
  /** Keys, trust or the hub file have changed: what was said of the providers may not hold. */
  readonly onDidChangeConfiguration = this.#configurationChanged.event;
  readonly #subscriptions: vscode.Disposable[] = [];
  #providers: Promise<EditorProviders> | null = null;
  #access: RunAccess | null = null;
  #looks = 0;
  #lastLook: Promise<void> = Promise.resolve();
  #present: readonly string[] = [];
  #workspace: Promise<StudioWorkspace> | null = null;
  #watching: vscode.Disposable | null = null;
  #view: Promise<CatalogView> | null = null;
  #latest: CatalogView | null = null;

  constructor(extension: vscode.ExtensionContext) {
    this.extension = extension;
    this.log = vscode.window.createOutputChannel("Aksara Studio", { log: true });
    this.#subscriptions.push(
      this.log,
      this.#changed,
      this.#accessChanged,
      this.#configurationChanged,
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#reopen()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.refreshConfiguration()),
      extension.secrets.onDidChange(() => void this.refreshConfiguration()),
    );
  }

  dispose(): void {
    void this.#closeWorkspace();
    void this.#providers?.then(({ access }) => access.dispose());
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** The last view that was built; null before the first. Never starts work. */
  get latest(): CatalogView | null {
    return this.#latest;
  }

  /** The current view, read on first use with progress in the status bar. */
  view(): Promise<CatalogView> {
    this.#view ??= this.#read().catch((error: unknown) => {
      this.#view = null;
      this.log.error(error instanceof Error ? error : String(error));
      void vscode.commands.executeCommand("setContext", "aksara.readFailed", true);
      throw error;
    });
    return this.#view;
  }

  /** Builds a pack; failures of the request are in the pack. */
  async build(request: FlowRequest, signal?: AbortSignal): Promise<PromptPack> {
    const workspace = await this.workspace();
    const tokenBudget = vscode.workspace.getConfiguration("aksara").get<number>("flows.tokenBudget", 16_000);
    return await workspace.buildPack(request, { tokenBudget, signal });
  }

  /** How language models are reached; loaded on first use. */
  providers(): Promise<EditorProviders> {
    this.#providers ??= import("./providers/editor-providers.ts").then(({ openEditorProviders }) =>
      openEditorProviders(this.extension),
    );
    return this.#providers;
  }

  /** Whether packs can be run, as it was last seen. Never starts work. */
  get access(): RunAccess {
    // Trust may have come since.
    const unknown = unknownAccess();
    return unknown.refusal?.error_code === "WORKSPACE_UNTRUSTED" ? unknown : (this.#access ?? unknown);
  }

  /**
   * Looks again whether packs can be run. `present`: providers that have just been found to be there without being
   * configured; absent keeps those of last time. Nothing happens before the workspace was opened.
   */
  refreshAccess(present?: readonly string[]): Promise<void> {
    if (present) this.#present = present;
    if (!this.#workspace) return Promise.resolve();
    this.#lastLook = this.#look(this.#workspace, ++this.#looks);
    return this.#lastLook;
  }

  /** Of several looks at once the one that began last counts: the hub file may have changed in between. */
  async #look(workspace: Promise<StudioWorkspace>, number: number): Promise<void> {
    let access: RunAccess | null = null;
    try {
      const { readRunAccess } = await import("./providers/run-access.ts");
      access = await readRunAccess(await workspace, this.#present);
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
    }
    if (number !== this.#looks) return await this.#lastLook;
    this.#access = access;
    this.#accessChanged.fire();
  }

  /**
   * Asks local servers and the editor whether they have models, where nobody has configured any: a person has just
   * opened something that could be run.
   */
  async lookForProviders(signal: AbortSignal): Promise<void> {
    if (!this.#workspace || this.access.refusal?.error_code !== "AI_HUB_NOT_CONFIGURED") return;
    try {
      const { findPresent } = await import("./providers/read-hub.ts");
      const present = await findPresent((await this.#workspace).execution(), signal);
      if (present.length > 0 && !signal.aborted) await this.refreshAccess(present);
    } catch (error) {
      if (!signal.aborted) this.log.warn(`could not look for language models: ${String(error)}`);
    }
  }

  /** After a key, trust or the hub file changed. */
  async refreshConfiguration(): Promise<void> {
    await this.refreshAccess();
    this.#configurationChanged.fire();
  }

  workspace(): Promise<StudioWorkspace> {
    this.#workspace ??= this.#open().catch((error: unknown) => {
      this.#workspace = null;
      throw error;
    });
    return this.#workspace;
  }

  /** Reads changed files again. Without uris everything is looked at again. */
  async refresh(uris?: readonly vscode.Uri[]): Promise<void> {
    if (!this.#workspace) return;
    const workspace = await this.#workspace;
    if (uris) {
      const relative = uris.map((uri) => this.relativeUri(uri)).filter((uri) => uri !== null);
      if (relative.length === 0) return;
      workspace.refresh(relative);
    } else {
      workspace.refresh();
    }
    this.#view = null;
    this.#changed.fire();
    if (!uris || uris.some((uri) => /\/\.aksara(?:\/aihub\.json)?$/.test(uri.path)))
      await this.refreshConfiguration();
  }

  /** Uri of a file as documents carry it; null outside the workspace. */
  relativeUri(uri: vscode.Uri): string | null {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    const root = namedRoots().find(({ path }) => path === folder?.uri.fsPath);
    if (!folder || !root || uri.scheme !== "file") return null;
    const inside = uri.path.slice(folder.uri.path.length).replace(/^\/+/, "");
    return namedRoots().length > 1 ? `${root.name}/${inside}` : inside;
  }

  /** The file behind a document's relative uri; null when its folder is gone. */
  fileUri(relative: string): vscode.Uri | null {
    const roots = namedRoots();
    const [only] = roots;
    if (only && roots.length === 1) return vscode.Uri.joinPath(vscode.Uri.file(only.path), relative);
    const root = roots.find((candidate) => relative.startsWith(`${candidate.name}/`));
    return root
      ? vscode.Uri.joinPath(vscode.Uri.file(root.path), relative.slice(root.name.length + 1))
      : null;
  }

  async reveal(
    source: Pick<SourceRef, "uri" | "range">,
    options: vscode.TextDocumentShowOptions = {},
  ): Promise<void> {
    const uri = this.fileUri(source.uri);
    if (!uri) {
      throw new AksaraError("CONTEXT_NOT_FOUND", vscode.l10n.t("{0} is not in an open folder.", source.uri));
    }
    const selection = toRange(source.range);
    await vscode.window.showTextDocument(uri, {
      ...options,
      selection: new vscode.Range(selection.start, selection.start),
    });
  }

  async #open(): Promise<StudioWorkspace> {
    const roots = namedRoots();
    if (roots.length === 0) {
      throw new AksaraError("CONTEXT_NOT_FOUND", vscode.l10n.t("No folder is open."), {
        hint: vscode.l10n.t("Open the folder of a backend first."),
      });
    }
    const { openStudioWorkspace } = await import("../shared/studio-workspace.ts");
    const distDir = vscode.Uri.joinPath(this.extension.extensionUri, "dist").fsPath;
    const workspace = openStudioWorkspace({
      roots,
      distDir,
      trusted: () => vscode.workspace.isTrusted,
      providers: (await this.providers()).access,
      onCacheFailure: (error) => this.log.warn(`the catalog cache could not be used: ${String(error)}`),
    });
    this.#watching?.dispose();
    this.#watching = watchSources((uris) => void this.refresh(uris));
    queueMicrotask(() => void this.refreshAccess());
    return workspace;
  }

  async #read(): Promise<CatalogView> {
    const workspace = await this.workspace();
    const view = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Aksara: reading the workspace") },
      () => workspace.view(),
    );
    this.#latest = view;
    const { report } = view.catalog;
    this.log.info(
      `read ${report.filesParsed} of ${report.filesSeen} files; ${report.skipped.length} skipped`,
    );
    void vscode.commands.executeCommand("setContext", "aksara.catalogReady", true);
    void vscode.commands.executeCommand("setContext", "aksara.readFailed", false);
    queueMicrotask(() => this.#changed.fire());
    return view;
  }

  #reopen(): void {
    void this.#closeWorkspace();
    this.#latest = null;
    this.#access = null;
    this.#changed.fire();
    this.#accessChanged.fire();
  }

  async #closeWorkspace(): Promise<void> {
    const closing = this.#workspace;
    this.#workspace = null;
    this.#view = null;
    this.#watching?.dispose();
    this.#watching = null;
    if (closing)
      await closing.then(
        (workspace) => workspace.dispose(),
        () => undefined,
      );
  }
}

/** The open folders that lie on a disk, each by the name that documents carry where there are several. */
function namedRoots(): readonly { readonly name: string; readonly path: string }[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
  return withUniqueNames(folders.map((folder) => ({ name: folder.name, path: folder.uri.fsPath })));
}

export function toRange(range: SourceRange): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}
