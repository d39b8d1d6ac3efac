import { MCP_PROVIDER } from "../editor-chat/mcp-provider.ts";
import { chatParticipants } from "./chat-participants.ts";
import { COMMANDS, IN_REVIEW } from "./commands.ts";
import { languageModelTools } from "./language-model-tools.ts";
import { EDITOR_LANGUAGES, EDITOR_SUBMENU, menus } from "./menus.ts";
import { SECTIONS, viewId } from "./sections.ts";
import { SETTINGS } from "./settings.ts";
import { WALKTHROUGH, WALKTHROUGH_STEPS } from "./walkthrough.ts";

/** When-clause of a view whose emptiness means that there is nothing. */
const READ = "workspaceFolderCount > 0 && aksara.catalogReady && !aksara.readFailed";

/** The cursor stands in the changes of an agent. */
const REVIEWING = `editorTextFocus && ${IN_REVIEW}`;

/** The generated parts of package.json, and the English texts of package.nls.json. */
export interface Manifest {
  readonly contributes: Record<string, unknown>;
  readonly activationEvents: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
}

/** Derives the manifest from the registries: nobody edits two lists. */
export function manifest(): Manifest {
  const texts: Record<string, string> = {};
  const text = (key: string, english: string) => {
    texts[key] = english;
    return `%${key}%`;
  };
  const choices = (key: string, values: Readonly<Record<string, string>>) => ({
    enum: Object.keys(values),
    markdownEnumDescriptions: Object.entries(values).map(([value, english]) =>
      text(`setting.${key}.${value}`, english),
    ),
  });
  const contributes = {
    commands: COMMANDS.map((command) => ({
      command: command.id,
      title: text(`command.${command.id}`, command.title),
      category: "Aksara",
      ...(command.icon ? { icon: `$(${command.icon})` } : {}),
      ...(command.enablement ? { enablement: command.enablement } : {}),
    })),
    submenus: [{ id: EDITOR_SUBMENU, label: text("submenu.editor", "Aksara"), icon: "$(symbol-structure)" }],
    menus: menus(),
    keybindings: [
      {
        command: "aksara.openHub",
        key: "shift+a",
        when: `focusedView =~ /^aksara\\.(${SECTIONS.map((section) => section.id).join("|")})$/ && !inputFocus && !treeFindOpen`,
      },
      // In a document that nobody can write these keys do nothing else.
      { command: "aksara.acceptChange", key: "ctrl+enter", mac: "cmd+enter", when: REVIEWING },
      { command: "aksara.rejectChange", key: "ctrl+backspace", mac: "cmd+backspace", when: REVIEWING },
      { command: "aksara.finishReview", key: "ctrl+shift+enter", mac: "cmd+shift+enter", when: REVIEWING },
    ],
    viewsContainers: {
      activitybar: [{ id: "aksara", title: "Aksara Studio", icon: "media/aksara.svg" }],
      secondarySidebar: [{ id: "aksaraAgent", title: "Aksara Agent", icon: "media/aksara.svg" }],
    },
    views: {
      aksara: [
        ...SECTIONS.map((section, index) => ({
          id: viewId(section),
          name: text(`view.${section.id}`, section.title),
          icon: `$(${section.icon})`,
          visibility: index < 2 || section.id === "issues" ? "visible" : "collapsed",
        })),
        { id: "aksara.hub", name: text("view.hub", "AI Hub"), icon: "$(plug)", visibility: "collapsed" },
      ],
      aksaraAgent: [
        { id: "aksara.chat", name: text("view.chat", "Chat"), icon: "media/aksara.svg", type: "webview" },
      ],
    },
    viewsWelcome: [
      ...SECTIONS.map((section) => ({
        view: viewId(section),
        contents: text(`welcome.${section.id}`, section.welcome),
        when: `${READ} && !aksara.filtered`,
      })),
      ...SECTIONS.map((section) => ({
        view: viewId(section),
        contents: text(
          "welcome.filtered",
          "Nothing here contains the text of the filter.\n[Clear Filter](command:aksara.clearFilter)",
        ),
        when: `${READ} && aksara.filtered`,
      })),
      ...SECTIONS.map((section) => ({
        view: viewId(section),
        contents: text(
          "welcome.readFailed",
          "The workspace could not be read. [The log](command:aksara.showLog) says why.\n[Try Again](command:aksara.refreshCatalog)",
        ),
        when: "workspaceFolderCount > 0 && aksara.readFailed",
      })),
      {
        view: "aksara.models",
        contents: text(
          "welcome.noFolder",
          "Open the folder of a backend to see its models, routes, queries, migrations and issues.\n[Open Folder](command:vscode.openFolder)",
        ),
        when: "workspaceFolderCount == 0",
      },
    ],
    languageModelTools: languageModelTools(text),
    chatParticipants: chatParticipants(text),
    mcpServerDefinitionProviders: [{ id: MCP_PROVIDER, label: text("mcp.provider", "Aksara Studio") }],
    jsonValidation: [
      { fileMatch: ".aksara/aihub.json", url: "./media/schemas/aihub.schema.json" },
      { fileMatch: ".aksara/runtime.json", url: "./media/schemas/runtime.schema.json" },
      { fileMatch: ".aksara/evals/*.json", url: "./media/schemas/eval.schema.json" },
    ],
    walkthroughs: [
      {
        id: WALKTHROUGH.id,
        title: text("walkthrough.title", WALKTHROUGH.title),
        description: text("walkthrough.description", WALKTHROUGH.description),
        steps: WALKTHROUGH_STEPS.map((step) => ({
          id: step.id,
          title: text(`walkthrough.${step.id}.title`, step.title),
          description: text(`walkthrough.${step.id}.description`, step.description),
          media: {
            image: pictures(step.image),
            altText: text(`walkthrough.${step.id}.altText`, step.altText),
          },
          completionEvents: step.completionEvents,
        })),
      },
    ],
    configuration: {
      title: "Aksara Studio",
      properties: Object.fromEntries(
        SETTINGS.map(({ key, description, values, ...setting }) => [
          key,
          {
            ...setting,
            ...(values ? choices(key, values) : {}),
            markdownDescription: text(`setting.${key}`, description),
          },
        ]),
      ),
    },
  };
  // Referred to by parts of package.json that are written by hand.
  text(
    "capability.untrusted",
    "Reading the workspace and building prompt packs works; running them, agents, custom tools and database connections do not.",
  );
  text(
    "capability.virtual",
    "The catalog needs files on a disk; commands and views are shown without objects.",
  );
  return { contributes, activationEvents: activationEvents(), texts };
}

/** The picture of each kind of theme. */
function pictures(image: string): Readonly<Record<"dark" | "light" | "hc" | "hcLight", string>> {
  const [dark, light] = [`${image}-dark.png`, `${image}-light.png`];
  return { dark, light, hc: dark, hcLight: light };
}

/** Commands and views activate by themselves; these are implied by nothing. */
function activationEvents(): readonly string[] {
  return [
    ...EDITOR_LANGUAGES.map((language) => `onLanguage:${language}`),
    "onWebviewPanel:aksara.flow",
    "onWebviewPanel:aksara.trace",
    "workspaceContains:.aksara/aihub.json",
    "workspaceContains:.aksara/runtime.json",
    // The Testing view asks nobody to activate: what is to be listed there has to be there.
    "workspaceContains:.aksara/evals",
  ];
}
