import * as vscode from "vscode";
import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import type { CatalogObject } from "../../../workspace/catalog.ts";
import { translateAction } from "../action-texts.ts";
import type { HostContext } from "../contribution.ts";
import { flowCommandId } from "../manifest/commands.ts";
import { EDITOR_LANGUAGES } from "../manifest/menus.ts";
import type { Studio } from "../studio.ts";
import { toRange } from "../studio.ts";

/** As many as can be read at a glance; "More…" has the others, and those that files of the workspace define. */
const SHOWN_ACTIONS = 2;

/** Actions above the objects of a file. */
export function registerCodeLens({ studio }: HostContext): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    studio.onDidChangeCatalog(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("aksara.codeLens")) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(
      EDITOR_LANGUAGES.map((language) => ({ language })),
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: (document) => provide(studio, document),
      },
    ),
  );
}

async function provide(studio: Studio, document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  if (!vscode.workspace.getConfiguration("aksara").get<boolean>("codeLens.enabled", true)) return [];
  const uri = studio.relativeUri(document.uri);
  if (uri === null) return [];
  const { catalog } = await studio.view();
  const handled = catalog.routes
    .filter((route) => route.handlerSource?.uri === uri && route.uri !== uri)
    .map((route) => ({ object: route, range: route.handlerSource?.range ?? route.range }));
  const own = catalog.inFile(uri).map((object) => ({ object, range: object.nameRange }));
  // Several routes often share a handler: one row of lenses for all objects of a kind in one place.
  const places = Map.groupBy(
    [...own, ...handled],
    ({ object, range }) => `${object.kind}:${range.start.line}`,
  );
  return [...places.values()].flatMap((shared) =>
    lensesOf(
      shared.map(({ object }) => object),
      toRange(shared[0]?.range ?? NOWHERE),
    ),
  );
}

const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function lensesOf(objects: readonly CatalogObject[], range: vscode.Range): vscode.CodeLens[] {
  const argument =
    objects.length === 1 ? { objectId: objects[0]?.id } : { objectIds: objects.map((object) => object.id) };
  const lenses = SHIPPED_ACTIONS.filter((action) => action.kind === objects[0]?.kind)
    .slice(0, SHOWN_ACTIONS)
    .map(translateAction)
    .map(
      (action) =>
        new vscode.CodeLens(range, {
          title: objects.length === 1 ? action.title : `${action.title}…`,
          tooltip: action.description,
          command: flowCommandId(action),
          arguments: [argument],
        }),
    );
  const more = new vscode.CodeLens(range, {
    title: vscode.l10n.t("More…"),
    tooltip: vscode.l10n.t("All actions for this object, those of the workspace too"),
    command: "aksara.runAction",
    arguments: [argument],
  });
  return [...lenses, more];
}
