/** An answer as people read it, and the part that programs read. */
export interface AnswerParts {
  readonly prose: string;
  /** Content of the block at the end that is labelled json; null when there is none. */
  readonly structured: string | null;
}

const BLOCK = /(?:^|\n)```json[ \t]*(?:\n|$)/g;

/** Takes the structured block off the end of an answer, also while it is still being written. */
export function answerParts(text: string): AnswerParts {
  const last = [...text.matchAll(BLOCK)].at(-1);
  if (last === undefined) return { prose: text, structured: null };
  const body = text.slice(last.index + last[0].length);
  const close = /(?:^|\n)```[ \t]*(?=\n|$)/.exec(body);
  const after = close === null ? "" : body.slice(close.index + close[0].length);
  if (after.trim() !== "") return { prose: text, structured: null };
  return {
    prose: text.slice(0, last.index).trimEnd(),
    structured: close === null ? body : body.slice(0, close.index),
  };
}
