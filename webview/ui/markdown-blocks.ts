/**
 * Where a growing text of markdown can be cut without changing what it means: the offset after the last block that
 * nothing that follows can still change. `from` is an offset that was given before.
 */
export function settledOffset(text: string, from: number): number {
  let settled = from;
  let fence: string | null = null;
  let blankBefore = false;
  let offset = from;
  while (offset < text.length) {
    const end = text.indexOf("\n", offset);
    // A line that is still being written decides nothing.
    if (end < 0) break;
    const line = text.slice(offset, end);
    // A block may go on after an empty line when it is indented, or an item of a list.
    if (fence === null && blankBefore && !/^(?:\s|[-*+>|]|\d+[.)])/.test(line) && line !== "")
      settled = offset;
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (marker !== undefined) {
      if (fence === null) fence = marker;
      else if (line.trim() === marker && marker.startsWith(fence)) {
        fence = null;
        if (/^[`~]/.test(line)) settled = end + 1;
      }
    }
    blankBefore = line.trim() === "";
    offset = end + 1;
  }
  return settled;
}
