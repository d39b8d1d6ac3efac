import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import { contextOf, type FlowTarget } from "../../../flows/context-of.ts";
import type { FlowContext, FlowKind } from "../../../protocol/action.ts";
import { comparePositions } from "../../../workspace/source.ts";
import { editorDiagnostics } from "../editor/editor-diagnostics.ts";
import { selectedSql } from "../editor/selected-sql.ts";
import type { CatalogView, Studio } from "../studio.ts";
import { pickTarget } from "./pick-target.ts";

/** What a caller of a flow command may pass: a node of a tree, or the context itself. */
export interface TargetArgument {
  /** Catalog id or issue id. */
  readonly objectId?: string;
  readonly context?: FlowContext;
  /** Called from the editor's menu, which belongs to the place of the cursor. */
  readonly atCursor?: true;
}

/**
 * The context of a flow command: what was passed, else what the editor shows, else what the person picks.
 * Undefined when the person left the picker.
 * @throws AksaraError CONTEXT_NOT_FOUND for an id that is gone or of another kind: a lens or a row may be older than
 * the last change, and what now stands at the cursor is not what was asked for.
 */
export async function resolveContext(
  studio: Studio,
  kind: FlowKind,
  argument: TargetArgument | undefined,
): Promise<FlowContext | undefined> {
  if (argument?.context) return argument.context;
  const view = await studio.view();
  if (argument?.objectId) {
    const target = targetById(view, argument.objectId);
    if (target?.kind === kind) return contextOf(target, view.catalog);
    throw new AksaraError("CONTEXT_NOT_FOUND", vscode.l10n.t("This object is no longer in the workspace."), {
      hint: vscode.l10n.t("Choose it again from the list or in the editor."),
    });
  }
  if (kind === "diagnostic" && !argument?.atCursor) return allIssues(studio);
  if (kind === "query") {
    const sql = selectedSql(vscode.window.activeTextEditor);
    if (sql !== null) return { sql };
  }
  const atCursor = targetAtCursor(studio, view, kind);
  if (atCursor) return contextOf(atCursor, view.catalog);
  const picked = await pickTarget(view, kind);
  return picked ? contextOf(picked, view.catalog) : undefined;
}

/** All issues; with those of other extensions only where the person chose so. */
function allIssues(studio: Studio): FlowContext {
  const include = vscode.workspace
    .getConfiguration("aksara")
    .get<boolean>("flows.includeEditorDiagnostics", false);
  if (!include) return {};
  const issues = editorDiagnostics(studio);
  return issues.length > 0 ? { issue_payload: { issues } } : {};
}

export function targetById(view: CatalogView, id: string): FlowTarget | null {
  const object = view.catalog.byId(id);
  if (object) return object;
  const finding = view.findings.find((candidate) => candidate.id === id);
  return finding ? { kind: "diagnostic", finding } : null;
}

/** The innermost object of a kind around the cursor of the active editor. */
export function targetAtCursor(studio: Studio, view: CatalogView, kind: FlowKind): FlowTarget | null {
  return targetsAtCursor(studio, view).find((target) => target.kind === kind) ?? null;
}

/** Everything around the cursor, innermost first. */
export function targetsAtCursor(studio: Studio, view: CatalogView): readonly FlowTarget[] {
  const editor = vscode.window.activeTextEditor;
  const uri = editor ? studio.relativeUri(editor.document.uri) : null;
  if (!editor || uri === null) return [];
  const { line } = editor.selection.active;
  const covers = (range: FlowRange) =>
    comparePositions(range.start, { line, character: Number.MAX_SAFE_INTEGER }) <= 0 &&
    comparePositions({ line, character: 0 }, range.end) <= 0;
  const objects: FlowTarget[] = view.catalog.inFile(uri).filter((object) => covers(object.range));
  const handled = view.catalog.routes.filter(
    (route) => route.handlerSource?.uri === uri && covers(route.handlerSource.range),
  );
  const issues: FlowTarget[] = view.findings
    .filter((finding) => finding.source.uri === uri && covers(finding.source.range))
    .map((finding) => ({ kind: "diagnostic", finding }));
  return [...objects.reverse(), ...handled, ...issues];
}

interface FlowRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
