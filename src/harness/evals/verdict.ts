import type { Score } from "./score.ts";

export function passed(why: string): Score {
  return { score: 1, pass: true, why };
}

export function failed(why: string, score = 0): Score {
  return { score, pass: false, why };
}

export function verdict(pass: boolean, good: string, bad: string): Score {
  return pass ? passed(good) : failed(bad);
}

/** A value as a person reads it in a reason, cut. */
export function shown(value: unknown, length = 200): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? "nothing");
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
