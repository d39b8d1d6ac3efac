import { css, html, LitElement, type TemplateResult } from "lit";
import type { ApprovalAnswer, ApprovalRequest, ApprovalScope } from "../../src/protocol/agent.ts";
import { icon, startIcon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import { ArgumentsEvent } from "./edit-arguments.ts";
import { fieldStyles } from "./field.css.ts";
import { agentWords, toolWords } from "./tool-words.ts";
import "../ui/json-view.ts";
import "../ui/risk-badge.ts";
import "./approval-preview.ts";
import "./edit-arguments.ts";
import "./plan-editor.ts";

/** What a person is about to say besides yes. */
type Form = "edit" | "revise" | "reject" | null;

/**
 * A question of the agent: what it wants to do, why it asks, and the ways to answer. Fed with the request alone, it
 * stands in the chat or in a panel of its own; speaks by `PostEvent` with `{type: "answer", id, answer}`.
 */
export class ApprovalCardElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    foldStyles,
    fieldStyles,
    css`
      article {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
        margin: 4px 0;
        padding: 10px 12px 12px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-focusBorder));
        border-radius: 6px;
        background: var(--vscode-editorWidget-background, transparent);
        color: var(--vscode-editorWidget-foreground, inherit);
      }
      article:focus-visible {
        outline: 2px solid var(--vscode-focusBorder);
        outline-offset: -2px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 10px;
      }
      h3 {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        font-size: 1em;
        font-weight: 600;
        line-height: 20px;
      }
      h3 span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .why {
        color: var(--ak-quiet);
        overflow-wrap: anywhere;
      }
      .who {
        font-size: 12px;
        color: var(--ak-quiet);
        overflow-wrap: anywhere;
      }
      .why .rule {
        margin-inline-start: 4px;
        font-size: 12px;
        white-space: nowrap;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .scope {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        font-size: 12px;
      }
      .scope select {
        width: auto;
        max-width: 100%;
        font-size: 12px;
      }
      .form {
        display: grid;
        gap: 6px;
      }
      .form label {
        font-size: 12px;
      }
    `,
  ];
  static override readonly properties = {
    request: { attribute: false },
    agent: {},
    form: { state: true },
    sent: { state: true },
  };
  declare request: ApprovalRequest;
  /** Who asks, with the way to it; "" where only one works. */
  declare agent: string;
  declare protected form: Form;
  /** Answered here; the host has not said so yet. */
  declare protected sent: boolean;

  constructor() {
    super();
    this.agent = "";
    this.form = null;
    this.sent = false;
  }

  /** What was answered did not arrive: it can be answered again. */
  reset(): void {
    this.sent = false;
  }

  /** The card as a whole, so that what is asked is read out, and no button is pressed by accident. */
  override focus(): void {
    this.renderRoot.querySelector("article")?.focus({ preventScroll: false });
  }

  protected override render(): TemplateResult {
    const { decision, about, preview, input } = this.request;
    const shown = preview.kind !== "none";
    return html`<article tabindex="-1" aria-labelledby="title" aria-describedby="why">
      <div class="head">
        <h3 id="title">${icon(iconOf(this.request))}<span>${titleOf(this.request)}</span></h3>
        ${about === "plan" ? null : html`<aksara-risk-badge risk=${decision.risk}></aksara-risk-badge>`}
      </div>
      ${this.agent === "" ? null : html`<p class="who">${t("Asked by {0}", agentWords(this.agent))}</p>`}
      <p class="why" id="why" lang="en">${decision.why} <span class="rule">${t("Rule: {0}", decision.rule)}</span></p>
      ${
        this.form === "edit" && preview.kind === "plan"
          ? null
          : html`<aksara-approval-preview .request=${this.request}></aksara-approval-preview>`
      }
      ${
        shown && about !== "plan"
          ? html`<details>
              <summary>${t("Arguments of {0}", this.request.tool)}</summary>
              <aksara-json-view .value=${input ?? {}}></aksara-json-view>
            </details>`
          : null
      }
      ${this.#renderForm()}
    </article>`;
  }

  #renderForm(): TemplateResult {
    switch (this.form) {
      case "edit":
        return this.request.preview.kind === "plan"
          ? html`<aksara-plan-editor
              .input=${this.request.input}
              .kinds=${this.request.preview.kinds}
              @arguments=${this.#edited}
              @cancel=${() => this.#open(null)}
            ></aksara-plan-editor>`
          : html`<aksara-edit-arguments
              .input=${this.request.input}
              @arguments=${this.#edited}
              @cancel=${() => this.#open(null)}
            ></aksara-edit-arguments>`;
      case "revise":
        return this.#renderFeedback(t("What should be different?"), t("Ask for changes"));
      case "reject":
        return this.#renderFeedback(t("Why not? The agent is told (optional)."), t("Reject"));
      case null:
        return this.#renderButtons();
    }
  }

  #renderButtons(): TemplateResult {
    const { about, scopes } = this.request;
    const failure = about === "failure";
    return html`${scopes.length > 1 ? this.#renderScopes(scopes) : null}
      <div class="buttons" role="group" aria-label=${t("Your answer")}>
        <vscode-button appearance="primary" ?disabled=${this.sent} @click=${this.#approve}
          >${startIcon("check")}${failure ? t("Try again") : t("Approve")}</vscode-button
        >
        ${
          failure || about === "sandbox"
            ? null
            : html`<vscode-button appearance="secondary" title=${t("Edit and approve")} ?disabled=${this.sent} @click=${() => this.#open("edit")}
                >${t("Edit")}</vscode-button
              >`
        }
        <vscode-button
          appearance="secondary"
          ?disabled=${this.sent}
          @click=${() => (failure ? this.#answer({ outcome: "revise" }) : this.#open("revise"))}
          >${failure ? t("Go on without it") : t("Ask for changes")}</vscode-button
        >
        <vscode-button appearance="secondary" ?disabled=${this.sent} @click=${() => this.#open("reject")}
          >${failure ? t("Stop") : t("Reject")}</vscode-button
        >
      </div>`;
  }

  #renderScopes(scopes: readonly ApprovalScope[]): TemplateResult {
    return html`<div class="scope">
      <label for="scope">${t("Approval holds")}</label>
      <select id="scope" ?disabled=${this.sent}>
        ${scopes.map((scope) => html`<option value=${scope}>${scopeWords(scope)}</option>`)}
      </select>
    </div>`;
  }

  #renderFeedback(question: string, button: string): TemplateResult {
    return html`<div class="form">
      <label for="feedback">${question}</label>
      <textarea id="feedback" rows="2" @keydown=${this.#typed}></textarea>
      <div class="buttons">
        <vscode-button appearance="primary" @click=${this.#sendFeedback}>${button}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => this.#open(null)}>${t("Cancel")}</vscode-button>
      </div>
    </div>`;
  }

  #typed(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#sendFeedback();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.#open(null);
    }
  }

  #open(form: Form): void {
    this.form = form;
    void this.updateComplete.then(() => {
      const selector =
        form === "edit"
          ? "aksara-edit-arguments, aksara-plan-editor"
          : form === null
            ? "article"
            : "textarea";
      this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
    });
  }

  #approve(): void {
    const chosen = this.renderRoot.querySelector<HTMLSelectElement>("#scope")?.value;
    const scope = this.request.scopes.find((each) => each === chosen) ?? "once";
    this.#answer({ outcome: "approve", scope });
  }

  #edited(event: Event): void {
    if (!(event instanceof ArgumentsEvent)) return;
    const { partial } = event;
    // Nothing was changed: that is a plain yes.
    this.#answer(
      Object.keys(partial).length === 0
        ? { outcome: "approve", scope: "once" }
        : { outcome: "revise", partial },
    );
  }

  #sendFeedback(): void {
    const text = this.renderRoot.querySelector<HTMLTextAreaElement>("#feedback")?.value.trim() ?? "";
    const feedback = text === "" ? {} : { feedback: text };
    this.#answer({ outcome: this.form === "reject" ? "reject" : "revise", ...feedback });
  }

  #answer(answer: ApprovalAnswer): void {
    if (this.sent) return;
    this.form = null;
    this.sent = true;
    this.dispatchEvent(new PostEvent({ type: "answer", id: this.request.id, answer }));
  }
}

