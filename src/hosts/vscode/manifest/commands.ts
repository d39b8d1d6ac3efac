import type { FlowAction } from "../../../flows/actions/action.ts";
import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import type { CommandSpec } from "./command.ts";

export function flowCommandId(action: Pick<FlowAction, "key">): string {
  return `aksara.flow.${action.key}`;
}

const FLOW_COMMANDS: readonly CommandSpec[] = SHIPPED_ACTIONS.map((action) => ({
  id: flowCommandId(action),
  title: action.title,
  icon: action.icon,
  palette: "workspaceFolderCount > 0",
}));

/** Everything a person can do, besides the flow actions. */
const STUDIO_COMMANDS: readonly CommandSpec[] = [
  { id: "aksara.runAction", title: "Run Action…", icon: "play", palette: "workspaceFolderCount > 0" },
  {
    id: "aksara.adviseIndexes",
    title: "Advise Indexes",
    icon: "beaker",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.openHub", title: "Open AI Hub", icon: "plug" },
  {
    id: "aksara.refreshCatalog",
    title: "Refresh Catalog",
    icon: "refresh",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.filterCatalog", title: "Filter…", icon: "filter", palette: "workspaceFolderCount > 0" },
  { id: "aksara.clearFilter", title: "Clear Filter", icon: "clear-all", palette: "aksara.filtered" },
  {
    id: "aksara.showReadingReport",
    title: "Show What Was Read",
    icon: "output",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.copyPromptPack", title: "Copy Prompt Pack", icon: "copy", palette: "aksara.panelOpen" },
  { id: "aksara.copyCliCommand", title: "Copy CLI Command", icon: "terminal", palette: "aksara.panelOpen" },
  { id: "aksara.runAi", title: "Run AI", icon: "sparkle", palette: "aksara.panelOpen" },
  { id: "aksara.runAiWith", title: "Run AI With…", icon: "run-all", palette: "aksara.panelOpen" },
  { id: "aksara.cancelRun", title: "Cancel Run", icon: "stop-circle", palette: "aksara.panelOpen" },
  { id: "aksara.closePanel", title: "Close Flow Panel", palette: "aksara.panelOpen" },
  {
    id: "aksara.showApprovals",
    title: "Show Approvals",
    icon: "question",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.runEval", title: "Run Evals", icon: "beaker", palette: "workspaceFolderCount > 0" },
  {
    id: "aksara.saveRunAsEval",
    title: "Save Run as Eval Case",
    icon: "save",
    palette: "aksara.panelOpen",
  },
  {
    id: "aksara.saveChatAsEval",
    title: "Save Last Turn as Eval Case",
    icon: "save",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.showTrace", title: "Show Trace…", icon: "pulse", palette: "workspaceFolderCount > 0" },
  { id: "aksara.undoRun", title: "Undo Changes of a Run", icon: "discard", palette: "false" },
  { id: "aksara.revealObject", title: "Open in Editor", icon: "go-to-file", palette: "false" },
  {
    id: "aksara.revealInTree",
    title: "Reveal in Aksara Studio",
    icon: "list-tree",
    palette: "editorIsOpen && workspaceFolderCount > 0",
  },
  { id: "aksara.runSelfCheck", title: "Run Self-Check", icon: "pulse" },
  { id: "aksara.showLog", title: "Show Log", icon: "output" },
];

/** What can be done with the providers of the AI Hub, on a row of it or, from the palette, on one that is chosen then. */
const HUB_COMMANDS: readonly CommandSpec[] = [
  { id: "aksara.hub.refresh", title: "Refresh AI Hub", icon: "refresh" },
  {
    id: "aksara.hub.openFile",
    title: "Open aihub.json",
    icon: "go-to-file",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.hub.setKey", title: "Set Key…", icon: "key", palette: "workspaceFolderCount > 0" },
  { id: "aksara.hub.removeKey", title: "Remove Key", palette: "workspaceFolderCount > 0" },
  {
    id: "aksara.hub.testConnection",
    title: "Test Connection",
    icon: "debug-disconnect",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.hub.chooseModel", title: "Choose Default Model…", palette: "workspaceFolderCount > 0" },
  {
    id: "aksara.hub.useProvider",
    title: "Use This Provider",
    icon: "check",
    palette: "workspaceFolderCount > 0",
  },
];

/** The conversation with the agent. */
const CHAT_COMMANDS: readonly CommandSpec[] = [
  { id: "aksara.openChat", title: "Open Agent Chat", icon: "comment-discussion" },
  { id: "aksara.newChat", title: "New Chat", icon: "add", palette: "workspaceFolderCount > 0" },
  { id: "aksara.showThreads", title: "Show Chats", icon: "history", palette: "workspaceFolderCount > 0" },
  { id: "aksara.stopAgent", title: "Stop Agent", icon: "stop-circle", palette: "workspaceFolderCount > 0" },
  { id: "aksara.askAgent", title: "Ask Agent…", icon: "comment", palette: "workspaceFolderCount > 0" },
  {
    id: "aksara.askAgentAbout",
    title: "Ask Agent About This",
    icon: "comment",
    palette: "editorIsOpen && workspaceFolderCount > 0",
  },
  { id: "aksara.approve", title: "Approve", icon: "check", palette: "workspaceFolderCount > 0" },
  { id: "aksara.reject", title: "Reject", icon: "close", palette: "workspaceFolderCount > 0" },
  { id: "aksara.askForChanges", title: "Ask for Changes…", palette: "workspaceFolderCount > 0" },
  {
    id: "aksara.undoLastTurn",
    title: "Undo Last Turn",
    icon: "discard",
    palette: "workspaceFolderCount > 0",
  },
  { id: "aksara.compactChat", title: "Shorten Chat", icon: "fold", palette: "workspaceFolderCount > 0" },
  { id: "aksara.exportThread", title: "Export Chat…", icon: "export", palette: "workspaceFolderCount > 0" },
  { id: "aksara.manageApprovals", title: "Manage Approvals…", palette: "workspaceFolderCount > 0" },
  { id: "aksara.resetApprovals", title: "Reset Approvals", palette: "workspaceFolderCount > 0" },
];

const IN_TRUSTED_FOLDER = "workspaceFolderCount > 0 && isWorkspaceTrusted";

/** Databases of the person's that agents may use. */
const DATABASE_COMMANDS: readonly CommandSpec[] = [
  {
    id: "aksara.connectDatabase",
    title: "Connect Database…",
    icon: "database",
    palette: IN_TRUSTED_FOLDER,
  },
  { id: "aksara.manageDatabases", title: "Manage Databases…", palette: IN_TRUSTED_FOLDER },
];

/** The editor's own comparison shows changes of an agent. */
export const IN_REVIEW = "resourceScheme == aksara-edit";

/** What a person says of the changes of an agent in the editor's own comparison. */
const REVIEW_COMMANDS: readonly CommandSpec[] = [
  { id: "aksara.acceptChange", title: "Accept Change", icon: "check", palette: IN_REVIEW },
  { id: "aksara.rejectChange", title: "Reject Change", icon: "close", palette: IN_REVIEW },
  { id: "aksara.acceptAllChanges", title: "Accept All Changes", icon: "check-all", palette: IN_REVIEW },
  { id: "aksara.rejectAllChanges", title: "Reject All Changes", icon: "close-all", palette: IN_REVIEW },
  { id: "aksara.finishReview", title: "Finish Review", icon: "pass", palette: IN_REVIEW },
  { id: "aksara.nextReviewedFile", title: "Next Changed File", icon: "arrow-right", palette: IN_REVIEW },
];

export const COMMANDS: readonly CommandSpec[] = [
  ...FLOW_COMMANDS,
  ...STUDIO_COMMANDS,
  ...HUB_COMMANDS,
  ...CHAT_COMMANDS,
  ...DATABASE_COMMANDS,
  ...REVIEW_COMMANDS,
];
