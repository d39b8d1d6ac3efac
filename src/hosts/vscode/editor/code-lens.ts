import * as vscode from "vscode";
import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import type { CatalogObject } from "../../../workspace/catalog.ts";
import { translateAction } from "../action-texts.ts";
import type { HostContext } from "../contribution.ts";
import { flowCommandId } from "../manifest/commands.ts";
import { EDITOR_LANGUAGES } from "../manifest/menus.ts";
import type { Studio } from "../studio.ts";
import { toRange } from "../studio.ts";

/** Actions above the objects of a file: the first two of the object's kind; the others are in the menu. */
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
  const seen = new Set<string>();
  return [...own, ...handled].flatMap(({ object, range }) => {
    // Several routes often share a handler: one row of lenses per line and kind is enough.
    const place = `${object.kind}:${range.start.line}`;
    if (seen.has(place)) return [];
    seen.add(place);
    return lensesOf(object, toRange(range));
  });
}

function lensesOf(object: CatalogObject, range: vscode.Range): vscode.CodeLens[] {
  return SHIPPED_ACTIONS.filter((action) => action.kind === object.kind)
    .slice(0, 2)
    .map(translateAction)
    .map(
      (action) =>
        new vscode.CodeLens(range, {
          title: action.title,
          tooltip: action.description,
          command: flowCommandId(action),
          arguments: [{ objectId: object.id }],
        }),
    );
}
