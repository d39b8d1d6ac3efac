import * as vscode from "vscode";
import type { TaskOptions } from "../../../agent/options.ts";
import type { TurnLimits } from "./chat-thread.ts";

/** Limits of one turn of the chat, as the person's settings say. */
export function turnLimits(): TurnLimits {
  const settings = vscode.workspace.getConfiguration("aksara.agent");
  return {
    maxIterations: settings.get("maxIterations", 20),
    maxToolCalls: settings.get("maxToolCalls", 50),
    maxTotalTokens: settings.get("maxTotalTokens", 100_000),
  };
}

/** What the agent may do, and for how long, as the person's settings say. */
export function turnSettings(): TaskOptions {
  const settings = vscode.workspace.getConfiguration("aksara.agent");
  return {
    timeoutSeconds: settings.get("timeoutSeconds", 300),
    allowSystemTools: settings.get("allowSystemTools", false),
    requireApprovalFor: settings.get<string[]>("requireApprovalFor", []),
  };
}
