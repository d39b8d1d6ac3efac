import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { assertNever, isAksaraError } from "../../../errors.ts";
import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import { cliCommand } from "../../../flows/cli-command.ts";
import type { FlowRequest } from "../../../protocol/action.ts";
import {
  type FlowPanelEvent,
  type FlowPanelMessage,
  type FlowPanelPack,
  type FlowPanelState,
  type FlowTab,
  flowPanelMessageSchema,
} from "../../../protocol/flow-panel.ts";
import type { PromptPack } from "../../../protocol/prompt-pack.ts";
import { translateAction } from "../action-texts.ts";
import { pageStrings } from "../page-strings.ts";
import { runRefusal } from "../run-refusal.ts";
import type { Studio } from "../studio.ts";
import { renderWebviewHtml } from "../webview-html.ts";
import { EventLog, type Unnumbered } from "./event-log.ts";
import { openCheckedLink } from "./open-link.ts";

export const FLOW_PANEL_TYPE = "aksara.flow";

/** The one panel beside the editor that shows a flow: its pack, the evidence, the commands to go on with. */
export class FlowPanel implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #log = new EventLog<FlowPanelEvent>(["loading"]);
  readonly #subscriptions: readonly vscode.Disposable[];
  #panel: vscode.WebviewPanel | null = null;
  #shown: FlowPanelPack | null = null;
  #request: FlowRequest | null = null;
  #building: AbortController | null = null;
  #isStale = false;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#subscriptions = [
      studio.onDidChangeCatalog(() => void this.#checkStale()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#showRefusal()),
    ];
  }

  dispose(): void {
    this.#building?.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel?.dispose();
  }

  /** The pack that is shown; null when there is none. */
  get pack(): PromptPack | null {
    return this.#shown?.pack ?? null;
  }

  get cliCommand(): string | null {
    return this.#shown?.cli_command ?? null;
  }

  /** Builds the pack of a request and shows it. */
  async show(request: FlowRequest, tab?: FlowTab): Promise<void> {
    this.#open(titleOf(request.action_key));
    await this.#build(request);
    if (tab) this.#send({ type: "select-tab", tab });
  }

  /** Takes over a panel that survived a reload of the window. */
  async revive(panel: vscode.WebviewPanel, state: FlowPanelState | null): Promise<void> {
    this.#panel?.dispose();
    this.#adopt(panel, state);
    if (state) await this.#build(state.request);
  }

  close(): void {
    this.#panel?.dispose();
  }

  /** The title is there from the start: VS Code tells a page's frame of a new one only once the page has loaded. */
  #open(title: string): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      FLOW_PANEL_TYPE,
      title,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      this.#options(),
    );
    this.#adopt(panel, null);
  }

  #options(): vscode.WebviewOptions {
    const root = this.#studio.extension.extensionUri;
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(root, "dist"), vscode.Uri.joinPath(root, "media")],
    };
  }

  #adopt(panel: vscode.WebviewPanel, state: FlowPanelState | null): void {
    const { extensionUri } = this.#studio.extension;
    this.#panel = panel;
    panel.webview.options = this.#options();
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, "media", "aksara-light.svg"),
      dark: vscode.Uri.joinPath(extensionUri, "media", "aksara-dark.svg"),
    };
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    // What changed while nobody could see the panel was not compared.
    panel.onDidChangeViewState(() => void this.#checkStale());
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#building?.abort();
      this.#panel = null;
      this.#shown = null;
      void vscode.commands.executeCommand("setContext", "aksara.panelOpen", false);
    });
    const resource = (...path: string[]) =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", ...path)).toString();
    panel.webview.html = renderWebviewHtml({
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(16).toString("base64url"),
      scriptUri: resource("webview", "panel.js"),
      styleUris: [resource("webview", "panel.css")],
      title: "Aksara",
      lang: vscode.env.language,
      boot: { strings: pageStrings(), state },
    });
    void vscode.commands.executeCommand("setContext", "aksara.panelOpen", true);
  }

  async #build(request: FlowRequest): Promise<void> {
    this.#building?.abort();
    const building = new AbortController();
    this.#building = building;
    this.#request = request;
    this.#shown = null;
    this.#isStale = false;
    this.#send({ type: "loading", title: titleOf(request.action_key) });
    try {
      const pack = await this.#studio.build(request, building.signal);
      if (building.signal.aborted) return;
      const registry = await this.#studio.workspace().then((workspace) => workspace.actions());
      const { describeAction } = await import("../../../flows/actions/registry.ts");
      const translated = (key: string) => {
        const found = registry.get(key);
        return found ? translateAction(found) : null;
      };
      const action = translated(pack.action_key);
      const next = pack.suggested_next.map(translated).filter((found) => found !== null);
      this.#shown = {
        request,
        pack,
        action: action ? describeAction(action) : null,
        next: next.map(describeAction),
        cli_command: cliCommand(request),
        run_disabled: runRefusal()?.error ?? null,
      };
      if (this.#panel)
        this.#panel.title = pack.target
          ? `${action?.title ?? "Aksara"}: ${pack.target.name}`
          : (action?.title ?? "Aksara");
      this.#send({ type: "pack", view: this.#shown });
    } catch (error) {
      if (building.signal.aborted) return;
      this.#studio.log.error(error instanceof Error ? error : String(error));
      this.#send({
        type: "failed",
        code: isAksaraError(error) ? error.code : "RUNTIME_ERROR",
        message: error instanceof Error ? error.message : String(error),
        hint: isAksaraError(error) ? error.hint : vscode.l10n.t("The log has the details."),
      });
    }
  }

  /**
   * After a change of the catalog: the pack is stale when building it again gives other prompts. Where they are the
   * same, or a change was taken back, the fresh document takes its place: it says what it was built of.
   */
  async #checkStale(): Promise<void> {
    const shown = this.#shown;
    if (!this.#panel?.visible || !shown || !this.#request) return;
    try {
      const fresh = await this.#studio.build(this.#request);
      if (this.#shown !== shown) return;
      if (fresh.fingerprint !== shown.pack.fingerprint) {
        if (!this.#isStale) this.#send({ type: "stale" });
        this.#isStale = true;
      } else if (this.#isStale || JSON.stringify(fresh) !== JSON.stringify(shown.pack)) {
        this.#isStale = false;
        this.#shown = { ...shown, pack: fresh };
        this.#send({ type: "pack", view: this.#shown });
      }
    } catch (error) {
      this.#studio.log.warn(`could not compare the shown pack with the workspace: ${String(error)}`);
    }
  }

  /** What may be run has changed: the same pack again, with the reason that holds now. */
  #showRefusal(): void {
    if (!this.#shown) return;
    this.#shown = { ...this.#shown, run_disabled: runRefusal()?.error ?? null };
    this.#send({ type: "pack", view: this.#shown });
    this.#isStale = false;
    void this.#checkStale();
  }

  #send(event: Unnumbered<FlowPanelEvent>): void {
    const numbered = this.#log.append(event);
    void this.#panel?.webview.postMessage(numbered);
  }

  #receive(raw: unknown): void {
    const parsed = flowPanelMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.#studio.log.warn(
        `a message of the panel was refused: ${parsed.error.issues[0]?.message ?? "not valid"}`,
      );
      return;
    }
    this.#handle(parsed.data).catch((error: unknown) => {
      this.#studio.log.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    });
  }

  async #handle(message: FlowPanelMessage): Promise<void> {
    switch (message.type) {
      case "ready":
        for (const event of this.#log.since(message.since)) void this.#panel?.webview.postMessage(event);
        return;
      case "state":
        return;
      case "copy":
        return await this.#copy(message.what);
      case "copy-text":
        return await vscode.env.clipboard.writeText(message.text);
      case "open-source":
        return await this.#studio.reveal(message.source, { viewColumn: vscode.ViewColumn.One });
      case "open-link":
        return await openCheckedLink(message.href);
      case "run-action":
        if (this.#request) await this.#build({ ...this.#request, action_key: message.action_key });
        return;
      case "pick-candidate":
        if (this.#request) await this.#build(withCandidate(this.#request, message.name));
        return;
      case "rebuild":
        if (this.#request) await this.#build(this.#request);
        return;
      case "run-ai":
        void vscode.window.showInformationMessage(runRefusal()?.error ?? "");
        return;
      case "open-hub":
        await vscode.commands.executeCommand("aksara.openHub");
        return;
      case "close":
        this.close();
        return;
      case "page-error":
        this.#studio.log.error(`panel: ${message.message}`);
        return;
      default:
        return assertNever(message);
    }
  }

  async #copy(what: Extract<FlowPanelMessage, { type: "copy" }>["what"]): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    const { pack } = shown;
    const texts = {
      result: pack.result_markdown,
      system: pack.system_prompt,
      user: pack.user_prompt,
      pack: `${pack.system_prompt}\n\n${pack.user_prompt}`,
      json: `${JSON.stringify(pack, null, 2)}\n`,
      cli: shown.cli_command,
    };
    await vscode.env.clipboard.writeText(texts[what]);
  }
}

/** What an action is called while its pack is built; one of a workspace file, not read yet, goes by its key. */
function titleOf(key: string): string {
  const shipped = SHIPPED_ACTIONS.find((action) => action.key === key);
  return shipped ? translateAction(shipped).title : key;
}

/** The same request for one of the candidates that an ambiguity or a near miss named. */
function withCandidate(request: FlowRequest, name: string): FlowRequest {
  switch (request.flow_type) {
    case "model":
      return { ...request, context: { ...request.context, model_name: name } };
    case "route": {
      const separator = name.indexOf(":/");
      const parts =
        separator > 0
          ? { method: name.slice(0, separator), path: name.slice(separator + 1) }
          : { path: name };
      return { ...request, context: { ...request.context, ...parts } };
    }
    case "query":
      return { ...request, context: { ...request.context, query_id: name } };
    case "migration":
      return { ...request, context: { migration_id: name } };
    default:
      return { ...request, context: { ...request.context, issue_id: name } };
  }
}
