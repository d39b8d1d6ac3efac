import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import type { RunDestination } from "../../../execution/run-options.ts";
import { agreeToChat, destinationOf } from "../providers/send-consent.ts";
import type { Studio } from "../studio.ts";

/** Asks whether a conversation may go where it would go. @throws CANCELLED when the person does not want it */
export async function agreeToSend(to: RunDestination, studio: Studio): Promise<void> {
  const { environment } = (await studio.workspace()).execution();
  const destination = destinationOf(to, environment);
  if (!destination || (await agreeToChat(studio.extension, destination))) return;
  throw new AksaraError("CANCELLED", vscode.l10n.t("Nothing was sent."));
}
