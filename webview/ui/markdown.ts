import DOMPurify from "dompurify";
import { LitElement } from "lit";
import type { Evidence } from "../../src/protocol/prompt-pack.ts";
import { ICON_GLYPHS, type IconName } from "./icon-glyphs.ts";
import { t } from "./l10n.ts";
import { markdownToHtml } from "./markdown-html.ts";
import { AnnounceEvent, PostEvent } from "./post-event.ts";
import { baseStyles } from "./styles/base.css.ts";
import { markdownStyles } from "./styles/markdown.css.ts";

/** All that rendered markdown may consist of. No `img`, `a`, `form`, `style`, `svg`: nothing here loads or submits. */
const allowed = {
  ALLOWED_TAGS: [
    ...["p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "blockquote"],
    ...[
      "ul",
      "ol",
      "li",
      "pre",
      "code",
      "div",
      "table",
      "thead",
      "tbody",
      "tr",
      "th",
      "td",
      "span",
      "button",
    ],
  ],
  ALLOWED_ATTR: [
    "class",
    "start",
    "type",
    "title",
    "tabindex",
    "aria-label",
    "data-href",
    "data-citation",
    "data-copy",
    "data-insert",
    "data-open",
  ],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** Rendered markdown, from a pack or from a model: sanitised, without images, links opened by the host. */
export class MarkdownElement extends LitElement {
  static override readonly styles = [baseStyles, markdownStyles];
  static override readonly properties = {
    text: { attribute: false },
    evidence: { attribute: false },
    codeActions: { attribute: false },
  };
  declare text: string;
  declare evidence: readonly Evidence[];
  /** Code can be inserted into an editor and opened as a document, besides being copied. */
  declare codeActions: boolean;

  constructor() {
    super();
    this.text = "";
    this.evidence = [];
    this.codeActions = false;
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    root.addEventListener("click", (event) => this.#click(event));
    return root;
  }

  protected override updated(): void {
    const html = markdownToHtml(this.text, {
      citations: new Set(this.evidence.map((item) => item.id)),
      words: {
        copy: t("Copy code"),
        image: t("image"),
        ...(this.codeActions ? { insert: t("Insert at cursor"), open: t("Open as document") } : {}),
      },
    });
    const fragment = DOMPurify.sanitize(html, { ...allowed, RETURN_DOM_FRAGMENT: true });
    for (const button of fragment.querySelectorAll("button[data-citation]")) this.#nameCitation(button);
    for (const [what, glyph] of CODE_ICONS)
      for (const button of fragment.querySelectorAll(`button[data-${what}]`)) button.append(codeIcon(glyph));
    for (const table of fragment.querySelectorAll("div.table")) {
      table.setAttribute("role", "region");
      table.setAttribute("aria-label", t("Table"));
    }
    // Not through a template: Lit would keep a part for each update and gain nothing for a subtree replaced whole.
    this.renderRoot.replaceChildren(fragment);
  }

  #nameCitation(button: Element): void {
    const item = this.#cited(button);
    if (item !== undefined)
      button.setAttribute("title", `${item.label} (${item.uri}:${item.range.start.line + 1})`);
  }

  #cited(button: Element): Evidence | undefined {
    const id = button.getAttribute("data-citation");
    return this.evidence.find((item) => item.id === id);
  }

  #click(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button === null) return;
    const href = button.dataset.href;
    if (href !== undefined) this.dispatchEvent(new PostEvent({ type: "open-link", href }));
    const item = this.#cited(button);
    if (item !== undefined) {
      const { uri, range, hash } = item;
      this.dispatchEvent(new PostEvent({ type: "open-source", source: { uri, range, hash } }));
    }
    const text = button.closest(".code")?.querySelector("code")?.textContent ?? "";
    const { insert, open } = button.dataset;
    if (insert !== undefined) this.dispatchEvent(new PostEvent({ type: "insert-code", text }));
    if (open !== undefined) this.dispatchEvent(new PostEvent({ type: "open-code", text, language: open }));
    if (button.dataset.copy !== undefined) {
      this.dispatchEvent(new PostEvent({ type: "copy-text", text }));
      this.dispatchEvent(new AnnounceEvent(t("Copied")));
    }
  }
}

const CODE_ICONS = [
  ["copy", "copy"],
  ["insert", "insert"],
  ["open", "go-to-file"],
] as const satisfies readonly (readonly [string, IconName])[];

function codeIcon(glyph: IconName): HTMLElement {
  const element = document.createElement("i");
  element.className = "icon";
  element.ariaHidden = "true";
  element.textContent = String.fromCodePoint(ICON_GLYPHS[glyph]);
  return element;
}

customElements.define("aksara-markdown", MarkdownElement);
