import * as vscode from "vscode";
import type { FlowAction } from "../../../flows/actions/action.ts";
import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import type { Finding, Severity } from "../../../protocol/finding.ts";
import { translateAction } from "../action-texts.ts";
import type { HostContext } from "../contribution.ts";
import { flowCommandId } from "../manifest/commands.ts";
import type { Studio } from "../studio.ts";
import { toRange } from "../studio.ts";

const SOURCE = "Aksara";

const SEVERITY: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Issues in the Problems view, with code actions that prioritise one or explain its object. */
export function registerIssueDiagnostics({ studio }: HostContext): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("aksara");
  const update = () => show(studio, collection);
  return vscode.Disposable.from(
    collection,
    studio.onDidChangeCatalog(update),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("aksara.issues")) update();
    }),
    vscode.languages.registerCodeActionsProvider(
      { scheme: "file" },
      { provideCodeActions: (document, range) => codeActions(studio, document, range) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

function show(studio: Studio, collection: vscode.DiagnosticCollection): void {
  collection.clear();
  if (
    !studio.latest ||
    !vscode.workspace.getConfiguration("aksara").get<boolean>("issues.showInProblems", true)
  )
    return;
  for (const [uri, findings] of Map.groupBy(studio.latest.findings, (finding) => finding.source.uri)) {
    const file = studio.fileUri(uri);
    if (file) collection.set(file, findings.map(diagnosticOf));
  }
}

function diagnosticOf(finding: Finding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(firstLine(finding), finding.message, SEVERITY[finding.severity]);
  diagnostic.source = SOURCE;
  diagnostic.code = finding.rule;
  return diagnostic;
}

/** A whole class underlined helps nobody: the squiggle ends with the first line. */
function firstLine(finding: Finding): vscode.Range {
  const range = toRange(finding.source.range);
  return range.isSingleLine ? range : new vscode.Range(range.start, range.start.with({ character: 400 }));
}

function codeActions(
  studio: Studio,
  document: vscode.TextDocument,
  range: vscode.Range,
): vscode.CodeAction[] {
  const uri = studio.relativeUri(document.uri);
  const findings = studio.latest?.findings.filter(
    (finding) => finding.source.uri === uri && firstLine(finding).intersection(range) !== undefined,
  );
  return (findings ?? []).flatMap((finding) => {
    const remedy = remedyFor(studio, finding);
    return [
      codeAction(
        finding,
        vscode.l10n.t("Aksara: Explain and prioritise this issue"),
        "aksara.flow.diagnostic_prioritize",
        finding.id,
      ),
      ...(remedy && finding.object_id !== null
        ? [
            codeAction(
              finding,
              `Aksara: ${translateAction(remedy).title}`,
              flowCommandId(remedy),
              finding.object_id,
            ),
          ]
        : []),
    ];
  });
}

function codeAction(finding: Finding, title: string, command: string, objectId: string): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command, arguments: [{ objectId }] };
  action.diagnostics = [diagnosticOf(finding)];
  return action;
}

/** The action that proposes a change of what the finding is about: the first of its kind that does more than explain. */
function remedyFor(studio: Studio, { object_id }: Finding): FlowAction | undefined {
  const object = object_id === null ? null : studio.latest?.catalog.byId(object_id);
  return SHIPPED_ACTIONS.find(({ kind, risk }) => kind === object?.kind && risk !== "low");
}
