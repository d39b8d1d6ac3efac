import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import type { HubRow } from "../providers/hub-rows.ts";
import type { Studio } from "../studio.ts";

/**
 * The AI Hub: which providers there are, which one a run takes and why. Local servers and the editor's own models are
 * asked whether they are there when a person opens the view, refreshes it, or opens a flow that nothing configured
 * could run, and at no other time.
 */
export function registerHubView({ studio }: HostContext): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const tree = new HubTree(studio, changed.event);
  const view = vscode.window.createTreeView("aksara.hub", { treeDataProvider: tree, showCollapseAll: false });
  const look = (): void => {
    tree.forget();
    if (view.visible) changed.fire();
  };
  return vscode.Disposable.from(
    changed,
    view,
    tree,
    view.onDidChangeVisibility(({ visible }) => (visible ? undefined : tree.forget())),
    studio.onDidChangeConfiguration(look),
    vscode.commands.registerCommand("aksara.hub.refresh", look),
  );
}

class HubTree implements vscode.TreeDataProvider<HubRow>, vscode.Disposable {
  readonly onDidChangeTreeData: vscode.Event<void>;
  readonly #studio: Studio;
  #rows: Promise<readonly HubRow[]> | null = null;
  #asking = new AbortController();

  constructor(studio: Studio, changed: vscode.Event<void>) {
    this.#studio = studio;
    this.onDidChangeTreeData = changed;
  }

  forget(): void {
    this.#asking.abort();
    this.#asking = new AbortController();
    this.#rows = null;
  }

  dispose(): void {
    this.#asking.abort();
  }

  getTreeItem(row: HubRow): vscode.TreeItem {
    const item = new vscode.TreeItem(
      row.label,
      row.children.length > 0
        ? vscode.TreeItemCollapsibleState.Collapsed
        : vscode.TreeItemCollapsibleState.None,
    );
    item.id = row.id;
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = new vscode.ThemeIcon(row.icon);
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: `${row.label}: ${row.description}` };
    if (row.id === "run" && !vscode.workspace.isTrusted)
      item.command = {
        title: vscode.l10n.t("Manage Workspace Trust"),
        command: "workbench.trust.manage",
      };
    return item;
  }

  async getChildren(row?: HubRow): Promise<HubRow[]> {
    if (row) return [...row.children];
    if (!vscode.workspace.workspaceFolders) return [];
    this.#rows ??= this.#read();
    return [...(await this.#rows)];
  }

  async #read(): Promise<readonly HubRow[]> {
    const { signal } = this.#asking;
    const { readHub } = await import("../providers/read-hub.ts");
    try {
      return await readHub(this.#studio, signal);
    } catch (error) {
      // Another reading has taken its place.
      if (signal.aborted) return [];
      this.#studio.log.error(error instanceof Error ? error : String(error));
      throw error;
    }
  }
}
