import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { ChatActivity } from "../../src/protocol/chat.ts";
import { t } from "../ui/l10n.ts";
import { elapsedWords } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";

/** That the agent works, and for how long; nothing where it rests. */
export class ActivityLineElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 24px;
        padding: 2px;
        color: var(--ak-quiet);
        font-variant-numeric: tabular-nums;
      }
      .dot {
        width: 7px;
        height: 7px;
        margin: 0 3px;
        border-radius: 50%;
        background: var(--vscode-progressBar-background, currentColor);
        animation: breathe 1.4s ease-in-out infinite;
      }
      @keyframes breathe {
        50% {
          opacity: 0.25;
        }
      }
    `,
  ];
  static override readonly properties = { activity: { attribute: false }, now: { state: true } };
  declare activity: ChatActivity;
  /** Milliseconds since 1970, as of the last tick. */
  declare protected now: number;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.activity = { state: "idle" };
    this.now = Date.now();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  /** The clock runs only while the agent works. */
  protected override updated(changed: PropertyValues): void {
    if (!changed.has("activity")) return;
    const works = this.activity.state === "working" && !this.activity.waiting;
    if (!works) this.#stop();
    else
      this.#tick ??= setInterval(() => {
        this.now = Date.now();
      }, 1000);
  }

  protected override render(): TemplateResult | null {
    const { activity } = this;
    // Where a person is asked, the card says so.
    if (activity.state === "idle" || (activity.state === "working" && activity.waiting)) return null;
    const seconds = activity.state === "working" ? Math.floor((this.now - activity.startedAt) / 1000) : 0;
    return html`<div class="line">
      <span class="dot" aria-hidden="true"></span>
      <span>${wordsOf(activity)}</span>
      ${seconds < 3 ? null : html`<span>${seconds < 60 ? t("{0} s", seconds) : elapsedWords(seconds * 1000)}</span>`}
    </div>`;
  }

  #stop(): void {
    clearInterval(this.#tick);
    this.#tick = undefined;
  }
}

function wordsOf(activity: ChatActivity): string {
  if (activity.state === "working") return activity.stopping ? t("Stopping …") : t("Working …");
  return t("Starting …");
}

customElements.define("aksara-activity-line", ActivityLineElement);
