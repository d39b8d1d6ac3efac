export interface PrismaToken {
  readonly kind: "word" | "string" | "number" | "sign" | "documentation" | "newline" | "unknown" | "end";
  /** The text; of a string its value, of a documentation comment what follows the slashes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /(?<newline>\r\n|\n|\r)|(?<documentation>\/\/\/[^\r\n]*)|(?<comment>\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)|(?<string>"(?:[^"\\\r\n]|\\.)*")|(?<number>-?\d+(?:\.\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_-]*)|(?<sign>@@|[@{}()[\],:.=?!])|(?<space>[^\S\r\n]+)|(?<unknown>.)/gu;

/** Splits a Prisma schema into tokens; ordinary comments and blanks are left out. The last token is "end". */
export function prismaTokens(text: string): readonly PrismaToken[] {
  const tokens: PrismaToken[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const groups = match.groups ?? {};
    const kind = kindOf(groups);
    if (!kind) continue;
    const start = match.index;
    tokens.push({ kind, text: textOf(kind, match[0]), start, end: start + match[0].length });
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): PrismaToken["kind"] | null {
  if (groups.newline !== undefined) return "newline";
  if (groups.documentation !== undefined) return "documentation";
  if (groups.string !== undefined) return "string";
  if (groups.number !== undefined) return "number";
  if (groups.word !== undefined) return "word";
  if (groups.sign !== undefined) return "sign";
  return groups.unknown === undefined ? null : "unknown";
}

function textOf(kind: PrismaToken["kind"], raw: string): string {
  if (kind === "documentation") return raw.slice(3).trim();
  if (kind !== "string") return raw;
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, -1);
  }
}
