import * as vscode from "vscode";
import { tracePanelStateSchema } from "../../../protocol/trace.ts";
import type { HostContext } from "../contribution.ts";
import { reportFailure } from "../report-failure.ts";
import type { TracePanel } from "./trace-panel.ts";

/** The panel of traces and what opens it. Its code is loaded when somebody first wants to see one. */
export function registerTraces({ studio }: HostContext): vscode.Disposable {
  let panel: Promise<TracePanel> | null = null;
  const load = (): Promise<TracePanel> => {
    panel ??= import("./trace-panel.ts").then(({ TracePanel }) => new TracePanel(studio));
    return panel;
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand("aksara.showTrace", (argument?: unknown) =>
      reportFailure(studio, async () => {
        const { runId, call } = (argument ?? {}) as { readonly runId?: unknown; readonly call?: unknown };
        const shown = await load();
        if (typeof runId !== "string") return await shown.pick();
        await shown.show(runId, typeof call === "string" ? call : null);
      }),
    ),
    vscode.window.registerWebviewPanelSerializer("aksara.trace", {
      deserializeWebviewPanel: async (webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> => {
        const parsed = tracePanelStateSchema.safeParse(state);
        await (await load()).revive(webviewPanel, parsed.success ? parsed.data.trace : null);
      },
    }),
    { dispose: () => void panel?.then((shown) => shown.dispose()) },
  );
}
