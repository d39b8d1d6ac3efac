/** Pieces of an f-string, or of several strings side by side of which one is. */
export function readFormatted(source: string): readonly (string | { readonly code: string })[] {
  const parts: (string | { code: string })[] = [];
  const literal = /([A-Za-z]*)("""|'''|"|')/y;
  let at = 0;
  while (at < source.length) {
    literal.lastIndex = at;
    const match = literal.exec(source);
    const quote = match?.[2];
    if (!match || quote === undefined) {
      at++;
      continue;
    }
    const formatted = /[ft]/i.test(match[1] ?? "");
    const raw = /r/i.test(match[1] ?? "");
    at = literal.lastIndex;
    let text = "";
    while (at < source.length && !source.startsWith(quote, at)) {
      const character = source.charAt(at);
      if (character === "\\") {
        const next = source.charAt(at + 1);
        text += raw
          ? character + next
          : next === "n"
            ? "\n"
            : next === "t"
              ? "\t"
              : next === "\n"
                ? ""
                : next;
        at += 2;
      } else if (formatted && (source.startsWith("{{", at) || source.startsWith("}}", at))) {
        text += character;
        at += 2;
      } else if (formatted && character === "{") {
        const end = endOfHole(source, at);
        parts.push(text, { code: source.slice(at + 1, end).replace(/(?:![rsa])?(?::[^:'"]*)?$/, "") });
        text = "";
        at = end + 1;
      } else {
        text += character;
        at++;
      }
    }
    parts.push(text);
    at += quote.length;
  }
  return parts;
}

function endOfHole(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source.charAt(at) === "{") depth++;
    else if (source.charAt(at) === "}" && --depth === 0) return at;
  }
  return source.length;
}
