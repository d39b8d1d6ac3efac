const MOST_LETTERS = 120;

/** What a run is called in a list: the first line of what was asked, cut to what a list shows. */
export function titleOf(task: string): string {
  const line = task.trim().split("\n", 1)[0] ?? "";
  return line.length <= MOST_LETTERS ? line : `${line.slice(0, MOST_LETTERS).trimEnd()}…`;
}
