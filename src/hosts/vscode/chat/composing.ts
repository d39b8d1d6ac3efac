import type { ChatAttachment } from "../../../protocol/chat.ts";
import type { Studio } from "../studio.ts";
import type { ChatLine } from "./chat-line.ts";
import type { Completer } from "./completer.ts";

/** Helps a person while they type: says what fits, and takes along what they choose. Loads nothing before that. */
export class Composing {
  readonly #studio: Studio;
  readonly #line: ChatLine;
  readonly #attach: (attachment: ChatAttachment) => void;
  #completer: Promise<Completer> | null = null;
  /** The last question. */
  #asked = 0;

  constructor(studio: Studio, line: ChatLine, attach: (attachment: ChatAttachment) => void) {
    this.#studio = studio;
    this.#line = line;
    this.#attach = attach;
  }

  /** What fits where a person types; a first answer may be followed by a better one. */
  async complete(ask: number, trigger: "@" | "/", query: string): Promise<void> {
    this.#completer ??= import("./completer.ts").then(({ Completer }) => new Completer(this.#studio));
    this.#asked = ask;
    const completer = await this.#completer;
    for await (const options of completer.options(trigger, query)) {
      if (this.#asked !== ask) return;
      this.#line.send({ type: "completions", ask, options: [...options] });
    }
  }

  /** The next message is about what a person has chosen while typing it. @throws CONTEXT_NOT_FOUND */
  async mention(text: string): Promise<void> {
    const [{ resolveMention }, { mentionsIn }] = await Promise.all([
      import("./resolve-mention.ts"),
      import("./mentions.ts"),
    ]);
    const [view, { roots }] = await Promise.all([this.#studio.view(), this.#studio.workspace()]);
    for (const mention of mentionsIn(text))
      this.#attach((await resolveMention(mention, view, roots)).attachment);
  }
}
