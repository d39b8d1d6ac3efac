/** Longer words are no names. */
const LONGEST_WORD = 64;

/** The words of a text: parts of names (`createdAt`, `lontar_order`), in lower case, plurals as their singular. */
export function wordsOf(text: string): readonly string[] {
  const parts = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .match(/[\p{L}\d]+/gu);
  return (parts ?? []).filter((word) => word.length <= LONGEST_WORD).map(singular);
}

function singular(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

/** Groups of three letters, with the beginning and the end of the word. */
export function trigramsOf(word: string): ReadonlySet<string> {
  const padded = ` ${word} `;
  const trigrams = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at++) trigrams.add(padded.slice(at, at + 3));
  return trigrams;
}
