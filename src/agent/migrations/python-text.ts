/** A piece of Python: what is code can be looked at, what is a string or a comment is left alone. */
const PIECES =
  /(?:[rRbBuUfF]{0,2})(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|#[^\n]*|[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*|[\s\S]/g;

/** The parts between the commas of an argument list, in order, trimmed. */
export function splitArguments(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const [piece] of text.matchAll(PIECES)) {
    if ("([{".includes(piece)) depth++;
    if (")]}".includes(piece)) depth--;
    if (piece === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else if (!piece.startsWith("#")) part += piece;
  }
  if (part.trim() !== "") parts.push(part.trim());
  return parts;
}

/** A call as written: `models.CharField(max_length=20)`. Null for anything else. */
export interface PythonCall {
  readonly callee: string;
  readonly positional: readonly string[];
  /** By name, in order. */
  readonly named: ReadonlyMap<string, string>;
}

export function readCall(text: string): PythonCall | null {
  const [, callee, body] = /^\s*([A-Za-z_][\w.]*)\s*\(([\s\S]*)\)\s*$/.exec(text) ?? [];
  if (callee === undefined || body === undefined) return null;
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const part of splitArguments(body)) {
    const [, name, value] = /^([A-Za-z_]\w*)\s*=(?!=)\s*([\s\S]+)$/.exec(part) ?? [];
    if (name !== undefined && value !== undefined) named.set(name, value);
    else positional.push(part);
  }
  return { callee, positional, named };
}

export function callText({ callee, positional, named }: PythonCall): string {
  const parts = [...positional, ...[...named].map(([name, value]) => `${name}=${value}`)];
  return `${callee}(${parts.join(", ")})`;
}

/** Replaces dotted names in code by what `replace` says of each; names of arguments are left alone. */
export function mapNames(text: string, replace: (name: string) => string): string {
  let out = "";
  const pieces = [...text.matchAll(PIECES)].map(([piece]) => piece);
  for (const [at, piece] of pieces.entries()) {
    const isName = /^[A-Za-z_]/.test(piece) && !/["']/.test(piece);
    const isArgument = /^\s*=(?!=)/.test(pieces.slice(at + 1, at + 4).join(""));
    out += isName && !isArgument ? replace(piece.replace(/\s+/g, "")) : piece;
  }
  return out;
}

/** Where the names of a module come from: `from a.b import c as d` and its like, by the name that they make. */
export function importsOf(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, from = "", list = ""] of source.matchAll(/^from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n#]+)/gm))
    for (const part of list.replace(/[()]/g, "").split(",")) {
      const [name = "", alias] = part
        .replace(/#[^\n]*/g, "")
        .trim()
        .split(/\s+as\s+/);
      if (name !== "") found.set(alias ?? name, `from ${from} import ${name}${alias ? ` as ${alias}` : ""}`);
    }
  for (const [, name = "", alias] of source.matchAll(/^import\s+([\w.]+)(?:\s+as\s+(\w+))?\s*$/gm))
    found.set(alias ?? name.split(".")[0] ?? name, `import ${name}${alias ? ` as ${alias}` : ""}`);
  return found;
}

/** Names that a module defines at its margin. */
export function definitionsOf(source: string): ReadonlySet<string> {
  return new Set(
    [...source.matchAll(/^(?:(?:class|def|async def)\s+(\w+)|(\w+)\s*(?::[^=\n]+)?=(?!=))/gm)].map(
      (match) => match[1] ?? match[2] ?? "",
    ),
  );
}

/** A Python string of some text, with the quotes that a file likes. */
export function pythonString(text: string, quote: '"' | "'" = '"'): string {
  return `${quote}${text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replaceAll("\n", "\\n")}${quote}`;
}

/** The quotes that most strings of a file have. */
export function quoteOf(source: string): '"' | "'" {
  const single = source.match(/'(?:[^'\\\n]|\\.)*'/g)?.length ?? 0;
  const double = source.match(/"(?:[^"\\\n]|\\.)*"/g)?.length ?? 0;
  return single > double ? "'" : '"';
}
