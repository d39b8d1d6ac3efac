import type { Node, Program } from "@babel/types";
import { LineIndex } from "../line-index.ts";
import type { TypeScriptModule } from "./module.ts";
import { commentText } from "./nodes.ts";
import { OutlineWalk } from "./outline-walk.ts";
import { parseSource } from "./parse.ts";

/**
 * Reads a TypeScript or JavaScript file. Never throws: what cannot be read is in `errors`.
 * Positions do not count a byte order mark, as an editor shows the text without it.
 */
export function parseTypeScript(text: string, uri: string): TypeScriptModule {
  const lines = new LineIndex(text.startsWith("\uFEFF") ? text.slice(1) : text);
  const { programs, unreadable } = parseSource(lines.text, uri);
  const walk = new OutlineWalk(lines);
  for (const program of programs) walk.visitProgram(program);
  return {
    documentation: moduleDocumentation(programs[0]),
    ...walk.finish(),
    errors: unreadable.map(([start, end]) => lines.span(start, end)),
    lines,
  };
}

function moduleDocumentation(program: Program | undefined): string | null {
  const first: Node | undefined = program?.directives[0] ?? program?.body[0];
  const comments = first?.leadingComments ?? [];
  // The comment next to the first statement belongs to that statement.
  const belongsToStatement = first?.type !== "ImportDeclaration" && comments.length === 1;
  const comment = comments[0];
  return comment && !belongsToStatement ? commentText(comment) : null;
}
