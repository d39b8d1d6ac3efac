import { isUtf8 } from "node:buffer";
import { AksaraError } from "../../errors.ts";

/** A text as a model sees it (line feeds only, no mark), and what its file had besides. */
export interface TextFile {
  readonly text: string;
  readonly bom: boolean;
  /** Offsets into `text` of line feeds before which the file has a carriage return. */
  readonly returns: readonly number[];
  /** How lines end that are added. */
  readonly newline: "\n" | "\r\n";
}

/** @throws EDIT_CONFLICT for something that is no UTF-8 text */
export function readTextFile(bytes: Buffer, uri: string): TextFile {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = bom ? bytes.subarray(3) : bytes;
  if (!isUtf8(body) || body.includes(0))
    throw new AksaraError("EDIT_CONFLICT", `${uri} is no UTF-8 text, so it is not edited.`);
  const raw = body.toString("utf8");
  const returns: number[] = [];
  let text = "";
  let at = 0;
  for (let end = raw.indexOf("\r\n"); end !== -1; end = raw.indexOf("\r\n", at)) {
    text += raw.slice(at, end);
    returns.push(text.length);
    text += "\n";
    at = end + 2;
  }
  text += raw.slice(at);
  const feeds = text.split("\n").length - 1;
  return { text, bom, returns, newline: returns.length * 2 > feeds ? "\r\n" : "\n" };
}

/** Replaces parts of a text, each from one offset to another, none overlapping. Lines that are not touched keep their ends. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The bytes of a file after some replacements. */
export function spliceFile(file: TextFile, splices: readonly Splice[]): Buffer {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(raw(file, at, start), text.replaceAll("\n", file.newline));
    at = end;
  }
  parts.push(raw(file, at, file.text.length));
  const body = Buffer.from(parts.join(""));
  return file.bom ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) : body;
}

function raw(file: TextFile, start: number, end: number): string {
  if (file.returns.length === 0) return file.text.slice(start, end);
  let out = "";
  let at = start;
  for (const feed of file.returns) {
    if (feed < start || feed >= end) continue;
    out += `${file.text.slice(at, feed)}\r\n`;
    at = feed + 1;
  }
  return out + file.text.slice(at, end);
}
