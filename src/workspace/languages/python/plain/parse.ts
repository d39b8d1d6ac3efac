import type { SyntaxNode } from "../../syntax-node.ts";
import { Statements } from "./statements.ts";
import { NotPlain } from "./tokens.ts";

/**
 * The syntax of a Python text by a parser that knows the plain language only, five times as fast as the grammar of
 * tree-sitter and giving what that gives. Null for anything that it does not know or that is not valid: new and old
 * statements, odd indentation, errors. The other parser has the last word on those.
 */
export function parsePlainPython(text: string): SyntaxNode | null {
  // No character of a Python text.
  if (text.includes("\0")) return null;
  try {
    return new Statements(text).module();
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}
