import * as vscode from "vscode";
import { assertNever } from "../../../errors.ts";
import {
  type TracePanelEvent,
  type TracePanelMessage,
  tracePanelMessageSchema,
} from "../../../protocol/trace.ts";
import { otlpOf } from "../../../records/otlp.ts";
import { toolSpanId } from "../../../records/trace.ts";
import { documentText } from "../../shared/document-text.ts";
import type { KeptTraces } from "../../shared/kept-traces.ts";
import { EventLog, type Unnumbered } from "../panel/event-log.ts";
import { productIcon } from "../product-icon.ts";
import type { Studio } from "../studio.ts";
import { showPage } from "../webview-page.ts";
import { foldTraceEvent } from "./fold-trace-event.ts";
import { openTraces } from "./open-traces.ts";
import { pickTrace } from "./pick-trace.ts";
import { traceViewOf } from "./trace-view.ts";

export const TRACE_PANEL_TYPE = "aksara.trace";
/** Name of the setting that lets what was said into traces. */
const CONTENT_SETTING = "aksara.traces.content";

/** The one panel that shows what happened in a run, span by span. */
export class TracePanel implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #log = new EventLog<TracePanelEvent>(foldTraceEvent);
  #panel: vscode.WebviewPanel | null = null;
  /** Of the trace that is shown, or was asked for last. */
  #shown: string | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  /** Lets the person choose a run, and shows it. */
  async pick(): Promise<void> {
    const picked = await pickTrace(await this.#traces());
    if (picked !== null) await this.show(picked, null);
  }

  /** Shows the trace that a run belongs to, at one of the run's calls. */
  async show(runId: string, call: string | null): Promise<void> {
    // Refused before there is a panel that shows nothing.
    await this.#traces();
    this.#open();
    await this.#load(runId);
    if (call !== null) this.#send({ type: "select", id: toolSpanId(runId, call) });
  }

  /** Takes over a panel that survived a reload of the window. */
  async revive(panel: vscode.WebviewPanel, runId: string | null): Promise<void> {
    this.#panel?.dispose();
    this.#adopt(panel);
    if (runId !== null) await this.#load(runId);
  }

  #open(): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(TRACE_PANEL_TYPE, vscode.l10n.t("Trace"), {
        viewColumn: vscode.ViewColumn.Active,
      }),
    );
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { extensionUri } = this.#studio.extension;
    this.#panel = panel;
    panel.iconPath = productIcon(extensionUri);
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = null;
    });
    showPage(panel.webview, {
      extensionUri,
      name: "trace",
      messages: tracePanelMessageSchema,
      handle: (message) => this.#handle(message),
      log: this.#studio.log,
    });
  }

  async #load(runId: string): Promise<void> {
    this.#shown = runId;
    this.#send({ type: "loading" });
    try {
      const traces = await this.#traces();
      const trace = await traces.open(runId);
      // Another one was asked for meanwhile.
      if (this.#shown !== runId) return;
      if (trace === null) {
        this.#send({ type: "failed", message: vscode.l10n.t("That run is no longer kept.") });
        return;
      }
      const title = await traces.titleOf(trace.traceId);
      this.#send({ type: "trace", view: traceViewOf(trace, title, Date.now()) });
    } catch (error) {
      this.#studio.log.error(error instanceof Error ? error : String(error));
      this.#send({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #tellDetail(id: string): Promise<void> {
    if (this.#shown === null) return;
    const traces = await this.#traces();
    const trace = await traces.open(this.#shown);
    const found = trace ? (await traces.contents(trace.traceId)).get(id) : undefined;
    const { input = null, output = null, why = null } = found ?? {};
    const content = this.#mayShowContent() ? { input, output } : null;
    this.#send({ type: "detail", detail: { id, why, content } });
  }

  #mayShowContent(): boolean {
    return vscode.workspace.getConfiguration().get<boolean>(CONTENT_SETTING, false);
  }

  /** As a file that collectors of OpenTelemetry read. */
  async #export(): Promise<void> {
    if (this.#shown === null) return;
    const traces = await this.#traces();
    const trace = await traces.open(this.#shown);
    if (!trace) return;
    const contents = this.#mayShowContent() ? await traces.contents(trace.traceId) : undefined;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const name = `trace-${trace.traceId.slice(0, 12)}.json`;
    const target = await vscode.window.showSaveDialog({
      filters: { JSON: ["json"] },
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    });
    if (!target) return;
    await vscode.workspace.fs.writeFile(target, Buffer.from(documentText(otlpOf(trace, contents))));
    void vscode.window.showInformationMessage(
      vscode.l10n.t("{0} spans were written as OpenTelemetry's OTLP JSON.", trace.spans.length),
    );
  }

  #traces(): Promise<KeptTraces> {
    return openTraces(this.#studio);
  }

  #send(event: Unnumbered<TracePanelEvent>): void {
    const numbered = this.#log.append(event);
    void this.#panel?.webview.postMessage(numbered);
  }

  async #handle(message: TracePanelMessage): Promise<void> {
    switch (message.type) {
      case "ready":
        for (const event of this.#log.since(message.since)) void this.#panel?.webview.postMessage(event);
        return;
      case "ask-detail":
        return await this.#tellDetail(message.id);
      case "selected":
        this.#log.forget("select");
        return;
      case "refresh":
        return this.#shown === null ? undefined : await this.#load(this.#shown);
      case "pick":
        return await this.pick();
      case "export":
        return await this.#export();
      case "open-setting":
        await vscode.commands.executeCommand("workbench.action.openSettings", CONTENT_SETTING);
        return;
      case "copy-text":
        return await vscode.env.clipboard.writeText(message.text);
      case "open-hub":
        await vscode.commands.executeCommand("aksara.openHub");
        return;
      case "close":
        this.#panel?.dispose();
        return;
      case "page-error":
        this.#studio.log.error(`trace: ${message.message}`);
        return;
      default:
        return assertNever(message);
    }
  }
}
