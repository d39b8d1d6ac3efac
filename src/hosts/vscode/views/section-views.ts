import * as vscode from "vscode";
import { unreadFiles } from "../../../workspace/unread-files.ts";
import { targetsAtCursor } from "../commands/flow-target.ts";
import type { HostContext } from "../contribution.ts";
import { SECTIONS, viewId } from "../manifest/sections.ts";
import { reportFailure } from "../report-failure.ts";
import { idOf } from "./describe-target.ts";
import { registerRiskDecorations } from "./risk-decorations.ts";
import type { SectionNode } from "./section-node.ts";
import { SectionTree } from "./section-tree.ts";

/** The five trees, their filter, and "reveal in Aksara Studio". */
export function registerSectionViews({ studio }: HostContext): vscode.Disposable {
  const sections = SECTIONS.map((section) => {
    const tree = new SectionTree(studio, section);
    const view = vscode.window.createTreeView<SectionNode>(viewId(section), {
      treeDataProvider: tree,
      showCollapseAll: true,
    });
    return { section, tree, view };
  });
  const showCounts = () => {
    for (const { tree, view } of sections) {
      const { count } = tree;
      view.description = count === null ? "" : countText(count, tree.filter !== "");
    }
    const report = studio.latest?.catalog.report;
    const [first] = sections;
    // Said once, above everything.
    if (first) first.view.message = report ? unreadText(unreadFiles(report).map(({ uri }) => uri)) : "";
  };
  const setFilter = (text: string) => {
    for (const { tree } of sections) tree.filter = text;
    showCounts();
    void vscode.commands.executeCommand("setContext", "aksara.filtered", text !== "");
  };
  return vscode.Disposable.from(
    ...sections.flatMap(({ tree, view }) => [tree, view]),
    registerRiskDecorations(),
    studio.onDidChangeCatalog(() => {
      for (const { tree } of sections) tree.refresh();
      showCounts();
    }),
    vscode.commands.registerCommand("aksara.filterCatalog", async () => {
      const text = await vscode.window.showInputBox({
        prompt: vscode.l10n.t("Show only objects whose name contains this text"),
        placeHolder: vscode.l10n.t("Part of a name, path or message"),
        value: sections[0]?.tree.filter ?? "",
      });
      if (text !== undefined) setFilter(text.trim());
    }),
    vscode.commands.registerCommand("aksara.clearFilter", () => setFilter("")),
    vscode.commands.registerCommand("aksara.revealInTree", () =>
      reportFailure(studio, async () => {
        const [target] = targetsAtCursor(studio, await studio.view());
        const found = sections.find(({ section }) => section.kind === target?.kind);
        const node = target && found ? await found.tree.find(idOf(target)) : undefined;
        if (found && node) await found.view.reveal(node, { select: true, focus: true, expand: true });
        else if (target) nothing(vscode.l10n.t("The filter hides this object in Aksara Studio."));
        else nothing(vscode.l10n.t("No model, route, query, migration or issue stands at the cursor."));
      }),
    ),
  );
}

/** How many there are; of how many, where a filter hides some. */
function countText(
  { shown, all }: { readonly shown: number; readonly all: number },
  filtered: boolean,
): string {
  return filtered ? vscode.l10n.t("{0} of {1}", shown, all) : String(all);
}

/** Files that are missing from the trees; nothing where all were read. */
function unreadText(uris: readonly string[]): string {
  const [first, second] = uris;
  if (first === undefined) return "";
  return second === undefined
    ? vscode.l10n.t("Not read, so what it declares is missing: {0}", first)
    : vscode.l10n.t("Not read, so what they declare is missing: {0} files, {1} first", uris.length, first);
}

function nothing(message: string): void {
  void vscode.window.showInformationMessage(message);
}
