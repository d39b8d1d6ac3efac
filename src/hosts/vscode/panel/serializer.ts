import * as vscode from "vscode";
import { flowPanelStateSchema } from "../../../protocol/flow-panel.ts";
import type { HostContext } from "../contribution.ts";
import { FLOW_PANEL_TYPE } from "./flow-panel.ts";

/** Brings the flow panel back after a reload of the window, with the request it showed. */
export function registerFlowPanelSerializer({ panel }: HostContext): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(FLOW_PANEL_TYPE, {
    async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
      const parsed = flowPanelStateSchema.safeParse(state);
      await panel.revive(webviewPanel, parsed.success ? parsed.data : null);
    },
  });
}
