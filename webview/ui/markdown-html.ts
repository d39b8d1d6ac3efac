import { Marked, type TokenizerAndRendererExtension } from "marked";
import { escapeHtml } from "./escape-html.ts";

export interface MarkdownOptions {
  /** Evidence ids that `[id]` in the text may cite; each becomes a button. */
  readonly citations: ReadonlySet<string>;
  /** Words of the page, translated. Code can be inserted and opened where there are words for it. */
  readonly words: {
    readonly copy: string;
    readonly image: string;
    readonly insert?: string;
    readonly open?: string;
  };
}

/** Links that a person may follow; the host checks them once more before it opens one. */
const followable = /^(https?:|mailto:)/i;

/**
 * Markdown to HTML that can only show text: raw HTML is shown as it was written, images by their description alone (a
 * remote image would carry data out by its address), links and citations are buttons that only ask the host. What
 * comes out is sanitised once more before it is shown.
 */
export function markdownToHtml(markdown: string, options: MarkdownOptions): string {
  if (TOO_DEEP.test(markdown)) return `<pre tabindex="0"><code>${escapeHtml(markdown)}</code></pre>\n`;
  return createMarked(options).parse(markdown, { async: false });
}

/** A line that opens more quotes and lists inside each other than anybody can read: each would be read by recursion. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){33}/m;

function createMarked({ citations, words }: MarkdownOptions): Marked {
  const marked = new Marked({ gfm: true, async: false });
  marked.use({
    extensions: [citationExtension(citations)],
    renderer: {
      html: ({ text }) => escapeHtml(text),
      image: ({ text }) => `<em class="image">[${escapeHtml(words.image)}: ${escapeHtml(text)}]</em>`,
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens);
        if (!followable.test(href)) return label;
        const target = escapeHtml(href);
        return `<button type="button" class="link" data-href="${target}" title="${target}">${label}</button>`;
      },
      checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
      code: ({ text, lang }) =>
        `<div class="code${words.insert === undefined ? "" : " headed"}"><pre tabindex="0"><code>${escapeHtml(text)}</code></pre>` +
        `<div class="code-bar"><span>${escapeHtml(language(lang))}</span>` +
        codeButton("copy", words.copy) +
        (words.insert === undefined ? "" : codeButton("insert", words.insert)) +
        (words.open === undefined ? "" : codeButton("open", words.open, language(lang))) +
        "</div></div>\n",
      table(token) {
        const row = (cells: typeof token.header, tag: "th" | "td"): string =>
          `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("")}</tr>`;
        const body = token.rows.map((cells) => row(cells, "td")).join("");
        return `<div class="table" tabindex="0"><table><thead>${row(token.header, "th")}</thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  return marked;
}

function codeButton(what: "copy" | "insert" | "open", title: string, value = ""): string {
  const words = escapeHtml(title);
  return `<button type="button" data-${what}="${escapeHtml(value)}" title="${words}" aria-label="${words}"></button>`;
}

/** The first word of a fence's info string. */
function language(info: string | undefined): string {
  return info?.trim().split(/\s+/)[0] ?? "";
}

function citationExtension(citations: ReadonlySet<string>): TokenizerAndRendererExtension {
  return {
    name: "citation",
    level: "inline",
    start: (source) => source.indexOf("["),
    tokenizer(source) {
      const match = /^\[([^\]\n]{1,120})\](?!\(|\[)/.exec(source);
      const id = match?.[1];
      if (match === null || id === undefined || !citations.has(id)) return undefined;
      return { type: "citation", raw: match[0], id };
    },
    renderer: (token) => {
      const id = escapeHtml(String(token.id));
      return `<button type="button" class="link citation" data-citation="${id}">[${id}]</button>`;
    },
  };
}
