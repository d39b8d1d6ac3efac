const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const accents: Readonly<Record<string, string>> = Object.fromEntries(
  [..."åƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ"].map((accent, index) => [
    letters[index] ?? "",
    accent,
  ]),
);

/**
 * The text with no plain letter left, a third longer as other languages are. Placeholders, icons and the targets of
 * links stay, as they do in every translation.
 */
export function pseudo(text: string): string {
  const kept = /\{\d+\}|\]\([^)]*\)|\$\([a-z-]+\)|[A-Za-z]/g;
  return `${text.replace(kept, (part) => accents[part] ?? part)}${"·".repeat(Math.ceil(text.length / 3))}`;
}

/** Words of at least two plain letters: what is left of English in a pseudo-translation. */
export function plainWords(text: string): readonly string[] {
  return text.match(/[A-Za-z]{2,}/g) ?? [];
}
