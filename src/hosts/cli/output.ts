import { stripVTControlCharacters } from "node:util";
import { isAksaraError } from "../../errors.ts";

/** Exit codes of the command line: contracts, section 3. */
export const EXIT = { ok: 0, negative: 1, usage: 2, nothing: 3, crash: 70, cancelled: 130 } as const;

/** A wrong command line: its message and usage go to standard error, the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Terminal {
  readonly color: boolean;
  /** Standard output: the answer. */
  out(text: string): void;
  /** Standard error: progress, warnings, failures. */
  err(text: string): void;
}

export function bold(terminal: Terminal, text: string): string {
  return terminal.color ? `\u001b[1m${text}\u001b[22m` : text;
}

export function dim(terminal: Terminal, text: string): string {
  return terminal.color ? `\u001b[2m${text}\u001b[22m` : text;
}

export function paint(terminal: Terminal, color: "red" | "yellow" | "green" | "blue", text: string): string {
  const code = { red: 31, green: 32, yellow: 33, blue: 34 }[color];
  return terminal.color ? `\u001b[${code}m${text}\u001b[39m` : text;
}

/** Columns as wide as their widest cell, two spaces apart; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, visibleLength(cell));
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          index === row.length - 1 ? cell : cell + " ".repeat((widths[index] ?? 0) - visibleLength(cell)),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** A failure as a person reads it: what happened, then what to do. */
export function failureText(terminal: Terminal, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = isAksaraError(error) && error.hint ? `\n${error.hint}` : "";
  return `${paint(terminal, "red", "error")}: ${message}${hint}\n`;
}
