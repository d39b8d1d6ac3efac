/** How a TypeScript or JavaScript file of the project is written. */
export interface ScriptStyle {
  readonly quote: '"' | "'";
  readonly indent: string;
  /** Statements end with one. */
  readonly semicolon: "" | ";";
  /** What relative imports end with: `.js`, `.ts`, nothing. */
  readonly extension: string;
}

export function scriptStyle(source: string): ScriptStyle {
  const double = source.match(/from "/g)?.length ?? 0;
  const single = source.match(/from '/g)?.length ?? 0;
  const lines = source.split("\n").filter((line) => /^import\b|^export const\b/.test(line));
  const ended = lines.filter((line) => line.trimEnd().endsWith(";")).length;
  return {
    quote: single > double ? "'" : '"',
    indent: /^\t/m.test(source) ? "\t" : /^ {4}\S/m.test(source) && !/^ {2}\S/m.test(source) ? "    " : "  ",
    semicolon: lines.length > 0 && ended * 2 < lines.length ? "" : ";",
    extension: /from ["']\.[^"']*(\.(?:js|ts|mjs))["']/.exec(source)?.[1] ?? "",
  };
}

/** Text written with double quotes, two spaces and semicolons, in the style of a file. */
export function inStyle(text: string, { quote, indent, semicolon }: ScriptStyle): string {
  let styled = text;
  if (indent !== "  ") styled = styled.replace(/^(?: {2})+/gm, (spaces) => indent.repeat(spaces.length / 2));
  if (semicolon === "") styled = styled.replace(/;$/gm, "");
  if (quote === "'") styled = styled.replace(/"((?:[^"'\\\n]|\\.)*)"/g, "'$1'");
  return styled;
}

/** The way from one file to another, without the other's ending: `../lib/prisma`. */
export function relativeImport(from: string, to: string, extension: string): string {
  const a = from.split("/").slice(0, -1);
  const b = to.replace(/\.\w+$/, "").split("/");
  let shared = 0;
  while (shared < a.length && shared < b.length - 1 && a[shared] === b[shared]) shared++;
  const up = "../".repeat(a.length - shared);
  return `${up === "" ? "./" : up}${b.slice(shared).join("/")}${extension}`;
}

/** A module with one more import, behind its last one. */
export function withScriptImport(source: string, line: string): string {
  if (source.includes(line)) return source;
  const imports = [...source.matchAll(/^import\b[^;]*?from\s+["'][^"']+["'];?\n/gm)];
  const last = imports.at(-1);
  if (!last) return `${line}\n\n${source}`;
  const end = last.index + last[0].length;
  return `${source.slice(0, end)}${line}\n${source.slice(end)}`;
}
