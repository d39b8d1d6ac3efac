import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { productIcon } from "../product-icon.ts";
import { PARTICIPANT_ID } from "./participant-id.ts";

/** `@aksara` in the editor's own chat: the agent of the side bar, with its journals. Loaded with the first question. */
export const registerParticipant: Contribution = ({ studio }) => {
  let answerer: Promise<import("./answer-in-chat.ts").ChatAnswerer> | null = null;
  const load = () => {
    answerer ??= import("./answer-in-chat.ts").then(({ ChatAnswerer }) => new ChatAnswerer(studio));
    return answerer;
  };
  const participant = vscode.chat.createChatParticipant(
    PARTICIPANT_ID,
    async (request, context, stream, token) => (await load()).answer(request, context, stream, token),
  );
  participant.iconPath = productIcon(studio.extension.extensionUri);
  return vscode.Disposable.from(
    participant,
    vscode.commands.registerCommand("aksara.showApprovals", async () => (await answerer)?.showApprovals()),
    vscode.commands.registerCommand("aksara.undoRun", async (run: unknown) => (await load()).undo(run)),
    { dispose: () => void answerer?.then((loaded) => loaded.dispose()) },
  );
};
