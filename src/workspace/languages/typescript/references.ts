import type { Node } from "@babel/types";
import { dottedName } from "../expression.ts";
import type { LineIndex } from "../line-index.ts";
import type { ExpressionConverter } from "./convert.ts";
import type { TypeScriptReference } from "./module.ts";

const CLIENT_NAME = /^(?:\w*[pP]risma\w*|db|tx|trx)$/;
const TYPE_NAME = /^[A-Z]\w*[a-z]/;

/** Collects the names that may stand for a model. */
export class ReferenceList {
  readonly found: TypeScriptReference[] = [];
  readonly #lines: LineIndex;
  readonly #converter: ExpressionConverter;

  constructor(lines: LineIndex, converter: ExpressionConverter) {
    this.#lines = lines;
    this.#converter = converter;
  }

  identifier(node: Extract<Node, { type: "Identifier" }>, within: string | null): void {
    if (TYPE_NAME.test(node.name)) this.#add(node.name, node, within);
  }

  /** `Prisma.User` in a type. */
  qualified(node: Node, within: string | null): void {
    this.#add(this.#converter.text(node), node, within);
  }

  /** `prisma.user`, also without a call, and `Models.User`. */
  member(node: Node, within: string | null): void {
    const expression = this.#converter.convert(node);
    if (expression.k !== "member") return;
    const client = expression.of.k === "member" ? expression.of.name : dottedName(expression.of);
    const isType = TYPE_NAME.test(expression.name) && expression.of.k === "name";
    if (client !== null && (isType || CLIENT_NAME.test(client))) {
      this.#add(`${client}.${expression.name}`, node, within);
    }
  }

  #add(name: string, node: Node, within: string | null): void {
    const span = this.#converter.span(node);
    this.found.push({ name, span, within, line: this.#lines.line(span[0]) });
  }
}
