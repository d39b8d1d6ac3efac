/** Dollars for a million tokens; or a base price, then pairs of "above so many input tokens" and price. */
export type Rate = number | null | readonly number[];

/** Input, cache read, cache write, output; then the day from which, or the hours (UTC) in which, it holds. */
export type Price = readonly [Rate, Rate, Rate, Rate] | readonly [Rate, Rate, Rate, Rate, string];

/** `=equals`, `^starts with`, `$ends with`, `*contains`, `/regular expression`, or `|` (`&`) and what any (all) must fit. */
export type Match = string | readonly [string, ...Match[]];

/** What its name fits, the context window in tokens, and the prices: the last one that holds counts. */
export type PriceRow = readonly [Match, number | null, ...Price[]];

/** By kind of provider. */
export type PriceTables = Readonly<Record<string, readonly PriceRow[]>>;

/** Whether a model's name, in lower case, fits. */
export function matches(match: Match, name: string): boolean {
  if (typeof match !== "string") {
    const [how, ...rest] = match;
    return how === "&" ? rest.every((each) => matches(each, name)) : rest.some((each) => matches(each, name));
  }
  const rest = match.slice(1);
  switch (match[0]) {
    case "=":
      return name === rest;
    case "^":
      return name.startsWith(rest);
    case "$":
      return name.endsWith(rest);
    case "*":
      return name.includes(rest);
    default:
      return new RegExp(rest).test(name);
  }
}
