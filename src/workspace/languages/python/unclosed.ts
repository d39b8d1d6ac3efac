/** Offsets in UTF-16 units. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Brackets, strings and comments, line starts: all that decides where a logical line ends. */
const TOKEN = /"""|'''|["'()[\]{}#]|\\\r?\n|\r?\n|\r/g;
/** What can only begin a statement, or nearly so, when it is not indented deeper than the statement before. */
const STATEMENT =
  /^(?:@|(?:class|def|async|import|from|return|raise|with|while|try|del|pass|if|for)\b(?!\s*=)|[A-Za-z_][\w.]*\s*(?::[^=\n]*)?\+?=(?!=))/;

/**
 * Statements whose bracket or quote was never closed, so that a parser takes all that follows for their arguments:
 * what a file looks like while someone types. A line that begins a statement and is not indented deeper ends them.
 */
export function findUnclosedStatements(text: string): readonly Extent[] {
  const found: Extent[] = [];
  const token = new RegExp(TOKEN);
  let statement = 0;
  let depth = 0;
  let broken = false;

  const closeAt = (lineStart: number): void => {
    const body = text.slice(statement, lineStart).trimEnd();
    const start = statement + (body.length - body.trimStart().length);
    if (body.trim() !== "") found.push({ start, end: statement + body.length });
  };

  for (let match = token.exec(text); match; match = token.exec(text)) {
    const mark = match[0];
    if (mark === "#") {
      token.lastIndex = endOfLine(text, match.index);
    } else if (mark === "(" || mark === "[" || mark === "{") {
      depth++;
    } else if (mark === ")" || mark === "]" || mark === "}") {
      depth = Math.max(0, depth - 1);
    } else if (mark.startsWith('"') || mark.startsWith("'")) {
      const end = endOfString(text, match.index + mark.length, mark);
      if (end === null && mark.length === 1) broken = true;
      token.lastIndex = end ?? (mark.length === 3 ? text.length : endOfLine(text, match.index));
    } else if (!mark.startsWith("\\")) {
      const next = token.lastIndex;
      if (broken || (depth > 0 && beginsStatement(text, next, indentAt(text, statement)))) {
        closeAt(match.index);
        depth = 0;
        broken = false;
      }
      if (depth === 0) statement = next;
    }
  }
  if (broken || depth > 0) closeAt(text.length);
  return found;
}

/** The text with the extents replaced by spaces; line breaks stay, so every position stays. */
export function blank(text: string, extents: readonly Extent[]): string {
  let result = "";
  let at = 0;
  for (const { start, end } of extents) {
    result += text.slice(at, start) + text.slice(start, end).replace(/[^\r\n]/g, " ");
    at = end;
  }
  return result + text.slice(at);
}

function beginsStatement(text: string, lineStart: number, indent: number): boolean {
  const own = indentAt(text, lineStart);
  return own <= indent && STATEMENT.test(text.slice(lineStart + own, lineStart + own + 200));
}

function indentAt(text: string, lineStart: number): number {
  let at = lineStart;
  while (text[at] === " " || text[at] === "\t") at++;
  return at - lineStart;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}

/** After the closing quote; null when there is none where there must be. */
function endOfString(text: string, from: number, quote: string): number | null {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (quote.length === 1 && (char === "\n" || char === "\r")) return null;
  }
  return null;
}
