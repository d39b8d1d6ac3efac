import * as vscode from "vscode";
import { loadChat } from "../chat/chat-view.ts";
import type { Contribution } from "../contribution.ts";
import { reportFailure } from "../report-failure.ts";

/** Databases of the person's that agents may use: entered here, kept in the secret storage. Loaded when somebody asks. */
export const registerDatabases: Contribution = ({ studio }) => {
  const register = (id: string, name: "connect" | "manage") =>
    vscode.commands.registerCommand(id, () =>
      reportFailure(studio, async () => {
        const agents = await (await loadChat(studio)).agents();
        const { DatabaseActions } = await import("./database-actions.ts");
        await new DatabaseActions((await agents.access()).databases, agents.databaseSecrets)[name]();
      }),
    );
  return vscode.Disposable.from(
    register("aksara.connectDatabase", "connect"),
    register("aksara.manageDatabases", "manage"),
  );
};
