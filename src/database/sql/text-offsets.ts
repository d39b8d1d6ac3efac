/**
 * Translates offsets that PostgreSQL counts in UTF-8 bytes into UTF-16 offsets of the same text. Meant for many
 * look-ups in one text: one pass to build, a binary search for each; plain ASCII costs nothing.
 */
export function utf16FromUtf8(text: string): (byteOffset: number) => number {
  const bytes: number[] = [0];
  const units: number[] = [0];
  let byte = 0;
  for (let unit = 0; unit < text.length; ) {
    const codePoint = text.codePointAt(unit) ?? 0;
    const width = codePoint > 0xffff ? 2 : 1;
    byte += utf8Length(codePoint);
    unit += width;
    if (codePoint > 0x7f) {
      bytes.push(byte);
      units.push(unit);
    }
  }
  if (bytes.length === 1) return (byteOffset) => byteOffset;
  return (byteOffset) => {
    let low = 0;
    let high = bytes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((bytes[middle] ?? 0) <= byteOffset) low = middle;
      else high = middle - 1;
    }
    return (units[low] ?? 0) + byteOffset - (bytes[low] ?? 0);
  };
}

/** UTF-16 offset of the n-th character (code point, from 0), as error positions of PostgreSQL count them. */
export function utf16FromCodePoints(text: string, count: number): number {
  let unit = 0;
  for (let seen = 0; seen < count && unit < text.length; seen++) {
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return unit;
}

/** A lone surrogate counts three bytes: that is how `TextEncoder` writes its replacement. */
function utf8Length(codePoint: number): number {
  if (codePoint <= 0x7f) return 1;
  if (codePoint <= 0x7ff) return 2;
  return codePoint <= 0xffff ? 3 : 4;
}
