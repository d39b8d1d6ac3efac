/**
 * Characters that act on a reader instead of being read: controls (a terminal obeys them), marks that turn the
 * direction of writing, signs of no width, tag characters (a model reads them where a person sees nothing).
 * Joiners stay: scripts and emoji need them.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|[\u{E0000}-\u{E01EF}]|\p{Surrogate}/gu;

/** The text with such characters written as `\u{202e}`, and with line feeds alone as line ends. */
export function visibleText(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
