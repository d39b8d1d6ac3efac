import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import { reportFailure } from "../report-failure.ts";
import type { Studio } from "../studio.ts";
import type { ChatHost } from "./chat-host.ts";

export const CHAT_VIEW = "aksara.chat";

/** The host of this window's chat; null until somebody has looked at it. */
let current: Promise<ChatHost> | null = null;

/** The chat in the side bar, and its commands. Its code is loaded when somebody first looks at it. */
export function registerChatView({ studio }: HostContext): vscode.Disposable {
  const load = () => loadChat(studio);
  const commands: Readonly<Record<string, (host: ChatHost) => Promise<void> | void>> = {
    "aksara.newChat": (host) => host.newThread(),
    "aksara.showThreads": (host) => host.line.send({ type: "wish", wish: "show-threads" }),
    "aksara.stopAgent": (host) => host.stop(),
  };
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(CHAT_VIEW, {
      resolveWebviewView: (view) => void reportFailure(studio, () => showIn(view, studio, load)),
    }),
    vscode.commands.registerCommand("aksara.openChat", () =>
      reportFailure(studio, async () => {
        await vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
        (await load()).line.send({ type: "wish", wish: "focus" });
      }),
    ),
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, () =>
        reportFailure(studio, async () => {
          if (id !== "aksara.stopAgent") await vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
          await run(await load());
        }),
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

async function showIn(
  view: vscode.WebviewView,
  studio: Studio,
  load: () => Promise<ChatHost>,
): Promise<void> {
  const [host, { ChatPage }] = await Promise.all([load(), import("./chat-page.ts")]);
  const page = new ChatPage(studio, host, view);
  view.onDidDispose(() => page.dispose());
  await host.begin();
}
