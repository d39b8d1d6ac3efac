/** The request that conditions of a view are asked about. */
export interface RequestCase {
  /** Action of a viewset; null for a view without actions. */
  readonly action: string | null;
  /** HTTP method in upper case. */
  readonly method: string;
}

const SAFE = ["GET", "HEAD", "OPTIONS"];

/** Whether conditions hold for a request, all of them; null when one of them asks for something else. */
export function holds(conditions: readonly string[], request: RequestCase): boolean | null {
  let known: boolean | null = true;
  for (const condition of conditions) {
    const value = evaluate(condition, request);
    if (value === false) return false;
    if (value === null) known = null;
  }
  return known;
}

function evaluate(text: string, request: RequestCase): boolean | null {
  const condition = unwrap(text.trim());
  const either = splitAt(condition, " or ");
  if (either) {
    const [left, right] = [evaluate(either[0], request), evaluate(either[1], request)];
    return left === true || right === true ? true : left === null || right === null ? null : false;
  }
  const both = splitAt(condition, " and ");
  if (both) return holds(both, request);
  if (condition.startsWith("not ")) {
    const inner = evaluate(condition.slice(4), request);
    return inner === null ? null : !inner;
  }
  const [, subject = "", operator = "", operand = ""] =
    /^((?:self\.)?(?:action|(?:self\.)?request\.method))\s*(==|!=|not\s+in|in)\s*(.+)$/s.exec(condition) ??
    [];
  const actual = /method$/.test(subject) ? request.method : subject === "" ? null : request.action;
  if (actual === null) return null;
  const wanted = /SAFE_METHODS$/.test(operand)
    ? SAFE
    : [...operand.matchAll(/(["'])(.*?)\1/g)].map((match) => match[2] ?? "");
  if (wanted.length === 0) return null;
  const matches = wanted.includes(actual);
  return operator === "==" || operator === "in" ? matches : !matches;
}

function unwrap(text: string): string {
  let current = text;
  while (current.startsWith("(") && closes(current) === current.length - 1)
    current = current.slice(1, -1).trim();
  return current;
}

/** Where the bracket that opens the text is closed. */
function closes(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at;
  }
  return -1;
}

function splitAt(text: string, word: string): readonly [string, string] | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (/[([{]/.test(text[at] ?? "")) depth++;
    else if (/[)\]}]/.test(text[at] ?? "")) depth--;
    else if (depth === 0 && text.startsWith(word, at))
      return [text.slice(0, at), text.slice(at + word.length)];
  }
  return null;
}
