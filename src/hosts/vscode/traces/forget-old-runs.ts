import * as vscode from "vscode";
import { forgetRuns } from "../../../records/forget-runs.ts";
import type { ChatAgents } from "../chat/chat-agents.ts";

const DAY_MS = 86_400_000;

/** Deletes what the person does not want to be kept any longer (`aksara.traces.keepDays`). A failure costs nothing else. */
export async function forgetOldRuns(agents: ChatAgents, log: vscode.LogOutputChannel): Promise<void> {
  const days = vscode.workspace.getConfiguration("aksara").get<number>("traces.keepDays", 0);
  if (days <= 0) return;
  try {
    const { store } = await agents.access();
    const count = await forgetRuns(store, new Date(Date.now() - days * DAY_MS).toISOString());
    if (count > 0) log.info(`${count} runs of more than ${days} days ago were deleted`);
  } catch (error) {
    log.warn(`old runs could not be deleted: ${String(error)}`);
  }
}
