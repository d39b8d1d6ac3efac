let translations: Readonly<Record<string, string>> = {};

/** Sets the translations of the page, English text → text in the person's language; once, before anything renders. */
export function setTranslations(strings: Readonly<Record<string, string>>): void {
  translations = strings;
}

/**
 * The text in the person's language, with `{0}`, `{1}` … replaced by the arguments. The first argument is always a
 * literal, so that the texts of a page can be collected from its sources.
 */
export function t(text: string, ...args: readonly (string | number)[]): string {
  const translated = Object.hasOwn(translations, text) ? translations[text] : undefined;
  return (translated ?? text).replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
}
