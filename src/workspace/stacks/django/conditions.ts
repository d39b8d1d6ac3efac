import type { SourceText } from "../../languages/source-text.ts";
import type { Span } from "../../source.ts";

/**
 * The conditions that a statement stands under inside of a function, outermost first. The outline of a file has no
 * control flow, so they are read from the indentation of the lines above: `if`, `elif` and `else` become their
 * condition or its negation; a loop, `try` or `with` becomes "…", which nobody understands.
 */
export function conditionsAbove(source: SourceText, within: Span, statement: Span): readonly string[] {
  const conditions: string[] = [];
  let indent = indentOf(source.line(statement[0]));
  let negated: string[] = [];
  for (let row = statement[0] - 1; row > within[0]; row--) {
    const line = source.line(row);
    if (line.trim() === "" || line.trim().startsWith("#")) continue;
    const depth = indentOf(line);
    const header =
      /^\s*(if|elif|else|for|while|try|except|finally|with|match|case|def|async)\b(.*?):?\s*(#.*)?$/.exec(
        line,
      );
    if (negated.length > 0 && depth === indent && header && (header[1] === "if" || header[1] === "elif")) {
      conditions.unshift(`not (${conditionOf(header[2] ?? "")})`);
      if (header[1] === "if") negated = [];
      continue;
    }
    if (depth >= indent) continue;
    indent = depth;
    const word = header?.[1];
    if (word === "if" || word === "elif") conditions.unshift(conditionOf(header?.[2] ?? ""));
    else if (word === "def" || word === "async") break;
    else if (word !== "else") conditions.unshift("…");
    negated = word === "elif" || word === "else" ? ["open"] : [];
  }
  return conditions;
}

function conditionOf(text: string): string {
  return text.trim().replace(/:$/, "").trim();
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
