import { type ParserOptions, parse } from "@babel/parser";
import type { Program } from "@babel/types";

/** Statements of a file, and the ranges (offsets) that could not be read. */
export interface ParsedSource {
  readonly programs: readonly Program[];
  readonly unreadable: readonly (readonly [number, number])[];
}

const STATEMENT_START = /^[^\s)}\]*/.,;:]/;

/**
 * Parses a file. A file with a syntax error that the parser cannot recover from is parsed statement by statement
 * (a statement starts at a line without indentation), so that only what is broken is lost.
 */
export function parseSource(text: string, uri: string): ParsedSource {
  const whole = attempt(text, 0, uri);
  if (whole.program) return { programs: [whole.program], unreadable: [] };
  const programs: Program[] = [];
  const unreadable: (readonly [number, number])[] = [];
  for (const [start, end] of statementChunks(text)) {
    const chunk = text.slice(start, end);
    const program = attempt(chunk, start, uri).program ?? withoutBrokenLines(chunk, start, uri, unreadable);
    if (program) programs.push(program);
    else unreadable.push([start, end]);
  }
  return { programs, unreadable };
}

interface Attempt {
  readonly program: Program | null;
  /** Offset of the error in the file. */
  readonly failedAt: number;
}

function attempt(text: string, startIndex: number, uri: string): Attempt {
  try {
    return { program: parse(text, { ...optionsFor(uri), startIndex }).program, failedAt: 0 };
  } catch (error) {
    const position = error instanceof SyntaxError && "pos" in error ? Number(error.pos) : startIndex;
    return { program: null, failedAt: position };
  }
}

function optionsFor(uri: string): ParserOptions {
  const plugins: ("typescript" | "decorators-legacy" | "jsx")[] = ["typescript", "decorators-legacy"];
  if (/\.(?:tsx|jsx?)$/.test(uri)) plugins.push("jsx");
  return { sourceType: "module", errorRecovery: true, plugins, startLine: 1, startColumn: 0 };
}

/** Blanks the line of the error, up to three times: a half-written line in a class leaves the rest of the class. */
function withoutBrokenLines(
  chunk: string,
  start: number,
  uri: string,
  unreadable: (readonly [number, number])[],
): Program | null {
  let rest = chunk;
  const blanked: (readonly [number, number])[] = [];
  for (let tries = 0; tries < 3; tries++) {
    const { program, failedAt } = attempt(rest, start, uri);
    if (program) {
      unreadable.push(...blanked);
      return program;
    }
    const line = brokenLine(rest, Math.max(0, failedAt - start));
    if (!line) return null;
    const [from, to] = line;
    rest = rest.slice(0, from) + rest.slice(from, to).replace(/[^\r\n]/g, " ") + rest.slice(to);
    blanked.push([start + from, start + to]);
  }
  const last = attempt(rest, start, uri).program;
  if (last) unreadable.push(...blanked);
  return last;
}

/** The line of an error; the one before it where the error stands at the first word of a line. Null when it is empty. */
function brokenLine(text: string, offset: number): readonly [number, number] | null {
  let from = text.lastIndexOf("\n", offset - 1) + 1;
  if (from > 0 && text.slice(from, offset).trim() === "") {
    let before = from;
    do before = text.lastIndexOf("\n", before - 2) + 1;
    while (before > 0 && text.slice(before, from).trim() === "");
    // The first line is the header of the statement: without it nothing of the statement is left.
    if (before > 0) from = before;
  }
  const newline = text.indexOf("\n", from);
  const to = newline < 0 ? text.length : newline;
  return text.slice(from, to).trim() === "" ? null : [from, to];
}

function statementChunks(text: string): readonly (readonly [number, number])[] {
  const starts: number[] = [0];
  for (let line = text.indexOf("\n") + 1; line > 0; line = text.indexOf("\n", line) + 1) {
    if (STATEMENT_START.test(text.slice(line, line + 1))) starts.push(line);
  }
  return starts.map((start, index) => [start, starts[index + 1] ?? text.length] as const);
}
