import * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import { findingsAbout } from "../../../flows/facts/finding-facts.ts";
import { guardVerdict } from "../../../flows/facts/route-lines.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import type { SectionSpec } from "../manifest/sections.ts";
import type { Studio } from "../studio.ts";
import { toRange } from "../studio.ts";
import { iconOf, labelOf } from "./describe-target.ts";
import { sectionNodes } from "./group-objects.ts";
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

  /** Number of objects that the tree shows; null before the catalog was read. */
  get count(): number | null {
    const view = this.#studio.latest;
    if (!view) return null;
    return sectionNodes(this.#section, view, this.#filter).reduce(
      (sum, node) => sum + (node.type === "group" ? node.children.length : 1),
      0,
    );
  }

  async getChildren(node?: SectionNode): Promise<SectionNode[]> {
    if (!node) {
      // Without a folder the view's welcome says what to do; an error beside it would say it again.
      if (!vscode.workspace.workspaceFolders?.length) return [];
      const roots = sectionNodes(this.#section, await this.#studio.view(), this.#filter);
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
        return groupItem(node);
      case "object":
        return this.#objectItem(node.objectId, node.target, node.label);
      case "part":
        return this.#partItem(node);
    }
  }

  #objectItem(objectId: string, target: FlowTarget, label: string): vscode.TreeItem {
    const hasParts = partsOf(target).length > 0;
    const item = new vscode.TreeItem(
      label,
      hasParts ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.id = `${this.#section.id}/${objectId}`;
    item.contextValue = `aksara.${target.kind}`;
    item.description = this.#description(target);
    item.iconPath = new vscode.ThemeIcon(iconOf(target), colorOf(target));
    item.tooltip = tooltipOf(target);
    item.command = {
      title: vscode.l10n.t("Open in Editor"),
      command: "aksara.revealObject",
      arguments: [{ objectId }],
    };
    item.accessibilityInformation = { label: `${labelOf(target)}, ${item.description}` };
    return item;
  }

  #description(target: FlowTarget): string {
    const issues =
      target.kind === "diagnostic"
        ? 0
        : findingsAbout(this.#studio.latest?.findings ?? [], [target.id]).length;
    const marks = issues > 0 ? [issueCount(issues)] : [];
    switch (target.kind) {
      case "model":
        return [fieldsText(target), ...marks].join(" · ");
      case "route":
        return [shortVerdict(guardVerdict(target.guards)), ...marks].join(" · ");
      case "query":
        return [target.operation, target.within ?? "", ...marks].filter((part) => part !== "").join(" · ");
      case "migration":
        return [operationCount(target.operations.length), ...marks].join(" · ");
      case "diagnostic":
        return placeText(target.finding.source);
    }
  }

  #partItem(node: Extract<SectionNode, { type: "part" }>): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label);
    item.id = node.id;
    item.description = node.description;
    item.iconPath = new vscode.ThemeIcon(node.icon);
    const uri = this.#studio.fileUri(node.source.uri);
    if (uri) {
      const start = toRange(node.source.range).start;
      item.command = {
        title: vscode.l10n.t("Open in Editor"),
        command: "vscode.open",
        arguments: [uri, { selection: new vscode.Range(start, start) }],
      };
    }
    return item;
  }
}

function groupItem(node: Extract<SectionNode, { type: "group" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = node.id;
  item.description = String(node.children.length);
  item.contextValue = "aksara.group";
  return item;
}

/** A proxy has no fields of its own, so it says whose it shows. */
function fieldsText(model: Extract<FlowTarget, { kind: "model" }>): string {
  return model.fields.length === 0 && model.proxyOf !== null
    ? vscode.l10n.t("proxy of {0}", model.proxyOf)
    : fieldCount(model.fields.length);
}

function keyOf(node: SectionNode): string {
  return node.type === "object" ? node.objectId : node.id;
}

function fieldCount(count: number): string {
  return count === 1 ? vscode.l10n.t("1 field") : vscode.l10n.t("{0} fields", count);
}

function operationCount(count: number): string {
  return count === 1 ? vscode.l10n.t("1 operation") : vscode.l10n.t("{0} operations", count);
}

function issueCount(count: number): string {
  return count === 1 ? vscode.l10n.t("1 issue") : vscode.l10n.t("{0} issues", count);
}

function shortVerdict(verdict: string): string {
  if (verdict === "guarded") return vscode.l10n.t("guarded");
  if (verdict.startsWith("unknown")) return vscode.l10n.t("guards unclear");
  return verdict.startsWith("open") ? vscode.l10n.t("open") : vscode.l10n.t("no guard");
}

function colorOf(target: FlowTarget): vscode.ThemeColor | undefined {
  if (target.kind === "diagnostic") {
    const { severity } = target.finding;
    return new vscode.ThemeColor(
      severity === "error"
        ? "list.errorForeground"
        : severity === "warning"
          ? "list.warningForeground"
          : "foreground",
    );
  }
  if (target.kind === "route" && guardVerdict(target.guards) !== "guarded")
    return new vscode.ThemeColor("list.warningForeground");
  return undefined;
}

function tooltipOf(target: FlowTarget): string {
  if (target.kind === "diagnostic") return [target.finding.message, ...target.finding.evidence].join("\n");
  const gaps = target.gaps.map((gap) => `${gap.what}: ${gap.why}`);
  return [labelOf(target), placeText(target), target.reason, ...gaps].join("\n");
}
