import * as vscode from "vscode";
import { assertNever, isAksaraError } from "../../../errors.ts";
import type { ModelChoice } from "../../../execution/resolve-model.ts";
import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import { cliCommand } from "../../../flows/cli-command.ts";
import type { FlowContext, FlowRequest } from "../../../protocol/action.ts";
import {
  type FlowPanelEvent,
  type FlowPanelMessage,
  type FlowPanelPack,
  type FlowPanelState,
  type FlowTab,
  flowPanelMessageSchema,
} from "../../../protocol/flow-panel.ts";
import type { PromptPack } from "../../../protocol/prompt-pack.ts";
import { documentText } from "../../shared/document-text.ts";
import { translateAction } from "../action-texts.ts";
import { productIcon } from "../product-icon.ts";
import type { Studio } from "../studio.ts";
import { showPage } from "../webview-page.ts";
import type { EarlierRuns } from "./earlier-runs.ts";
import { EventLog, type Unnumbered } from "./event-log.ts";
import { foldPanelEvent } from "./fold-panel-event.ts";
import { openCheckedLink } from "./open-link.ts";
import type { PackRuns } from "./pack-runs.ts";
import { withCandidate } from "./with-candidate.ts";

export const FLOW_PANEL_TYPE = "aksara.flow";

/** The one panel beside the editor that shows a flow: its pack, the evidence, the commands to go on with. */
export class FlowPanel implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #log = new EventLog<FlowPanelEvent>(foldPanelEvent);
  readonly #subscriptions: readonly vscode.Disposable[];
  #panel: vscode.WebviewPanel | null = null;
  #shown: FlowPanelPack | null = null;
  #request: FlowRequest | null = null;
  #building: AbortController | null = null;
  /** The build that goes on, or went on last. Never rejects. */
  #built: Promise<void> = Promise.resolve();
  #isStale = false;
  #runs: PackRuns | null = null;
  /** Null until a pack is shown, and where no runs are kept. */
  #earlier: EarlierRuns | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#subscriptions = [
      studio.onDidChangeCatalog(() => void this.#checkStale()),
      studio.onDidChangeAccess(() => this.#showAccess()),
    ];
  }

  dispose(): void {
    this.#building?.abort();
    this.#runs?.leave();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel?.dispose();
  }

  /** The pack that is shown; null when there is none. */
  get pack(): PromptPack | null {
    return this.#shown?.pack ?? null;
  }

  /** What the pack that is shown was asked for. */
  get context(): FlowContext | null {
    return this.#shown?.request.context ?? null;
  }

  /** The trace of the run that is shown; null when there is none. */
  get traceId(): string | null {
    return this.#runs?.result?.trace_id ?? null;
  }

  get cliCommand(): string | null {
    return this.#shown?.cli_command ?? null;
  }

  /** Builds the pack of a request and shows it. */
  async show(request: FlowRequest, tab?: FlowTab): Promise<void> {
    this.#open(titleOf(request.action_key));
    await this.#build(request);
    if (tab) this.#send({ type: "select-tab", tab });
    if (this.#building) void this.#studio.lookForProviders(this.#building.signal);
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
    const panel = vscode.window.createWebviewPanel(FLOW_PANEL_TYPE, title, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
    this.#adopt(panel, null);
  }

  #adopt(panel: vscode.WebviewPanel, state: FlowPanelState | null): void {
    const { extensionUri } = this.#studio.extension;
    this.#panel = panel;
    panel.iconPath = productIcon(extensionUri);
    // What changed while nobody could see the panel was not compared.
    panel.onDidChangeViewState(() => void this.#checkStale());
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#building?.abort();
      // Nobody would see the answer: it must not go on costing.
      this.#runs?.leave();
      this.#panel = null;
      this.#shown = null;
      this.#earlier = null;
      void vscode.commands.executeCommand("setContext", "aksara.panelOpen", false);
    });
    showPage(panel.webview, {
      extensionUri,
      name: "panel",
      messages: flowPanelMessageSchema,
      boot: { state },
      handle: (message) => this.#handle(message),
      log: this.#studio.log,
    });
    void vscode.commands.executeCommand("setContext", "aksara.panelOpen", true);
  }

  #build(request: FlowRequest): Promise<void> {
    this.#built = this.#buildAndShow(request);
    return this.#built;
  }

  async #buildAndShow(request: FlowRequest): Promise<void> {
    this.#building?.abort();
    const building = new AbortController();
    this.#building = building;
    this.#request = request;
    this.#shown = null;
    this.#isStale = false;
    this.#runs?.leave();
    this.#earlier = null;
    this.#send({ type: "loading", title: titleOf(request.action_key) });
    try {
      const pack = await this.#studio.build(request, building.signal);
      // A hub file that was written since may have escaped the watcher.
      await this.#studio.refreshAccess();
      if (building.signal.aborted) return;
      const registry = await this.#studio.workspace().then((workspace) => workspace.actions());
      const { describeAction } = await import("../../../flows/actions/registry.ts");
      const translated = (key: string) => {
        const found = registry.get(key);
        return found ? translateAction(found) : null;
      };
      const action = translated(pack.action_key);
      const next = pack.suggested_next.map(translated).filter((found) => found !== null);
      const runs = await this.#loadRuns();
      if (building.signal.aborted) return;
      this.#shown = {
        request,
        pack,
        action: action ? describeAction(action) : null,
        next: next.map(describeAction),
        cli_command: cliCommand(request),
        run_disabled: this.#studio.access.refusal?.error ?? null,
      };
      if (this.#panel)
        this.#panel.title = pack.target
          ? `${action?.title ?? "Aksara"}: ${pack.target.name}`
          : (action?.title ?? "Aksara");
      // Both at once: a run that is started once the pack is shown must not be taken for one of before.
      this.#send({ type: "pack", view: this.#shown });
      runs.restore(this.#shown);
      if (pack.ok) void this.#showEarlier(pack, building.signal);
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
        this.#send({ type: fresh.ok ? "pack-refreshed" : "pack", view: this.#shown });
      }
    } catch (error) {
      this.#studio.log.warn(`could not compare the shown pack with the workspace: ${String(error)}`);
    }
  }

  /** What may be run has changed. */
  #showAccess(): void {
    if (!this.#shown) return;
    const disabled = this.#studio.access.refusal?.error ?? null;
    if (disabled === this.#shown.run_disabled) return;
    this.#shown = { ...this.#shown, run_disabled: disabled };
    this.#send({ type: "run-access", disabled });
  }

  /** Running needs the providers, which nobody should wait for before. */
  async #loadRuns(): Promise<PackRuns> {
    const { PackRuns } = await import("./pack-runs.ts");
    this.#runs ??= new PackRuns(this.#studio, (event) => this.#send(event));
    return this.#runs;
  }

  /** Tells the page of the runs that were kept of the same action on the same object. `signal`: another pack is built. */
  async #showEarlier(pack: PromptPack, signal: AbortSignal): Promise<void> {
    const { history } = await this.#studio.workspace();
    const { EarlierRuns } = await import("./earlier-runs.ts");
    if (!history || signal.aborted) return;
    const earlier = new EarlierRuns(history, pack, (event) => {
      if (this.#earlier === earlier) this.#send(event);
    });
    this.#earlier = earlier;
    await this.#listRuns();
  }

  /** A list that cannot be read costs no answer. */
  async #listRuns(): Promise<void> {
    try {
      await this.#earlier?.list();
    } catch (error) {
      this.#studio.log.warn(`could not read the runs that were kept: ${String(error)}`);
    }
  }

  /** What is shown once nothing is built any more: whatever is asked for while a pack is built means that pack. */
  async #settled(): Promise<FlowPanelPack | null> {
    let built: Promise<void> | null = null;
    while (built !== this.#built) {
      built = this.#built;
      await built;
    }
    return this.#shown;
  }

  /** Sends the pack that is shown to a model; `choose` lets the person pick which. */
  async run(choose = false): Promise<void> {
    const shown = await this.#settled();
    if (!shown?.pack.ok) {
      void vscode.window.showInformationMessage(vscode.l10n.t("There is no prompt pack to run."));
      return;
    }
    const { refusal } = this.#studio.access;
    if (refusal && !choose) {
      void vscode.window.showInformationMessage(refusal.error);
      return;
    }
    const choice = choose ? await this.#chooseModel() : {};
    // While the person chose, the panel may have been closed, or have another pack.
    if (choice === null || this.#shown?.pack.fingerprint !== shown.pack.fingerprint) return;
    await (await this.#loadRuns()).start(this.#shown, choice);
    await this.#listRuns();
  }

  cancelRun(): void {
    this.#runs?.cancel();
  }

  /** Null when the person chose none. */
  async #chooseModel(): Promise<ModelChoice | null> {
    const { pickRunModel } = await import("../providers/pick-model.ts");
    const picked = await pickRunModel((await this.#studio.workspace()).execution());
    return picked && { providerOverride: picked.provider, modelOverride: picked.model };
  }

  #send(event: Unnumbered<FlowPanelEvent>): void {
    const numbered = this.#log.append(event);
    void this.#panel?.webview.postMessage(numbered);
  }

  async #handle(message: FlowPanelMessage): Promise<void> {
    switch (message.type) {
      case "ready":
        for (const event of this.#log.since(message.since)) void this.#panel?.webview.postMessage(event);
        return;
      case "state":
        // The wish was met; replayed, it would overrule what the person selected since.
        this.#log.forget("select-tab");
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
        return await this.run();
      case "run-with":
        return await this.run(true);
      case "cancel-run":
        this.cancelRun();
        return;
      case "open-suggestion":
        return await this.#openSuggestion(message.id, message.trace_id);
      case "list-runs":
        return await this.#listRuns();
      case "open-runs":
        await this.#earlier?.open(message.trace_ids);
        return;
      case "save-eval":
        await vscode.commands.executeCommand("aksara.saveRunAsEval", { traceId: message.trace_id });
        return;
      case "show-trace":
        await vscode.commands.executeCommand("aksara.showTrace", { runId: message.trace_id });
        return;
      case "open-hub":
        await vscode.commands.executeCommand("aksara.openHub");
        return;
      case "ask-agent":
        await vscode.commands.executeCommand("aksara.askAgentAbout", { fromPanel: true });
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

  /** Shows what a suggestion would do in a document of its own; the workspace stays as it is. */
  async #openSuggestion(id: string, traceId: string | null): Promise<void> {
    const suggestion = traceId === null ? this.#runs?.suggestion(id) : this.#earlier?.suggestion(traceId, id);
    if (!suggestion) return;
    const { previewText } = await import("./suggestion-preview.ts");
    const document = await vscode.workspace.openTextDocument(previewText(suggestion));
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: true });
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
      json: documentText(pack),
      cli: shown.cli_command,
      run: this.#runs?.document ?? "",
    };
    await vscode.env.clipboard.writeText(texts[what]);
  }
}

/** What an action is called while its pack is built; one of a workspace file, not read yet, goes by its key. */
function titleOf(key: string): string {
  const shipped = SHIPPED_ACTIONS.find((action) => action.key === key);
  return shipped ? translateAction(shipped).title : key;
}
