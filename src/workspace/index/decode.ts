import { Buffer, isUtf8 } from "node:buffer";

export type Decoded =
  | { readonly kind: "text"; readonly text: string; readonly damaged: boolean }
  | { readonly kind: "binary" };

/** So much of a file is looked at to tell text from binary data, as Git does. */
const PROBE_BYTES = 8_000;

/**
 * Text of a file as an editor shows it: UTF-8, or UTF-16 by its byte order mark, without the mark. Bytes that are not
 * UTF-8 become U+FFFD and the text counts as damaged.
 */
export function decode(bytes: Uint8Array): Decoded {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes, "utf-16le");
  if (first === 0xfe && second === 0xff) return utf16(bytes, "utf-16be");
  if (bytes.subarray(0, PROBE_BYTES).includes(0)) return { kind: "binary" };
  const body = first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  return { kind: "text", text, damaged: !isUtf8(body) };
}

function utf16(bytes: Uint8Array, encoding: string): Decoded {
  const text = new TextDecoder(encoding).decode(bytes);
  return { kind: "text", text, damaged: text.includes("\uFFFD") };
}
