import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import { reportFailure } from "../report-failure.ts";
import type { Studio } from "../studio.ts";
import type { ChatCommand } from "./chat-commands.ts";
import type { ChatHost } from "./chat-host.ts";

const CHAT_VIEW = "aksara.chat";

/** Commands, and whether the chat is shown before they are run. */
const COMMANDS: Readonly<Record<ChatCommand, boolean>> = {
  "aksara.newChat": true,
  "aksara.showThreads": true,
  "aksara.stopAgent": false,
  "aksara.askAgent": true,
  "aksara.askAgentAbout": true,
  "aksara.approve": true,
  "aksara.reject": true,
  "aksara.askForChanges": true,
  "aksara.undoLastTurn": true,
  "aksara.compactChat": true,
  "aksara.exportThread": true,
  "aksara.manageApprovals": false,
  "aksara.resetApprovals": false,
};

/** The host of this window's chat; null until somebody has looked at it. */
let current: Promise<ChatHost> | null = null;

/** The chat in the side bar, and its commands. Its code is loaded when somebody first looks at it. */
export function registerChatView({ studio, panel }: HostContext): vscode.Disposable {
  let shown: vscode.WebviewView | null = null;
  const focus = () => vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
  const run = async (command: ChatCommand, argument: unknown): Promise<void> => {
    // What was not to be seen a moment ago has not been looked at.
    const visible = shown?.visible === true;
    if (COMMANDS[command]) await focus();
    const [{ runChatCommand }, host] = await Promise.all([import("./chat-commands.ts"), loadChat(studio)]);
    await runChatCommand(command, { studio, panel, host, visible }, argument);
  };
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(CHAT_VIEW, {
      resolveWebviewView: (view) => {
        shown = view;
        view.onDidDispose(() => {
          if (shown === view) shown = null;
        });
        void reportFailure(studio, () => showIn(view, studio));
      },
    }),
    vscode.commands.registerCommand("aksara.openChat", () =>
      reportFailure(studio, async () => {
        await focus();
        (await loadChat(studio)).line.send({ type: "wish", wish: "focus" });
      }),
    ),
    ...(Object.keys(COMMANDS) as ChatCommand[]).map((command) =>
      vscode.commands.registerCommand(command, (argument?: unknown) =>
        reportFailure(studio, () => run(command, argument)),
      ),
    ),
  );
}

/** The chat of this window, shown or not. */
export function loadChat(studio: Studio): Promise<ChatHost> {
  current ??= loadHost(studio);
  return current;
}

/** The window closes: what the agent is doing is left as it is, to be taken up by the next one. */
export async function leaveChat(): Promise<void> {
  const host = current;
  current = null;
  await (await host)?.leave();
}

async function loadHost(studio: Studio): Promise<ChatHost> {
  const { ChatHost } = await import("./chat-host.ts");
  const host = new ChatHost(studio);
  studio.extension.subscriptions.push(host);
  return host;
}

async function showIn(view: vscode.WebviewView, studio: Studio): Promise<void> {
  const [host, { ChatPage }] = await Promise.all([loadChat(studio), import("./chat-page.ts")]);
  const page = new ChatPage(studio, host, view);
  view.onDidDispose(() => page.dispose());
  await host.begin();
}
