import * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import type { Finding } from "../../../protocol/finding.ts";
import type { SourceRef } from "../../../workspace/source.ts";
import type { SectionSpec } from "../manifest/sections.ts";
import type { Studio } from "../studio.ts";
import { toRange } from "../studio.ts";
import { targetsOf } from "./describe-target.ts";
import { sectionNodes } from "./group-objects.ts";
import { isAtRisk, objectItem } from "./object-item.ts";
import { partsOf } from "./object-parts.ts";
import type { SectionNode } from "./section-node.ts";

/** The tree of one section. Asks for the catalog when it is first shown. */
export class SectionTree implements vscode.TreeDataProvider<SectionNode>, vscode.Disposable {
  readonly #studio: Studio;
  readonly #section: SectionSpec;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #filter = "";
  #parents = new Map<string, SectionNode>();

  constructor(studio: Studio, section: SectionSpec) {
    this.#studio = studio;
    this.#section = section;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  refresh(): void {
    this.#changed.fire();
  }

  set filter(text: string) {
    this.#filter = text;
    this.refresh();
  }

  get filter(): string {
    return this.#filter;
  }

  /** Number of objects: all, and those that the tree shows; null before the catalog was read. */
  get count(): { readonly shown: number; readonly all: number } | null {
    const view = this.#studio.latest;
    if (!view) return null;
    const shown = sectionNodes(this.#section, view, this.#filter).reduce(
      (sum, node) => sum + (node.type === "group" ? node.children.length : 1),
      0,
    );
    return { shown, all: targetsOf(view, this.#section.kind).length };
  }

  async getChildren(node?: SectionNode): Promise<SectionNode[]> {
    if (!node) {
      // Without a folder the view's welcome says what to do; an error beside it would say it again.
      if (!vscode.workspace.workspaceFolders?.length) return [];
      const view = await this.#studio.view().catch(() => null);
      // It is in the log, and the view's welcome says so: five error messages would not help.
      if (!view) return [];
      const roots = sectionNodes(this.#section, view, this.#filter);
      this.#parents = new Map(
        roots.flatMap((group) =>
          group.type === "group" ? group.children.map((child) => [keyOf(child), group] as const) : [],
        ),
      );
      return [...roots];
    }
    if (node.type === "group") return [...node.children];
    return node.type === "object" ? [...partsOf(node.target)] : [];
  }

  getParent(node: SectionNode): SectionNode | undefined {
    return this.#parents.get(keyOf(node));
  }

  /** The row of an object; undefined when the filter hides it. */
  async find(objectId: string): Promise<SectionNode | undefined> {
    const roots = await this.getChildren();
    return roots
      .flatMap((node) => (node.type === "group" ? node.children : [node]))
      .find((node) => node.type === "object" && node.objectId === objectId);
  }

  getTreeItem(node: SectionNode): vscode.TreeItem {
    switch (node.type) {
      case "group":
        return this.#groupItem(node);
      case "object":
        return this.#objectItem(node.objectId, node.target, node.label);
      case "part":
        return this.#partItem(node);
    }
  }

  #objectItem(objectId: string, target: FlowTarget, label: string): vscode.TreeItem {
    const item = objectItem(target, label, this.#findings);
    if (partsOf(target).length > 0) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
    item.id = `${this.#section.id}/${objectId}`;
    item.contextValue = `aksara.${target.kind}`;
    const source =
      target.kind === "diagnostic" ? target.finding.source : { uri: target.uri, range: target.nameRange };
    const command = this.#openCommand(source);
    if (command) item.command = command;
    return item;
  }

  /** A click shows the source and leaves the focus in the tree; a double click or Enter goes there. */
  #openCommand(source: Pick<SourceRef, "uri" | "range">): vscode.Command | undefined {
    const uri = this.#studio.fileUri(source.uri);
    if (!uri) return undefined;
    const start = toRange(source.range).start;
    return {
      title: vscode.l10n.t("Open in Editor"),
      command: "vscode.open",
      arguments: [uri, { selection: new vscode.Range(start, start) }],
    };
  }

  #partItem(node: Extract<SectionNode, { type: "part" }>): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label);
    item.id = node.id;
    item.description = node.description;
    item.iconPath = new vscode.ThemeIcon(node.icon);
    const command = this.#openCommand(node.source);
    if (command) item.command = command;
    return item;
  }

  #groupItem(node: Extract<SectionNode, { type: "group" }>): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
    item.id = node.id;
    item.contextValue = "aksara.group";
    const atRisk = node.children.filter(
      (child) => child.type === "object" && isAtRisk(child.target, this.#findings),
    ).length;
    const count = String(node.children.length);
    item.description = atRisk > 0 ? `${count} · ${vscode.l10n.t("{0} at risk", atRisk)}` : count;
    item.accessibilityInformation = { label: `${node.label}, ${item.description}` };
    return item;
  }

  get #findings(): readonly Finding[] {
    return this.#studio.latest?.findings ?? [];
  }
}

function keyOf(node: SectionNode): string {
  return node.type === "object" ? node.objectId : node.id;
}
