import { leaf, type PlainNode } from "./node.ts";
import { NotPlain, type Tokens } from "./tokens.ts";

/** The current token as a node of a type; passes it. */
export function takeLeaf(tokens: Tokens, type: string): PlainNode {
  const node = leaf(type, tokens.start, tokens.end);
  tokens.next();
  return node;
}

/** A keyword or punctuation as a node. */
export function takeToken(tokens: Tokens): PlainNode {
  if (tokens.kind !== "op") throw new NotPlain();
  return takeLeaf(tokens, tokens.text);
}

export function takeIdentifier(tokens: Tokens): PlainNode {
  if (tokens.kind !== "name") throw new NotPlain();
  return takeLeaf(tokens, "identifier");
}