function iconOf({ about, preview, tool, input }: ApprovalRequest): IconName {
  if (about === "plan") return "checklist";
  if (about === "failure") return "error";
  if (preview.kind === "command") return "terminal";
  if (preview.kind === "sql") return "database";
  return toolWords({ tool, input, state: "asking" }).icon;
}

/** What is asked, as a question of its own: it is read out alone. */
export function titleOf({ about, preview, tool }: ApprovalRequest): string {
  switch (about) {
    case "plan":
      return t("Go on by this plan?");
    case "failure":
      return t("{0} failed. Try again?", tool);
    case "sandbox":
      return t("Make the changes that were held back?");
    case "tool":
      break;
  }
  switch (preview.kind) {
    case "diff": {
      const [only] = preview.files;
      if (preview.files.length !== 1 || only === undefined)
        return t("Change {0} files?", preview.files.length);
      if (only.change === "create") return t("Create {0}?", only.uri);
      return only.change === "delete" ? t("Delete {0}?", only.uri) : t("Change {0}?", only.uri);
    }
    case "command":
      return t("Run this command?");
    case "sql":
      return t("Run this SQL?");
    case "plan":
    case "none":
      return t("Run {0}?", tool);
  }
}

function scopeWords(scope: ApprovalScope): string {
  switch (scope) {
    case "once":
      return t("just this once");
    case "session":
      return t("in this chat");
    case "workspace":
      return t("in this workspace");
    case "always":
      return t("in every workspace");
  }
}

customElements.define("aksara-approval-card", ApprovalCardElement);
