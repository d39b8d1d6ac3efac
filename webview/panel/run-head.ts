import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { ExecutionResult, ResolutionSource } from "../../src/protocol/execution.ts";
import { startIcon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { costWords, elapsedWords, tokenWords } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import type { RunState } from "./run-state.ts";
import "../ui/progress.ts";

/** Who answers and why it is them, how long it has taken, what it has cost; while it goes on, a way to end it. */
export class RunHeadElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
        min-height: 26px;
      }
      .stage {
        display: inline-flex;
        align-items: center;
        gap: 8px;
      }
      .model {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
        font-variant-numeric: tabular-nums;
      }
      vscode-button {
        margin-inline-start: auto;
      }
      aksara-progress {
        width: 16px;
        height: 16px;
      }
    `,
  ];
  static override readonly properties = { run: { attribute: false }, now: { state: true } };
  declare run: RunState;
  /** Milliseconds since 1970, as of the last tick. */
  declare protected now: number;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.now = Date.now();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  /** The clock runs only while an answer is awaited. */
  protected override updated(changed: PropertyValues): void {
    if (!changed.has("run")) return;
    if (this.run.result !== null) this.#stop();
    else
      this.#tick ??= setInterval(() => {
        this.now = Date.now();
      }, 1000);
  }

  protected override render(): TemplateResult {
    const { result } = this.run;
    return html`<div class="head">${result === null ? this.#renderGoing() : renderDone(result)}</div>`;
  }

  #renderGoing(): TemplateResult {
    const { provider, model, startedAt } = this.run;
    return html`<span class="stage" role="status"><aksara-progress></aksara-progress>${stageWords(this.run)}</span>
      ${model === null ? null : html`<span><span class="model">${model}</span> <span class="quiet">${provider}</span></span>`}
      <span class="numbers quiet">${elapsedWords(Math.max(0, this.now - startedAt))}</span>
      <vscode-button appearance="secondary" @click=${() => this.dispatchEvent(new PostEvent({ type: "cancel-run" }))}
        >${startIcon("stop-circle")}${t("Cancel")}</vscode-button
      >`;
  }

  #stop(): void {
    clearInterval(this.#tick);
    this.#tick = undefined;
  }
}

function renderDone(result: ExecutionResult): TemplateResult | null {
  const { provider, model, tokens, cost_usd: cost, elapsed_ms: time, resolution } = result;
  if (provider === "") return null;
  return html`<span><span class="model">${model}</span> <span class="quiet">${provider}</span></span>
    ${resolution.model === null ? null : html`<span class="quiet">${sourceWords(resolution.provider, resolution.model)}</span>`}
    <span class="numbers quiet">
      <span>${elapsedWords(time)}</span>
      <span>${tokenWords(tokens)}</span>
      <span>${costWords(cost)}</span>
    </span>`;
}

function stageWords({ stage, text }: RunState): string {
  if (stage === "asking" && text !== "") return t("Answering …");
  switch (stage) {
    case "resolving":
      return t("Looking for a provider …");
    case "confirming":
      return t("Waiting for your yes …");
    case "asking":
      return t("Waiting for the answer …");
    case "repairing":
      return t("Asking for the structured part once more …");
    case "verifying":
      return t("Checking the suggestions …");
  }
}

/** Why it was this model. */
function sourceWords(provider: ResolutionSource | null, model: ResolutionSource): string {
  const source = model === "default" ? (provider ?? model) : model;
  switch (source) {
    case "override":
      return t("your choice");
    case "pack":
      return t("named by the action");
    case "hub":
      return t("from aihub.json");
    case "default":
      return t("the provider's default");
  }
}

customElements.define("aksara-run-head", RunHeadElement);
