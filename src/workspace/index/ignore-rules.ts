interface Rule {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  readonly pattern: RegExp;
}

/**
 * The patterns of one ignore file, with the meaning that gitignore(5) gives them. Paths are relative to the folder
 * of the file, with forward slashes. That nothing is re-included below an excluded folder is up to the walk, which
 * does not enter it.
 */
export class IgnoreRules {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    const lines = (text.startsWith("\uFEFF") ? text.slice(1) : text).split(/\r?\n/);
    this.#rules = lines.flatMap((line) => {
      const rule = readRule(line);
      return rule ? [rule] : [];
    });
  }

  /** True: ignored; false: included again by a `!` pattern; null: no pattern says anything. */
  decide(path: string, isFolder: boolean): boolean | null {
    for (let at = this.#rules.length - 1; at >= 0; at--) {
      const rule = this.#rules[at];
      if (!rule || (rule.foldersOnly && !isFolder)) continue;
      if (rule.pattern.test(path)) return !rule.negated;
    }
    return null;
  }
}

function readRule(line: string): Rule | null {
  if (line.startsWith("#")) return null;
  let pattern = withoutTrailingSpace(line);
  const negated = pattern.startsWith("!");
  if (negated) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith("/");
  if (foldersOnly) pattern = pattern.slice(0, -1);
  if (pattern === "" || pattern === "/") return null;
  const anchored = pattern.includes("/");
  if (pattern.startsWith("/")) pattern = pattern.slice(1);
  const source = translate(pattern);
  if (source === null) return null;
  try {
    return { negated, foldersOnly, pattern: new RegExp(`^${anchored ? "" : "(?:.*/)?"}${source}$`, "s") };
  } catch {
    // A range in the wrong order, `[z-a]`, matches nothing.
    return null;
  }
}

/** Spaces at the end do not count unless a backslash holds them. */
function withoutTrailingSpace(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === " ") {
    let slashes = 0;
    while (line[end - 2 - slashes] === "\\") slashes++;
    if (slashes % 2 === 1) break;
    end--;
  }
  return line.slice(0, end);
}

/** A glob as the source of a regular expression; null for one that can match nothing. */
function translate(glob: string): string | null {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] ?? "";
    if (char === "*") {
      const stars = /^\*+/.exec(glob.slice(at))?.[0].length ?? 1;
      const startsSegment = at === 0 || glob[at - 1] === "/";
      const after = glob[at + stars];
      if (stars === 2 && startsSegment && after === "/") {
        source += "(?:.*/)?";
        at += stars;
      } else if (stars === 2 && startsSegment && after === undefined) {
        source += ".+";
        at += stars - 1;
      } else {
        source += "[^/]*";
        at += stars - 1;
      }
    } else if (char === "?") {
      source += "[^/]";
    } else if (char === "[") {
      const set = readSet(glob, at);
      if (!set) return null;
      source += set.source;
      at = set.end;
    } else if (char === "\\") {
      const next = glob[++at];
      if (next === undefined) return null;
      source += quote(next);
    } else {
      source += quote(char);
    }
  }
  return source;
}

const NAMED_SETS: Readonly<Record<string, string>> = {
  alnum: "A-Za-z0-9",
  alpha: "A-Za-z",
  blank: " \\t",
  digit: "0-9",
  lower: "a-z",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

/** `[a-z]`, `[!a]`, `[[:digit:]]` beginning at an offset; null when it is not closed. */
function readSet(glob: string, start: number): { readonly source: string; readonly end: number } | null {
  let at = start + 1;
  const negated = glob[at] === "!" || glob[at] === "^";
  if (negated) at++;
  let members = "";
  for (let first = true; at < glob.length; at++, first = false) {
    const char = glob[at] ?? "";
    if (char === "]" && !first) {
      return { source: negated ? `[^/${members}]` : `(?!/)[${members}]`, end: at };
    }
    const named = char === "[" ? /^\[:([a-z]+):\]/.exec(glob.slice(at)) : null;
    if (named) {
      members += NAMED_SETS[named[1] ?? ""] ?? "";
      at += named[0].length - 1;
    } else if (char === "-" && !first && at + 1 < glob.length && glob[at + 1] !== "]") {
      members += "-";
    } else {
      const literal = char === "\\" ? (glob[++at] ?? "") : char;
      members += literal === "-" ? "\\-" : quote(literal);
    }
  }
  return null;
}

function quote(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
