import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import { HUB_NEEDS, type HubCommand } from "../manifest/hub-needs.ts";
import type { HubActions } from "../providers/hub-actions.ts";
import { reportFailure } from "../report-failure.ts";

/** What can be done with a provider of the AI Hub. Loaded when somebody does it. */
export function registerHubCommands({ studio }: HostContext): vscode.Disposable {
  const commands: Readonly<Record<HubCommand, (actions: HubActions, provider: string) => Promise<void>>> = {
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
  /** The provider of the row that a command was asked on; from the palette there is none, and the person chooses. */
  const providerOf = async (row: unknown, command: HubCommand): Promise<string | null> => {
    const name = (row as { readonly provider?: unknown } | undefined)?.provider;
    if (typeof name === "string") return name;
    const { pickProvider } = await import("../providers/pick-provider.ts");
    return await pickProvider(studio, HUB_NEEDS[command]);
  };
  return vscode.Disposable.from(
    ...(Object.keys(commands) as HubCommand[]).map((id) =>
      vscode.commands.registerCommand(id, (row?: unknown) =>
        reportFailure(studio, async () => {
          const provider = await providerOf(row, id);
          if (provider !== null) await commands[id](await load(), provider);
        }),
      ),
    ),
    vscode.commands.registerCommand("aksara.hub.openFile", () =>
      reportFailure(studio, async () => (await load()).openFile()),
    ),
  );
}
