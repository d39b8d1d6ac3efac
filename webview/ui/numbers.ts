/** A count as the person's language writes it: `12,480`. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || undefined).format(value);
}

/** The same where there is little room: `12K`. */
export function shortNumber(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || undefined, {
    notation: "compact",
    maximumFractionDigits: 1,
  }).format(value);
}
