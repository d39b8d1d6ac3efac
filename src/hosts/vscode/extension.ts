import type * as vscode from "vscode";
import type { AksaraApi } from "./api.ts";
import { leaveChat, loadChat, registerChatView } from "./chat/chat-view.ts";
import { registerFlowCommands } from "./commands/flow-commands.ts";
import { registerHubCommands } from "./commands/hub-commands.ts";
import { registerStudioCommands } from "./commands/studio-commands.ts";
import type { Contribution } from "./contribution.ts";
import { registerDatabases } from "./databases/register-databases.ts";
import { registerActionFileDiagnostics } from "./editor/action-file-diagnostics.ts";
import { registerCodeLens } from "./editor/code-lens.ts";
import { registerCursorContext } from "./editor/cursor-context.ts";
import { registerHubFileDiagnostics } from "./editor/hub-file-diagnostics.ts";
import { registerIssueDiagnostics } from "./editor/issue-diagnostics.ts";
import { registerLanguageModelTools } from "./editor-chat/language-model-tools.ts";
import { mcpDefinitions, registerMcpDefinitions } from "./editor-chat/mcp-definitions.ts";
import { registerParticipant } from "./editor-chat/participant.ts";
import { registerEditReviews } from "./edits/register-edit-reviews.ts";
import { registerEvalView } from "./evals/eval-view.ts";
import { FlowPanel } from "./panel/flow-panel.ts";
import { registerFlowPanelSerializer } from "./panel/serializer.ts";
import { Studio } from "./studio.ts";
import { registerTraces } from "./traces/register-traces.ts";
import { registerHubView } from "./views/hub-view.ts";
import { registerModelStatus } from "./views/model-status.ts";
import { registerSectionViews } from "./views/section-views.ts";

const CONTRIBUTIONS: readonly Contribution[] = [
  registerFlowCommands,
  registerStudioCommands,
  registerSectionViews,
  registerHubView,
  registerHubCommands,
  registerChatView,
  registerEditReviews,
  registerDatabases,
  registerModelStatus,
  registerFlowPanelSerializer,
  registerCursorContext,
  registerCodeLens,
  registerIssueDiagnostics,
  registerActionFileDiagnostics,
  registerHubFileDiagnostics,
  registerLanguageModelTools,
  registerParticipant,
  registerMcpDefinitions,
  registerEvalView,
  registerTraces,
];

export function activate(context: vscode.ExtensionContext): AksaraApi {
  performance.mark("aksara/activate/start");
  const studio = new Studio(context);
  const panel = new FlowPanel(studio);
  context.subscriptions.push(studio, panel);
  for (const register of CONTRIBUTIONS) context.subscriptions.push(register({ studio, panel }));
  performance.mark("aksara/activate/end");
  return {
    buildPromptPack: (request) => studio.build(request),
    currentPack: () => panel.pack,
    runRefusal: () => studio.access.refusal,
    askAgent: async (text) => (await loadChat(studio)).send(text),
    mcpServers: () => mcpDefinitions(context),
    agentThread: async () => (await loadChat(studio)).items,
  };
}

/** VS Code waits for it before the extension host ends. */
export async function deactivate(): Promise<void> {
  await leaveChat();
}
