import { css, html, LitElement, type TemplateResult } from "lit";
import type { ExecutionResult } from "../../src/protocol/execution.ts";
import type {
  FlowPanelEvent,
  FlowPanelPack,
  FlowPanelState,
  FlowTab,
} from "../../src/protocol/flow-panel.ts";
import { FLOW_TABS } from "../../src/protocol/flow-panel.ts";
import { t } from "../ui/l10n.ts";
import { AnnounceEvent, PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { type Tab, TabSelectEvent } from "../ui/tabs.ts";
import { nextPanelState, type PanelState } from "./panel-state.ts";
import "../ui/progress.ts";
import "../ui/tabs.ts";
import "./answer-tab.ts";
import "./evidence-tab.ts";
import "./failure-view.ts";
import "./json-tab.ts";
import "./panel-header.ts";
import "./locks-tab.ts";
import "./plan-tab.ts";
import "./prompt-tab.ts";
import "./result-tab.ts";
import "./runs-tab.ts";

/** Carries what should survive a reload of the window. */
export class StateEvent extends Event {
  static readonly type = "aksara-state";
  readonly state: FlowPanelState;

  constructor(state: FlowPanelState) {
    super(StateEvent.type);
    this.state = state;
  }
}

/** The flow panel: one built pack, its header and its tabs. Fed with the host's events; speaks by `PostEvent`. */
export class FlowPanelElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        --page-gutter: 20px;
      }
      .notice {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 15vh var(--page-gutter) 24px;
        text-align: center;
      }
      .notice.loading {
        /* A pack is mostly built before anyone could read that it is being built. */
        animation: appear 0.15s 0.2s both;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      @media (max-width: 420px) {
        :host {
          --page-gutter: 12px;
        }
      }
    `,
  ];
  static override readonly properties = {
    panelState: { state: true },
    tab: { state: true },
    announcement: { state: true },
  };
  declare protected panelState: PanelState;
  declare protected tab: FlowTab;
  declare protected announcement: string;

  constructor() {
    super();
    this.panelState = { kind: "empty" };
    this.tab = "result";
    this.announcement = "";
    this.addEventListener(AnnounceEvent.type, (event) => {
      if (event instanceof AnnounceEvent) void this.#announce(event.text);
    });
  }

  /** Takes up what survived a reload; the pack itself comes from the host. */
  restore(state: FlowPanelState | null): void {
    if (state !== null) this.tab = state.tab;
  }

  receive(event: FlowPanelEvent): void {
    this.panelState = nextPanelState(this.panelState, event);
    if (event.type === "select-tab") this.tab = event.tab;
    if (event.type === "pack" || event.type === "select-tab") this.#keepState();
    if (event.type === "run-started") void this.#announce(t("The pack is being run."));
    if (event.type === "run-finished") void this.#announce(endWords(event.result));
  }

  /** Whether an answer is on its way. */
  get running(): boolean {
    const { panelState: state } = this;
    return state.kind === "full" && state.run !== null && state.run.result === null;
  }

  protected override render(): TemplateResult {
    return html`${this.#renderState(this.panelState)}
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>`;
  }

  #renderState(state: PanelState): TemplateResult {
    switch (state.kind) {
      case "empty":
        return html`<main class="notice"><p class="quiet">${t("No prompt pack yet. Choose an action on a model, route, query, migration or issue.")}</p></main>`;
      case "loading":
        return html`<main class="notice loading" aria-busy="true">
          <aksara-progress></aksara-progress>
          <h1 class="visually-hidden">${state.title}</h1>
          <p role="status">${t("{0}: building the prompt pack …", state.title)}</p>
        </main>`;
      case "failed":
        return html`<main><aksara-failure-view .failure=${state.failure}></aksara-failure-view></main>`;
      case "full":
        return this.#renderPack(state);
    }
  }

  #renderPack({
    view,
    stale,
    busy,
    run,
    history,
    opened,
  }: Extract<PanelState, { kind: "full" }>): TemplateResult {
    const absent: readonly (FlowTab | null)[] = [
      run === null ? "answer" : null,
      history.length === 0 ? "runs" : null,
      hasPlanTab(view) ? null : "plan",
      hasLocksTab(view) ? null : "locks",
    ];
    const tabs = FLOW_TABS.filter((id) => !absent.includes(id));
    return html`<aksara-panel-header
        .view=${view}
        .stale=${stale}
        .busy=${busy}
        .running=${this.running}
      ></aksara-panel-header>
      <main>
        <aksara-tabs
          label=${t("Parts of the prompt pack")}
          active=${tabs.includes(this.tab) ? this.tab : "result"}
          .tabs=${tabs.map((id) => describeTab(id, view, history.length))}
          @tab-select=${this.#selectTab}
        >
          <aksara-result-tab slot="result" .view=${view}></aksara-result-tab>
          ${run === null ? null : this.#renderShown("answer", () => html`<aksara-answer-tab slot="answer" .run=${run} .evidence=${view.pack.evidence}></aksara-answer-tab>`)}
          ${
            history.length === 0
              ? null
              : this.#renderShown(
                  "runs",
                  () => html`<aksara-runs-tab
                    slot="runs"
                    .history=${history}
                    .opened=${opened}
                    .fingerprint=${view.pack.fingerprint}
                  ></aksara-runs-tab>`,
                )
          }
          ${hasPlanTab(view) ? this.#renderShown("plan", () => html`<aksara-plan-tab slot="plan" .pack=${view.pack}></aksara-plan-tab>`) : null}
          ${hasLocksTab(view) ? this.#renderShown("locks", () => html`<aksara-locks-tab slot="locks" .pack=${view.pack}></aksara-locks-tab>`) : null}
          ${this.#renderShown("prompt", () => html`<aksara-prompt-tab slot="prompt" .pack=${view.pack}></aksara-prompt-tab>`)}
          ${this.#renderShown("evidence", () => html`<aksara-evidence-tab slot="evidence" .evidence=${view.pack.evidence}></aksara-evidence-tab>`)}
          ${this.#renderShown("json", () => html`<aksara-json-tab slot="json" .pack=${view.pack}></aksara-json-tab>`)}
        </aksara-tabs>
      </main>`;
  }

  /** The other tabs are made when they are looked at: a big pack then costs nothing that nobody sees. */
  #renderShown(tab: FlowTab, content: () => TemplateResult): TemplateResult | null {
    return this.tab === tab ? content() : null;
  }

  #selectTab(event: Event): void {
    const selected = event instanceof TabSelectEvent ? FLOW_TABS.find((tab) => tab === event.id) : undefined;
    if (selected === undefined) return;
    this.tab = selected;
    this.#keepState();
    // The command line, or another window, may have made some meanwhile.
    if (selected === "runs") this.dispatchEvent(new PostEvent({ type: "list-runs" }));
  }

  #keepState(): void {
    if (this.panelState.kind !== "full") return;
    this.dispatchEvent(new StateEvent({ request: this.panelState.view.request, tab: this.tab }));
  }

  /** Cleared first, so that the same words are announced again. */
  async #announce(text: string): Promise<void> {
    this.announcement = "";
    await this.updateComplete;
    this.announcement = text;
  }
}

/** Queries have a plan, or a reason why not. */
function hasPlanTab({ pack }: FlowPanelPack): boolean {
  return pack.ok && pack.kind === "query";
}

/** Migrations have locks, or a reason why none was measured. */
function hasLocksTab({ pack }: FlowPanelPack): boolean {
  return pack.ok && pack.kind === "migration";
}

function describeTab(id: FlowTab, { pack }: FlowPanelPack, runs: number): Tab {
  switch (id) {
    case "result":
      return { id, label: t("Result"), count: null };
    case "answer":
      return { id, label: t("Answer"), count: null };
    case "runs":
      return { id, label: t("Runs"), count: runs };
    case "plan":
      return { id, label: t("Plan"), count: null };
    case "locks":
      return { id, label: t("Locks"), count: null };
    case "prompt":
      return { id, label: t("Prompt Pack"), count: null };
    case "evidence":
      return { id, label: t("Evidence"), count: pack.evidence.length };
    case "json":
      return { id, label: t("Raw JSON"), count: null };
  }
}

function endWords({ ok, error, error_code, suggestions, tokens }: ExecutionResult): string {
  if (ok) return t("The answer is complete. Suggestions: {0}.", suggestions.length);
  if (error_code === "CANCELLED" && tokens.total === 0) return t("Nothing was sent.");
  return error_code === "CANCELLED" ? t("The run was cancelled.") : t("The run failed: {0}", error ?? "");
}

customElements.define("aksara-flow-panel", FlowPanelElement);
