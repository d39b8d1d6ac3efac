import { css, html, LitElement, type TemplateResult } from "lit";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { fieldStyles } from "./field.css.ts";

/** Carries the arguments that a person changed, by their names. */
export class ArgumentsEvent extends Event {
  static readonly type = "arguments";
  readonly partial: Readonly<Record<string, unknown>>;

  constructor(partial: Readonly<Record<string, unknown>>) {
    super(ArgumentsEvent.type);
    this.partial = partial;
  }
}

/** The arguments of a call, to be changed before it is approved: texts as they are, everything else as JSON. */
export class EditArgumentsElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    fieldStyles,
    css`
      .form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      label {
        display: block;
        margin-bottom: 3px;
        font-size: 11px;
        font-weight: 600;
        color: var(--ak-quiet);
      }
      textarea {
        font-family: var(--ak-mono);
        font-size: var(--ak-mono-size);
      }
      .wrong {
        margin-top: 3px;
        font-size: 12px;
        color: var(--vscode-errorForeground);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
    `,
  ];
  static override readonly properties = { input: { attribute: false }, wrong: { state: true } };
  declare input: unknown;
  /** Names of fields whose text is no JSON. */
  declare protected wrong: readonly string[];

  constructor() {
    super();
    this.input = {};
    this.wrong = [];
  }

  override focus(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div class="form">
      ${Object.entries(argumentsOf(this.input)).map(([name, value]) => this.#renderField(name, textOf(value)))}
      <div class="buttons">
        <vscode-button appearance="primary" @click=${this.#submit}>${t("Approve with changes")}</vscode-button>
        <vscode-button appearance="secondary" @click=${this.#cancel}>${t("Cancel")}</vscode-button>
      </div>
    </div>`;
  }

  #renderField(name: string, text: string): TemplateResult {
    const wrong = this.wrong.includes(name);
    const rows = Math.min(14, Math.max(1, text.split("\n").length));
    return html`<div>
      <label for=${`field-${name}`}>${name}</label>
      <textarea
        id=${`field-${name}`}
        name=${name}
        rows=${rows}
        spellcheck="false"
        aria-invalid=${wrong}
        .value=${text}
      ></textarea>
      ${wrong ? html`<p class="wrong" role="alert">${t("This is not valid JSON.")}</p>` : null}
    </div>`;
  }

  #submit(): void {
    const partial: Record<string, unknown> = {};
    const wrong: string[] = [];
    for (const [name, value] of Object.entries(argumentsOf(this.input))) {
      const field = this.renderRoot.querySelector<HTMLTextAreaElement>(`#field-${CSS.escape(name)}`);
      if (field === null || field.value === textOf(value)) continue;
      if (typeof value === "string") partial[name] = field.value;
      else
        try {
          partial[name] = JSON.parse(field.value);
        } catch {
          wrong.push(name);
        }
    }
    this.wrong = wrong;
    if (wrong.length === 0) this.dispatchEvent(new ArgumentsEvent(partial));
  }

  #cancel(): void {
    this.dispatchEvent(new Event("cancel"));
  }
}

function argumentsOf(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

customElements.define("aksara-edit-arguments", EditArgumentsElement);
