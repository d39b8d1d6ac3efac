import { branch, leaf, type PlainNode } from "./node.ts";
import { NotPlain, type Tokens } from "./tokens.ts";

/** Reads strings, several side by side as one, with the expressions in those that are formatted. */
export class FormattedStrings {
  readonly #tokens: Tokens;
  readonly #expression: () => PlainNode;

  constructor(tokens: Tokens, expression: () => PlainNode) {
    this.#tokens = tokens;
    this.#expression = expression;
  }

  read(): PlainNode {
    const parts: PlainNode[] = [];
    const { start } = this.#tokens;
    while (this.#tokens.kind === "string" || this.#tokens.kind === "formatted") {
      parts.push(this.#tokens.kind === "string" ? this.#plain() : this.#formatted());
    }
    const [first] = parts;
    if (!first) throw new NotPlain();
    return parts.length === 1 ? first : branch("concatenated_string", start, this.#tokens.passed, parts);
  }

  #plain(): PlainNode {
    const node = leaf("string", this.#tokens.start, this.#tokens.end);
    this.#tokens.next();
    return node;
  }

  #formatted(): PlainNode {
    const tokens = this.#tokens;
    const { start, end, text: quote, source } = tokens;
    const isRaw = /[rR]/.test(source.slice(start, end));
    const children: PlainNode[] = [leaf("string_start", start, end)];
    const outer = tokens.depth;
    let at = end;
    for (;;) {
      const char = source.charAt(at);
      if (char === "") throw new NotPlain();
      if (source.startsWith(quote, at)) break;
      if (char === "\\") {
        // `\N{…}` holds a name, and a backslash before a brace is read differently by different versions.
        if (/[N{}]/.test(source.charAt(at + 1)) && !isRaw) throw new NotPlain();
        if (isRaw && /[{}]/.test(source.charAt(at + 1))) throw new NotPlain();
        at += source.startsWith("\\\r\n", at) ? 3 : 2;
      } else if (quote.length === 1 && (char === "\n" || char === "\r")) {
        throw new NotPlain();
      } else if (source.startsWith("{{", at) || source.startsWith("}}", at)) at += 2;
      else if (char === "}") throw new NotPlain();
      else if (char === "{") {
        const hole = this.#hole(at);
        children.push(hole);
        at = hole.end;
      } else at++;
    }
    tokens.depth = outer;
    tokens.resumeAt(at + quote.length);
    return branch("string", start, at + quote.length, children);
  }

  /** `{value!r:>{width}}` beginning at an offset. */
  #hole(open: number): PlainNode {
    const tokens = this.#tokens;
    const outer = tokens.depth;
    tokens.depth = outer + 1;
    tokens.resumeAt(open + 1);
    const children: PlainNode[] = [{ ...this.#expression(), field: "expression" }];
    if (tokens.is("=")) tokens.next();
    if (tokens.is("!")) {
      tokens.next();
      if (tokens.kind !== "name") throw new NotPlain();
      tokens.next();
    }
    let close = tokens.start;
    if (tokens.is(":") || tokens.is(":=")) close = this.#specifier(tokens.start + 1, children);
    else if (!tokens.is("}")) throw new NotPlain();
    tokens.depth = outer;
    return branch("interpolation", open, close + 1, children);
  }

  /** Reads what follows the colon; the answer is where the brace closes. */
  #specifier(from: number, children: PlainNode[]): number {
    const { source } = this.#tokens;
    for (let at = from; ; ) {
      const char = source.charAt(at);
      if (char === "}") return at;
      if (char === "" || char === "\n" || char === "'" || char === '"' || char === "\\") throw new NotPlain();
      if (char === "{") {
        const hole = this.#hole(at);
        children.push(hole);
        at = hole.end;
      } else at++;
    }
  }
}
