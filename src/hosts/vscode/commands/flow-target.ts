import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import { contextOf, type FlowTarget } from "../../../flows/context-of.ts";
import type { FlowContext, FlowKind } from "../../../protocol/action.ts";
import { comparePositions } from "../../../workspace/source.ts";
import { editorDiagnostics } from "../editor/editor-diagnostics.ts";
import { selectedSql } from "../editor/selected-sql.ts";
import type { CatalogView, Studio } from "../studio.ts";
import { targetsOf } from "../views/describe-target.ts";
import { pickTarget } from "./pick-target.ts";

/** What a caller of a flow command may pass: a node of a tree, or the context itself. */
export interface TargetArgument {
  /** Catalog id or issue id. */
  readonly objectId?: string;
  /** Several that stand in one place: the person chooses. */
  readonly objectIds?: readonly string[];
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
  const candidates = argument?.objectIds
    ? argument.objectIds.flatMap((id) => targetById(view, id) ?? []).filter((target) => target.kind === kind)
    : targetsOfKindAtCursor(studio, view, kind);
  const [only] = candidates;
  if (only && candidates.length === 1) return contextOf(only, view.catalog);
  const picked = await pickTarget(kind, candidates.length > 0 ? candidates : targetsOf(view, kind));
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

/**
 * What of a kind stands closest around the cursor. One handler often answers several routes: then all of them, since
 * nothing in the text says which is meant.
 */
export function targetsOfKindAtCursor(
  studio: Studio,
  view: CatalogView,
  kind: FlowKind,
): readonly FlowTarget[] {
  const targets = targetsAtCursor(studio, view).filter((target) => target.kind === kind);
  const smallest = Math.min(...targets.map(linesOf));
  return targets.filter((target) => linesOf(target) === smallest);
}

/** Height of the text that stands for a target: what is smaller is further inside. */
function linesOf(target: FlowTarget): number {
  const { range } =
    target.kind === "diagnostic"
      ? target.finding.source
      : target.kind === "route"
        ? (target.handlerSource ?? target)
        : target;
  return range.end.line - range.start.line;
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
  return [...new Set([...objects.reverse(), ...handled, ...issues])];
}

interface FlowRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
