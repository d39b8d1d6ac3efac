/** A JSON value with every string in it replaced. Keys stay. */
export function mapText<T>(value: T, map: (text: string) => string): T;
export function mapText(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapText(member, map)]));
}
