import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import { COMMANDS, flowCommandId, IN_REVIEW } from "./commands.ts";
import { HUB_NEEDS, type HubCommand } from "./hub-needs.ts";
import { SECTIONS, sectionOf, viewId } from "./sections.ts";

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

/** Id of the submenu in the editor's context menu. */
export const EDITOR_SUBMENU = "aksara.editorMenu";
/** Language ids the editor menu and the CodeLens appear in. */
export const EDITOR_LANGUAGES = [
  "python",
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
  "prisma",
  "sql",
] as const;

const SQL_SELECTED = "editorHasSelection && aksara.sqlSelected";

const IN_HUB = "view == aksara.hub";

const HUB_TITLE: readonly MenuItem[] = [
  { command: "aksara.hub.refresh", when: IN_HUB, group: "navigation@2" },
  { command: "aksara.hub.openFile", when: IN_HUB, group: "navigation@1" },
];

const IN_CHAT = "view == aksara.chat && workspaceFolderCount > 0";

const CHAT_TITLE: readonly MenuItem[] = [
  { command: "aksara.newChat", when: IN_CHAT, group: "navigation@1" },
  { command: "aksara.showThreads", when: IN_CHAT, group: "navigation@2" },
  { command: "aksara.exportThread", when: IN_CHAT, group: "1_thread@1" },
  { command: "aksara.compactChat", when: IN_CHAT, group: "1_thread@2" },
  { command: "aksara.undoLastTurn", when: IN_CHAT, group: "1_thread@3" },
  { command: "aksara.saveChatAsEval", when: IN_CHAT, group: "1_thread@4" },
  { command: "aksara.manageApprovals", when: IN_CHAT, group: "2_approvals@1" },
];

/** In the title of a comparison and in its context menu. */
const REVIEW: readonly MenuItem[] = [
  { command: "aksara.acceptChange", when: IN_REVIEW, group: "navigation@1" },
  { command: "aksara.rejectChange", when: IN_REVIEW, group: "navigation@2" },
  { command: "aksara.finishReview", when: IN_REVIEW, group: "navigation@3" },
  { command: "aksara.acceptAllChanges", when: IN_REVIEW, group: "1_all@1" },
  { command: "aksara.rejectAllChanges", when: IN_REVIEW, group: "1_all@2" },
  { command: "aksara.nextReviewedFile", when: IN_REVIEW, group: "2_files@1" },
];

/** What a row of the hub offers depends on the words in its context value. */
const HUB_ROW: readonly MenuItem[] = [
  hubItem("aksara.hub.useProvider", "inline@2"),
  hubItem("aksara.hub.testConnection", "inline@1"),
  hubItem("aksara.hub.useProvider", "1_use@1"),
  hubItem("aksara.hub.chooseModel", "1_use@2"),
  hubItem("aksara.hub.testConnection", "1_use@3"),
  hubItem("aksara.hub.setKey", "2_key@1"),
  hubItem("aksara.hub.removeKey", "2_key@2"),
  { command: "aksara.hub.openFile", when: hubRow("provider"), group: "3_file@1" },
];

function hubItem(command: HubCommand, group: string): MenuItem {
  return { command, when: hubRow(HUB_NEEDS[command]), group };
}

function hubRow(word: string): string {
  return `${IN_HUB} && viewItem =~ /\\b${word}\\b/`;
}

/** All menus, derived from the actions, sections and commands. */
export function menus(): Record<string, readonly MenuItem[]> {
  return {
    commandPalette: COMMANDS.filter((command) => command.palette !== undefined).map((command) => ({
      command: command.id,
      when: command.palette ?? "true",
    })),
    "editor/title": REVIEW,
    "editor/context": [
      ...REVIEW,
      {
        submenu: EDITOR_SUBMENU,
        group: "1_aksara",
        when: "aksara.editorMenu && resourceScheme =~ /^(file|vscode-remote|vscode-vfs|untitled)$/",
      },
    ],
    [EDITOR_SUBMENU]: [
      ...SHIPPED_ACTIONS.map((action, index) => ({
        command: flowCommandId(action),
        when: action.kind === "query" ? `aksara.at.query || (${SQL_SELECTED})` : `aksara.at.${action.kind}`,
        group: `${sectionOf(action.kind).id}@${index + 1}`,
      })),
      {
        command: "aksara.adviseIndexes",
        when: `aksara.at.query || (${SQL_SELECTED})`,
        group: `${sectionOf("query").id}@${SHIPPED_ACTIONS.length + 1}`,
      },
      { command: "aksara.runAction", when: "aksara.atObject", group: "y_all@1" },
      { command: "aksara.askAgentAbout", when: "aksara.atObject || editorHasSelection", group: "y_all@2" },
      { command: "aksara.revealInTree", when: "aksara.atObject", group: "z_reveal@1" },
    ],
    "view/title": [
      ...HUB_TITLE,
      ...CHAT_TITLE,
      ...SECTIONS.flatMap((section) => {
        const when = `view == ${viewId(section)} && workspaceFolderCount > 0`;
        return [
          ...SHIPPED_ACTIONS.filter((action) => action.kind === section.kind).map((action, index) => ({
            command: flowCommandId(action),
            when,
            group: index === 0 ? "navigation@1" : `1_actions@${index}`,
          })),
          { command: "aksara.filterCatalog", when: `${when} && !aksara.filtered`, group: "navigation@2" },
          { command: "aksara.clearFilter", when: `${when} && aksara.filtered`, group: "navigation@2" },
          { command: "aksara.refreshCatalog", when, group: "navigation@3" },
          { command: "aksara.showReadingReport", when, group: "9_report@1" },
        ];
      }),
    ],
    "view/item/context": [
      ...SECTIONS.flatMap((section) => {
        const when = `view == ${viewId(section)} && viewItem =~ /^aksara\\.${section.kind}\\b/`;
        return [
          ...SHIPPED_ACTIONS.filter((action) => action.kind === section.kind).map((action, index) => ({
            command: flowCommandId(action),
            when,
            group: `1_actions@${index + 1}`,
          })),
          { command: flowCommandId(firstOf(section.kind)), when, group: "inline@1" },
          { command: "aksara.runAction", when, group: "2_all@1" },
          { command: "aksara.askAgentAbout", when, group: "2_all@2" },
          { command: "aksara.revealObject", when, group: "0_open@1" },
        ];
      }),
      {
        command: "aksara.adviseIndexes",
        when: `view == ${viewId(sectionOf("query"))} && viewItem =~ /^aksara\\.query\\b/`,
        group: "1_actions@9",
      },
      ...HUB_ROW,
    ],
  };
}

function firstOf(kind: string) {
  const action = SHIPPED_ACTIONS.find((candidate) => candidate.kind === kind);
  if (!action) throw new RangeError(`no action for ${kind}`);
  return action;
}
