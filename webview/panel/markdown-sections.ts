const fence = /^ {0,3}(`{3,}|~{3,})/;
const heading = /^(#{1,6}) +(.+?) *#*$/;

/** The markdown without the sections that have one of the headings, each up to the next heading of its level or above. */
export function withoutSections(markdown: string, headings: readonly string[]): string {
  const kept: string[] = [];
  let openFence: string | null = null;
  /** Level of the section being left out. */
  let leftOut: number | null = null;
  for (const line of markdown.split("\n")) {
    const marker = fence.exec(line)?.[1];
    const title = openFence === null ? heading.exec(line) : null;
    if (title?.[1] !== undefined && title[2] !== undefined) {
      const level = title[1].length;
      if (leftOut === null || level <= leftOut) leftOut = headings.includes(title[2]) ? level : null;
    }
    if (marker !== undefined) {
      if (openFence === null) openFence = marker;
      else if (line.trim() === marker && marker.startsWith(openFence)) openFence = null;
    }
    if (leftOut === null) kept.push(line);
  }
  return kept.join("\n").trimEnd();
}
