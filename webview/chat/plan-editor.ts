import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { PlanKind } from "../../src/protocol/agent.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { ArgumentsEvent } from "./edit-arguments.ts";
import { fieldStyles } from "./field.css.ts";
import { emptyStep, goalOf, stepsName, stepsOf, typeWords } from "./plan-words.ts";

interface Draft {
  /** Stays with the step wherever it is moved. */
  readonly key: number;
  readonly kind: PlanKind;
  /** As typed: JSON where a member is no text. */
  readonly texts: Readonly<Record<string, string>>;
  /** Members that the kind does not know, as they were. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** A plan to be changed before it is approved: its steps reordered, rewritten, removed, and new ones added. */
export class PlanEditorElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    fieldStyles,
    css`
      .form,
      ol {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
      ol {
        padding: 0;
        list-style: none;
      }
      label {
        display: block;
        margin-bottom: 3px;
        font-size: 11px;
        font-weight: 600;
        color: var(--ak-quiet);
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
        padding: 6px 8px 8px;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
      }
      textarea {
        max-height: 12em;
        field-sizing: content;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 2px;
      }
      h4 {
        flex: 1;
        min-width: 0;
        margin: 0;
        font-size: 1em;
        font-weight: 600;
      }
      .tool {
        display: flex;
        padding: 3px;
        border: none;
        border-radius: 4px;
        background: none;
        color: var(--vscode-icon-foreground, inherit);
        cursor: pointer;
      }
      .tool:hover:not(:disabled) {
        background: var(--vscode-toolbar-hoverBackground, transparent);
        outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .tool:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .tool:disabled {
        opacity: 0.4;
        cursor: default;
      }
      .wrong {
        margin-top: 3px;
        font-size: 12px;
      }
      .buttons,
      .add {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
      }
      .add select {
        width: auto;
        max-width: 100%;
      }
    `,
  ];
  static override readonly properties = {
    input: { attribute: false },
    kinds: { attribute: false },
    drafts: { state: true },
    checked: { state: true },
    announcement: { state: true },
  };
  declare input: unknown;
  declare kinds: readonly PlanKind[];
  declare protected drafts: readonly Draft[];
  /** What is wrong is said once somebody wanted to be done. */
  declare protected checked: boolean;
  declare protected announcement: string;
  #keys = 0;

  constructor() {
    super();
    this.input = {};
    this.kinds = [];
    this.drafts = [];
    this.checked = false;
    this.announcement = "";
  }

  override focus(): void {
    this.#field("#goal")?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("input")) this.drafts = stepsOf(this.input).flatMap((step) => this.#draftOf(step) ?? []);
  }

  protected override render(): TemplateResult {
    return html`<div class="form">
      <div>
        <label for="goal">${t("Goal")}</label>
        <textarea id="goal" rows="2" aria-invalid=${this.#isMissing("#goal")} .value=${goalOf(this.input)}></textarea>
      </div>
      <ol aria-label=${t("Steps")}>
        ${repeat(
          this.drafts,
          ({ key }) => key,
          (draft, index) => this.#renderStep(draft, index),
        )}
      </ol>
      ${this.drafts.length === 0 ? renderWrong(t("A plan needs at least one step.")) : null}
      <div class="add">
        ${
          this.kinds.length > 1
            ? html`<select id="kind" aria-label=${t("Kind of the new step")}>
                ${this.kinds.map(({ type }) => html`<option value=${type}>${typeWords(type)}</option>`)}
              </select>`
            : null
        }
        <vscode-button appearance="secondary" @click=${this.#add}>${t("Add step")}</vscode-button>
      </div>
      <div class="buttons">
        <vscode-button appearance="primary" @click=${this.#submit}>${t("Approve with changes")}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => this.dispatchEvent(new Event("cancel"))}>${t("Cancel")}</vscode-button>
      </div>
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
    </div>`;
  }

  #renderStep(draft: Draft, index: number): TemplateResult {
    const number = index + 1;
    const name = draft.kind.type === "" ? t("Step {0}", number) : `${number}. ${typeWords(draft.kind.type)}`;
    return html`<li data-key=${draft.key} aria-label=${name}>
      <div class="head">
        <h4>${name}</h4>
        ${this.#renderTool("arrow-up", t("Move step {0} up", number), index === 0, () => this.#move(index, -1))}
        ${this.#renderTool("arrow-down", t("Move step {0} down", number), number === this.drafts.length, () => this.#move(index, 1))}
        ${this.#renderTool("trash", t("Remove step {0}", number), false, () => this.#remove(index))}
      </div>
      ${draft.kind.members.map((member) => {
        const id = `step-${draft.key}-${member.name}`;
        const text = draft.texts[member.name] ?? "";
        const wrong = this.checked ? problemOf(member, text) : null;
        return html`<div>
          <label for=${id} title=${member.description}>${member.name}</label>
          <textarea
            id=${id}
            rows="1"
            spellcheck=${member.isText}
            aria-invalid=${wrong !== null}
            .value=${text}
            @input=${(event: Event) => this.#type(draft.key, member.name, (event.target as HTMLTextAreaElement).value)}
          ></textarea>
          ${wrong === null ? null : renderWrong(wrong)}
        </div>`;
      })}
    </li>`;
  }

  #renderTool(
    name: "arrow-up" | "arrow-down" | "trash",
    label: string,
    disabled: boolean,
    act: () => void,
  ): TemplateResult {
    return html`<button type="button" class="tool ${name}" title=${label} aria-label=${label} ?disabled=${disabled} @click=${act}>
      ${icon(name)}
    </button>`;
  }

  #draftOf(step: Readonly<Record<string, unknown>>): Draft | null {
    const kind = this.kinds.find(({ type }) => type === (step.type ?? ""));
    if (!kind) return null;
    const { type: _, ...members } = step;
    const texts: Record<string, string> = {};
    const rest: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(members)) {
      const member = kind.members.find((each) => each.name === name);
      if (!member) rest[name] = value;
      else texts[name] = member.isText && typeof value === "string" ? value : JSON.stringify(value);
    }
    return { key: ++this.#keys, kind, texts, rest };
  }

  #type(key: number, member: string, text: string): void {
    this.drafts = this.drafts.map((draft) =>
      draft.key === key ? { ...draft, texts: { ...draft.texts, [member]: text } } : draft,
    );
  }

  #move(index: number, by: 1 | -1): void {
    const drafts = [...this.drafts];
    const [moved] = drafts.splice(index, 1);
    if (!moved) return;
    drafts.splice(index + by, 0, moved);
    this.drafts = drafts;
    const place = index + by + 1;
    this.announcement = t("Now step {0} of {1}", place, drafts.length);
    // Where it cannot be moved on, the other way is at hand.
    const back = by === 1 ? "arrow-up" : "arrow-down";
    const on = by === 1 ? "arrow-down" : "arrow-up";
    void this.updateComplete.then(() =>
      (
        this.#field(`[data-key="${moved.key}"] .${on}:not(:disabled)`) ??
        this.#field(`[data-key="${moved.key}"] .${back}`)
      )?.focus(),
    );
  }

  #remove(index: number): void {
    const next = this.drafts[index + 1] ?? this.drafts[index - 1];
    this.drafts = this.drafts.filter((_, at) => at !== index);
    this.announcement = t("Step {0} removed", index + 1);
    void this.updateComplete.then(() =>
      this.#field(next ? `[data-key="${next.key}"] .trash` : ".add vscode-button")?.focus(),
    );
  }

  #add(): void {
    const wanted = this.renderRoot.querySelector<HTMLSelectElement>("#kind")?.value;
    const kind = this.kinds.find(({ type }) => type === wanted) ?? this.kinds[0];
    const draft = kind ? this.#draftOf(emptyStep(kind)) : null;
    if (!draft) return;
    this.drafts = [...this.drafts, draft];
    void this.updateComplete.then(() => this.#field(`[data-key="${draft.key}"] textarea`)?.focus());
  }

  #submit(): void {
    this.checked = true;
    const goal = this.#goal;
    const isWrong = this.drafts.some(({ kind, texts }) =>
      kind.members.some((member) => problemOf(member, texts[member.name] ?? "") !== null),
    );
    if (isWrong || goal === "" || this.drafts.length === 0) {
      void this.updateComplete.then(() => this.#field('[aria-invalid="true"]')?.focus());
      return;
    }
    const steps = this.drafts.map(stepOf);
    const same = goal === goalOf(this.input) && JSON.stringify(steps) === JSON.stringify(stepsOf(this.input));
    this.dispatchEvent(new ArgumentsEvent(same ? {} : { goal, [stepsName(this.input)]: steps }));
  }

  get #goal(): string {
    return this.renderRoot.querySelector<HTMLTextAreaElement>("#goal")?.value.trim() ?? goalOf(this.input);
  }

  #isMissing(selector: "#goal"): boolean {
    return this.checked && this.renderRoot.querySelector<HTMLTextAreaElement>(selector)?.value.trim() === "";
  }

  #field(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }
}

function renderWrong(text: string): TemplateResult {
  return html`<p class="wrong" role="alert">${icon("error", "error")} ${text}</p>`;
}

/** What a person should know of a text that cannot be taken; null for one that can. */
function problemOf({ isText, required }: PlanKind["members"][number], text: string): string | null {
  if (text.trim() === "") return required ? t("This is needed.") : null;
  return isText || isJson(text) ? null : t("This is not valid JSON.");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function stepOf({ kind, texts, rest }: Draft): Record<string, unknown> {
  const members = kind.members.flatMap(({ name, isText }) => {
    const text = texts[name] ?? "";
    // What is left empty and is no text was not given.
    if (text.trim() === "" && !(isText && name in texts)) return [];
    return [[name, isText ? text : JSON.parse(text)] as const];
  });
  return { ...(kind.type === "" ? {} : { type: kind.type }), ...rest, ...Object.fromEntries(members) };
}

customElements.define("aksara-plan-editor", PlanEditorElement);
