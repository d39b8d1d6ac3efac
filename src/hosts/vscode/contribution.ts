import type * as vscode from "vscode";
import type { FlowPanel } from "./panel/flow-panel.ts";
import type { Studio } from "./studio.ts";

/** What contributions share: the studio, and the panel that shows a flow. */
export interface HostContext {
  readonly studio: Studio;
  readonly panel: FlowPanel;
}

/** One thing the extension adds to the editor. */
export type Contribution = (host: HostContext) => vscode.Disposable;
