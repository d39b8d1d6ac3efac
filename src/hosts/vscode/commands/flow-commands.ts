import * as vscode from "vscode";
import type { FlowAction } from "../../../flows/actions/action.ts";
import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import { translateAction } from "../action-texts.ts";
import type { HostContext } from "../contribution.ts";
import { flowCommandId } from "../manifest/commands.ts";
import { reportFailure } from "../report-failure.ts";
import { kindWord, riskWords } from "../words.ts";
import { resolveContext, type TargetArgument, targetById, targetsAtCursor } from "./flow-target.ts";

/** The twelve action commands, "Run Action…" which also knows the custom ones, and what looks at a part of an action. */
export function registerFlowCommands(host: HostContext): vscode.Disposable {
  const { studio } = host;
  const commands = SHIPPED_ACTIONS.map((action) =>
    vscode.commands.registerCommand(flowCommandId(action), (argument?: unknown) =>
      reportFailure(studio, () => runFlow(host, action, targetArgument(argument))),
    ),
  );
  const any = vscode.commands.registerCommand("aksara.runAction", (argument?: unknown) =>
    reportFailure(studio, () => pickAndRun(host, targetArgument(argument))),
  );
  const advise = vscode.commands.registerCommand("aksara.adviseIndexes", (argument?: unknown) =>
    reportFailure(studio, () => showAdvice(host, targetArgument(argument))),
  );
  return vscode.Disposable.from(...commands, any, advise);
}

/** The indexes that were tried for a query stand in the facts of the action that suggests some. */
async function showAdvice(
  { studio, panel }: HostContext,
  argument: TargetArgument | undefined,
): Promise<void> {
  const context = await resolveContext(studio, "query", argument);
  if (context) await panel.show({ flow_type: "query", action_key: "suggest_indexes", context }, "plan");
}

async function runFlow(
  { studio, panel }: HostContext,
  action: FlowAction,
  argument: TargetArgument | undefined,
): Promise<void> {
  const context = await resolveContext(studio, action.kind, argument);
  if (context) await panel.show({ flow_type: action.kind, action_key: action.key, context });
}

/** All actions, those that fit the cursor first, each with its risk. */
async function pickAndRun(host: HostContext, argument: TargetArgument | undefined): Promise<void> {
  const workspace = await host.studio.workspace();
  const view = await host.studio.view();
  const id = argument?.objectId ?? argument?.objectIds?.[0];
  const given = id === undefined ? null : targetById(view, id);
  const here = new Set(targetsAtCursor(host.studio, view).map((target) => target.kind));
  const actions = (await workspace.actions()).actions
    .filter((action) => given === null || action.kind === given.kind)
    .sort((a, b) => Number(here.has(b.kind)) - Number(here.has(a.kind)));
  const picked = await vscode.window.showQuickPick(
    actions.map(translateAction).map((action) => ({
      label: `$(${action.icon}) ${action.title}`,
      description: `${kindWord(action.kind)} · ${riskWords(action.risk)}`,
      detail: action.description,
      action,
    })),
    { placeHolder: vscode.l10n.t("Choose an action"), matchOnDescription: true, matchOnDetail: true },
  );
  if (picked) await runFlow(host, picked.action, argument);
}

/** Trees pass their node, lenses a plain object, the editor's menu the file; anything else counts as nothing. */
function targetArgument(value: unknown): TargetArgument | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof vscode.Uri) return { atCursor: true };
  const { objectId, objectIds, context } = value as Partial<Record<keyof TargetArgument, unknown>>;
  if (typeof objectId === "string") return { objectId };
  if (Array.isArray(objectIds)) return { objectIds: objectIds.filter((id) => typeof id === "string") };
  return typeof context === "object" && context !== null ? { context } : undefined;
}
