/** A document as every surface writes it: the same value gives the same bytes on the command line and over HTTP. */
export function documentText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
