import { AksaraError } from "../../errors.ts";
import { diffLines, linesOf } from "./line-diff.ts";

/** One replacement as a model asks for it. */
export interface TextEdit {
  /** Stands in the file exactly once. */
  readonly oldText: string;
  readonly newText: string;
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * The text after some edits, each made on what the one before left. An edit that fits in no place, or in several, is
 * refused with the nearest lines: nothing is guessed.
 * @throws EDIT_CONFLICT
 */
export function editText(text: string, edits: readonly TextEdit[], uri: string): string {
  let result = text;
  for (const [index, edit] of edits.entries()) {
    const { start, end, newText } = findMatch(result, lineFeeds(edit), named(uri, index, edits.length));
    result = result.slice(0, start) + newText + result.slice(end);
  }
  return result;
}

/**
 * The same on a text that has changed since the model read `base`. Each edit must stand in the part of `current` that
 * its place in `base` became, so that a twin of a text that is gone is not taken for it.
 * @throws EDIT_CONFLICT
 */
export function editMovedText(
  base: string,
  current: string,
  edits: readonly TextEdit[],
  uri: string,
): string {
  const matches = edits.map((edit, index) => {
    const plain = lineFeeds(edit);
    const name = named(uri, index, edits.length);
    const before = findMatch(base, plain, name);
    const { from, to } = partOf(base, current, before);
    const found = findMatch(current.slice(from, to), plain, name);
    const now = { ...found, start: found.start + from, end: found.end + from };
    // A text that begins with an empty line also fits behind the end of a line that has words now.
    const moved = !isLineStart(current, now.start) && isLineStart(base, before.start);
    const joined = !isLineStart(current, now.end) && isLineStart(base, before.end);
    if (moved || joined) throw conflict(`${name}: its place in the file has changed`, current, plain.oldText);
    return now;
  });
  matches.sort((one, other) => one.start - other.start);
  if (matches.some((match, index) => match.start < (matches[index - 1]?.end ?? 0)))
    throw conflict(`${uri}: two edits are about the same text`, current, edits[0]?.oldText ?? "");
  let result = "";
  let at = 0;
  for (const { start, end, newText } of matches) {
    result += current.slice(at, start) + newText;
    at = end;
  }
  return result + current.slice(at);
}

/**
 * The part of `current` that a place of `base` became, as offsets: from the last line before it that is still there to
 * the first one after. A change right beside the place belongs to it: it may be a twin of what stands there.
 */
function partOf(
  base: string,
  current: string,
  place: { readonly start: number; readonly end: number },
): { readonly from: number; readonly to: number } {
  const now = linesOf(current);
  const first = lineAt(base, place.start);
  const end = lineAt(base, Math.max(place.start, place.end - 1)) + 1;
  let shift = 0;
  let from = 0;
  let to = now.length;
  for (const hunk of diffLines(linesOf(base), now)) {
    if (hunk.start > end) {
      to = hunk.start + shift;
      break;
    }
    shift += hunk.lines.length - (hunk.end - hunk.start);
    if (hunk.end < first) from = hunk.end + shift;
  }
  const offset = (line: number) => now.slice(0, line).reduce((sum, each) => sum + each.length, 0);
  return { from: offset(from), to: offset(to) };
}

function isLineStart(text: string, offset: number): boolean {
  return offset === 0 || text[offset - 1] === "\n";
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length - 1;
}

function findMatch(text: string, { oldText, newText }: TextEdit, name: string): Match {
  if (oldText === "") {
    if (text === "") return { start: 0, end: 0, newText };
    throw conflict(`${name}: the text to replace is empty`, text, oldText);
  }
  if (oldText === newText) throw conflict(`${name}: old and new text are the same`, text, oldText);
  const start = text.indexOf(oldText);
  if (start !== -1) {
    if (text.indexOf(oldText, start + 1) !== -1)
      throw conflict(`${name}: the text to replace stands in the file more than once`, text, oldText);
    return { start, end: start + oldText.length, newText };
  }
  const loose = looseMatch(text, oldText, newText);
  if (loose) return loose;
  throw conflict(`${name}: the text to replace is not in the file`, text, oldText);
}

/** A unique run of lines that differs only in white space at the ends of lines, or by the same indentation throughout. */
function looseMatch(text: string, oldText: string, newText: string): Match | null {
  const lines = linesOf(text);
  const wanted = linesOf(oldText);
  const places: { readonly line: number; readonly shift: Shift }[] = [];
  for (let line = 0; line + wanted.length <= lines.length; line++) {
    const shift = shiftBetween(wanted, lines.slice(line, line + wanted.length));
    if (shift) places.push({ line, shift });
  }
  const [place] = places;
  if (!place || places.length > 1) return null;
  const start = lines.slice(0, place.line).reduce((sum, each) => sum + each.length, 0);
  const matched = lines.slice(place.line, place.line + wanted.length).join("");
  const shifted = shiftLines(newText, place.shift);
  if (shifted === null) return null;
  const endsLine = oldText.endsWith("\n");
  const end = start + matched.length - (!endsLine && matched.endsWith("\n") ? 1 : 0);
  return { start, end, newText: shifted };
}

/** What has to stand before each line, or what has to go from there. */
interface Shift {
  readonly add: string;
  readonly remove: string;
}

function shiftBetween(wanted: readonly string[], found: readonly string[]): Shift | null {
  let shift: Shift | null = null;
  let words = 0;
  for (const [index, line] of wanted.entries()) {
    const other = found[index] ?? "";
    if (line.trim() !== other.trim()) return null;
    if (line.trim() === "") continue;
    words++;
    const [mine, its] = [indentOf(line), indentOf(other)];
    const own: Shift | null = its.endsWith(mine)
      ? { add: its.slice(0, its.length - mine.length), remove: "" }
      : mine.endsWith(its)
        ? { add: "", remove: mine.slice(0, mine.length - its.length) }
        : null;
    if (!own || (shift && (shift.add !== own.add || shift.remove !== own.remove))) return null;
    shift = own;
  }
  return words === 0 ? null : shift;
}

function shiftLines(text: string, { add, remove }: Shift): string | null {
  const lines = linesOf(text);
  if (remove !== "" && lines.some((line) => line.trim() !== "" && !line.startsWith(remove))) return null;
  return lines.map((line) => (line.trim() === "" ? line : add + line.slice(remove.length))).join("");
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function lineFeeds({ oldText, newText }: TextEdit): TextEdit {
  return { oldText: oldText.replaceAll("\r\n", "\n"), newText: newText.replaceAll("\r\n", "\n") };
}

function named(uri: string, index: number, count: number): string {
  return count === 1 ? uri : `${uri}, edit ${index + 1}`;
}

/** Refuses, and shows where the text that was meant may be. */
function conflict(why: string, text: string, oldText: string): AksaraError {
  const near = nearestLines(text, oldText);
  return new AksaraError("EDIT_CONFLICT", `${why}. Nothing was changed.`, {
    hint: near === "" ? "Read the file again." : `Read the file again. The nearest lines are:\n${near}`,
  });
}

/** The lines that have most in common with the first line of a text that has words. */
function nearestLines(text: string, wanted: string): string {
  const first = wanted.split("\n").find((line) => /\w/.test(line));
  if (first === undefined) return "";
  const words = new Set(first.match(/\w+/g));
  const lines = text.split("\n");
  const scored = lines.map((line, at) => ({
    at,
    score: (line.match(/\w+/g) ?? []).filter((word) => words.has(word)).length,
  }));
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { at: 0, score: 0 });
  if (best.score === 0) return "";
  return lines
    .slice(Math.max(0, best.at - 1), best.at + 3)
    .map((line, index) => `${Math.max(0, best.at - 1) + index + 1}: ${line.slice(0, 160)}`)
    .join("\n");
}
