/** A code span that its text cannot leave, whatever backticks it holds. Line breaks become spaces. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "") return "` `";
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Backticks that stand together at most. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** A fenced code block that its text cannot close. */
export function codeBlock(text: string, language = ""): string {
  const ticks = "`".repeat(Math.max(2, longestRun(text)) + 1);
  return `${ticks}${language}\n${text.replace(/\n+$/, "")}\n${ticks}`;
}

/**
 * Running text with everything escaped that markdown or HTML would act on, and nothing else: people read it raw too.
 * Addresses are broken up, since a page would make links of them by itself.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\`*[\]~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character) => `\\${character}`)
    .replace(/:(?=\/\/)|(?<=\bwww)\.|(?<=[\w.+-])@(?=[\w-]+\.)/gi, (character) => `\\${character}`)
    .replace(/^(?:[#>+=-]|\d+[.)])/, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`);
}

/** A table; cells are markdown already (use `code` and `escapeMarkdown`). */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)((?:\\\\)*)\|/g, "$1\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
