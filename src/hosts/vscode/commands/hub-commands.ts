import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import type { HubActions } from "../providers/hub-actions.ts";
import { reportFailure } from "../report-failure.ts";

/** What can be done with a provider of the AI Hub. Loaded when somebody does it. */
export function registerHubCommands({ studio }: HostContext): vscode.Disposable {
  const commands: Readonly<Record<string, (actions: HubActions, provider: string) => Promise<void>>> = {
    "aksara.hub.setKey": (actions, provider) => actions.setKey(provider),
    "aksara.hub.removeKey": (actions, provider) => actions.removeKey(provider),
    "aksara.hub.testConnection": (actions, provider) => actions.testConnection(provider),
    "aksara.hub.chooseModel": (actions, provider) => actions.chooseModel(provider),
    "aksara.hub.useProvider": (actions, provider) => actions.use(provider),
  };
  const load = async (): Promise<HubActions> => {
    const { HubActions } = await import("../providers/hub-actions.ts");
    return new HubActions(studio);
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, (row?: unknown) =>
        reportFailure(studio, async () => {
          const name = (row as { readonly provider?: unknown } | undefined)?.provider;
          if (typeof name === "string") await run(await load(), name);
        }),
      ),
    ),
    vscode.commands.registerCommand("aksara.hub.openFile", () =>
      reportFailure(studio, async () => (await load()).openFile()),
    ),
  );
}
