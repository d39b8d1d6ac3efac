import * as vscode from "vscode";
import { assertNever } from "../../../errors.ts";
import type { FlowContext, FlowKind } from "../../../protocol/action.ts";
import type { ChatAttachment } from "../../../protocol/chat.ts";
import { targetById, targetsAtCursor } from "../commands/flow-target.ts";
import type { FlowPanel } from "../panel/flow-panel.ts";
import type { Studio } from "../studio.ts";
import { attachSelection, attachTarget } from "./attach.ts";
import type { ChatHost } from "./chat-host.ts";

export const CHAT_COMMAND_IDS = [
  "aksara.newChat",
  "aksara.showThreads",
  "aksara.stopAgent",
  "aksara.askAgent",
  "aksara.askAgentAbout",
  "aksara.approve",
  "aksara.reject",
  "aksara.askForChanges",
  "aksara.undoLastTurn",
  "aksara.compactChat",
  "aksara.exportThread",
  "aksara.manageApprovals",
  "aksara.resetApprovals",
] as const;
export type ChatCommand = (typeof CHAT_COMMAND_IDS)[number];

export interface ChatCommandParts {
  readonly studio: Studio;
  readonly panel: FlowPanel;
  readonly host: ChatHost;
  /** The chat can be seen. */
  readonly visible: boolean;
}

/** What can be done with the chat from outside its page. */
export async function runChatCommand(
  command: ChatCommand,
  parts: ChatCommandParts,
  argument: unknown,
): Promise<void> {
  const { host } = parts;
  switch (command) {
    case "aksara.newChat":
      return await host.newThread();
    case "aksara.showThreads":
      host.line.send({ type: "wish", wish: "show-threads" });
      return;
    case "aksara.stopAgent":
      host.stop();
      return;
    case "aksara.askAgent":
      return await ask(host);
    case "aksara.askAgentAbout":
      return await askAbout(parts, argument);
    case "aksara.approve":
      return await answer(parts, { outcome: "approve", scope: "once" });
    case "aksara.reject":
      return await answer(parts, { outcome: "reject" });
    case "aksara.askForChanges": {
      const feedback = await vscode.window.showInputBox({
        prompt: vscode.l10n.t("What should be different?"),
      });
      return feedback === undefined ? undefined : await answer(parts, { outcome: "revise", feedback });
    }
    case "aksara.undoLastTurn":
      return await host.undo();
    case "aksara.compactChat":
      return await host.compact();
    case "aksara.exportThread":
      return await host.exportThread({});
    case "aksara.manageApprovals":
      return await manageApprovals(host);
    case "aksara.resetApprovals":
      return await resetApprovals(host);
    default:
      return assertNever(command);
  }
}

async function ask(host: ChatHost): Promise<void> {
  const text = await vscode.window.showInputBox({
    prompt: vscode.l10n.t("Ask the agent"),
    placeHolder: vscode.l10n.t("Which routes can be called without signing in?"),
  });
  if (!text?.trim()) return;
  await host.newThread();
  // The answer is for the eyes: whoever asked by a command does not wait for it.
  void host.submit(text);
}

/** Nobody says yes to what they cannot see. */
async function answer(
  { host, visible }: ChatCommandParts,
  given: Parameters<ChatHost["answer"]>[1],
): Promise<void> {
  const { asked } = host;
  if (asked === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t("The agent asks nothing."));
    return;
  }
  if (visible || given.outcome !== "approve") void host.answer(asked, given);
}

async function askAbout(parts: ChatCommandParts, argument: unknown): Promise<void> {
  const attachment = await attachmentOf(parts, argument);
  if (attachment) parts.host.attach(attachment);
  else
    void vscode.window.showInformationMessage(
      vscode.l10n.t("No model, route, query, migration or issue stands at the cursor."),
    );
  parts.host.line.send({ type: "wish", wish: "focus" });
}

/** A row of a tree, what the flow panel shows, what is selected, or what stands at the cursor. */
async function attachmentOf(
  { studio, panel }: ChatCommandParts,
  argument: unknown,
): Promise<ChatAttachment | null> {
  const given = (argument ?? {}) as { readonly objectId?: unknown; readonly fromPanel?: unknown };
  const view = await studio.view();
  const shown = given.fromPanel === true ? panel.pack : null;
  const id = typeof given.objectId === "string" ? given.objectId : shown?.target?.id;
  const named = id === undefined ? null : targetById(view, id);
  if (named) return attachTarget(named, view.catalog);
  if (shown?.kind) return attachPack(shown.kind, panel.context);
  const editor = vscode.window.activeTextEditor;
  const selection = attachSelection(editor, editor ? studio.relativeUri(editor.document.uri) : null);
  if (selection) return selection;
  const [target] = targetsAtCursor(studio, view);
  return target ? attachTarget(target, view.catalog) : null;
}

/** What has no place in the catalog is told in full: SQL that was given by hand. */
function attachPack(kind: FlowKind, context: FlowContext | null): ChatAttachment | null {
  if (!context?.sql) return null;
  const sql = context.sql.replace(/\s+/g, " ").trim();
  return { kind, label: sql.slice(0, 60), line: `query ${sql}`, mention: null };
}

async function manageApprovals(host: ChatHost): Promise<void> {
  const grants = await host.grants();
  const all = await grants.list();
  if (all.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No approval holds for longer than one call."));
    return;
  }
  const picked = await vscode.window.showQuickPick(
    all.map(({ id, tool, scope, covers, givenAt }) => ({
      label: tool,
      description: scopeWords(scope),
      detail: `${covers} · ${new Date(givenAt).toLocaleString()}`,
      id,
    })),
    { placeHolder: vscode.l10n.t("Choose the approvals to take back"), canPickMany: true },
  );
  for (const { id } of picked ?? []) await grants.revoke(id);
}

async function resetApprovals(host: ChatHost): Promise<void> {
  const take = vscode.l10n.t("Take Back");
  const answered = await vscode.window.showWarningMessage(
    vscode.l10n.t("Take back all approvals that hold for longer than one call?"),
    { modal: true },
    take,
  );
  if (answered !== take) return;
  const count = await host.resetApprovals();
  vscode.window.setStatusBarMessage(vscode.l10n.t("Approvals taken back: {0}", count), 4000);
}

function scopeWords(scope: "session" | "workspace" | "always"): string {
  switch (scope) {
    case "session":
      return vscode.l10n.t("in one chat");
    case "workspace":
      return vscode.l10n.t("in this workspace");
    case "always":
      return vscode.l10n.t("in every workspace");
  }
}
