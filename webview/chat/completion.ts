import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ChatCompletion } from "../../src/protocol/chat.ts";
import { t } from "../ui/l10n.ts";
import { AnnounceEvent, PostEvent } from "../ui/post-event.ts";
import { type Token, tokenAt } from "./completion-token.ts";

/** The host's answer to a question. */
export interface Completions {
  readonly ask: number;
  readonly options: readonly ChatCompletion[];
}

interface CompletionHost extends ReactiveControllerHost, EventTarget {
  readonly renderRoot: ParentNode;
  readonly field: HTMLTextAreaElement | null;
}

/**
 * What fits where a person types, as a list below which they go on typing: the arrows choose, Enter and Tab take, Escape
 * leaves.
 */
export class CompletionController implements ReactiveController {
  readonly #host: CompletionHost;
  /** What is being completed; null while nothing is. */
  #token: Token | null = null;
  #ask = 0;
  /** The answers to the last question; null while none has come. */
  #options: readonly ChatCompletion[] | null = null;
  #active = 0;
  /** The options are those of what is typed now. */
  #isFresh = false;
  /** A person took the first option before it was there. */
  #takesFirst = false;

  constructor(host: CompletionHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#token = null;
  }

  hostUpdated(): void {
    if (this.isOpen)
      this.#host.renderRoot.querySelector(`#${this.activeId}`)?.scrollIntoView({ block: "nearest" });
  }

  get isOpen(): boolean {
    return this.#token !== null && this.options.length > 0;
  }

  /** Something was asked for by its kind, or as a command, and there is nothing like it. */
  get nothingFits(): boolean {
    return this.#token?.isExplicit === true && this.#options?.length === 0;
  }

  get options(): readonly ChatCompletion[] {
    return this.#options ?? [];
  }

  get active(): number {
    return this.#active;
  }

  get activeId(): string | null {
    return this.isOpen ? `option-${this.#active}` : null;
  }

  /** The text has changed. */
  typed(): void {
    const token = this.#current();
    if (token === null) {
      this.close();
      return;
    }
    this.#token = token;
    this.#isFresh = false;
    this.#takesFirst = false;
    this.#ask++;
    const { trigger, query } = token;
    this.#host.dispatchEvent(new PostEvent({ type: "complete", ask: this.#ask, trigger, query }));
  }

  /** The cursor may have moved: what it has left is not completed. */
  readonly look = (): void => {
    if (this.#token !== null && this.#current()?.text !== this.#token.text) this.close();
  };

  readonly close = (): void => {
    this.#token = null;
    this.#options = null;
    this.#host.requestUpdate();
  };

  /** Answers that come late are not for what is typed now. */
  receive({ ask, options }: Completions): void {
    if (this.#token === null || ask !== this.#ask) return;
    if (options.length > 0 && options.length !== this.options.length)
      this.#host.dispatchEvent(new AnnounceEvent(t("Suggestions: {0}", options.length)));
    this.#options = options;
    this.#active = 0;
    this.#isFresh = true;
    if (this.#takesFirst) queueMicrotask(() => this.take(0));
  }

  /** Whether a key was for the list. */
  pressed(event: KeyboardEvent): boolean {
    if (!this.isOpen || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
    const isOurs = this.#press(event);
    if (!isOurs) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  take(index: number): void {
    const option = this.options[index];
    const field = this.#host.field;
    const token = this.#token;
    if (!option || !field || !token) return;
    const rest = field.value.slice(token.end);
    const gap = option.goesOn || /^\s/.test(rest) ? "" : " ";
    this.close();
    field.focus();
    field.setSelectionRange(token.start, token.end);
    // As if it were typed: it can be undone like anything else, and is heard of as input.
    document.execCommand("insertText", false, `${option.insert}${gap}`);
    if (!option.goesOn && token.trigger === "@")
      this.#host.dispatchEvent(new PostEvent({ type: "mention", text: option.insert }));
  }

  #press({ key, shiftKey }: KeyboardEvent): boolean {
    switch (key) {
      case "ArrowDown":
        return this.#move(1);
      case "ArrowUp":
        return this.#move(-1);
      case "Escape":
        this.close();
        return true;
      case "Enter":
      case "Tab":
        // What stands there already is sent, not written once more.
        if (shiftKey || (key === "Enter" && this.options[this.#active]?.insert === this.#token?.text))
          return false;
        if (this.#isFresh) this.take(this.#active);
        else this.#takesFirst = true;
        return true;
      default:
        return false;
    }
  }

  #move(by: number): true {
    this.#active = (this.#active + by + this.options.length) % this.options.length;
    this.#host.requestUpdate();
    return true;
  }

  #current(): Token | null {
    const field = this.#host.field;
    if (!field || field.selectionStart !== field.selectionEnd) return null;
    return tokenAt(field.value, field.selectionStart);
  }
}
