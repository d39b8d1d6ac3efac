import { Script } from "node:vm";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import { valuesAt } from "./json-path.ts";
import type { Outcome } from "./outcome.ts";
import type { Score } from "./score.ts";
import type { ScorerOf } from "./scorer-spec.ts";
import { failed, shown, verdict } from "./verdict.ts";

/** A pattern comes from a file: one that never ends must not keep the process busy. Milliseconds. */
const LONGEST_MATCH_MS = 1_000;

export function equals({ value, path }: ScorerOf<"equals">, { text, document }: Outcome): Score {
  if (path !== undefined) {
    const found = valuesAt(document, path);
    const is = found.length === 1 && canonicalJson(found[0]) === canonicalJson(value);
    return verdict(
      is,
      `${path} is ${shown(value)}`,
      `expected ${shown(value)} at ${path}, found ${shown(found.length === 1 ? found[0] : found)}`,
    );
  }
  const wanted = typeof value === "string" ? value : canonicalJson(value);
  return verdict(
    text.trim() === wanted.trim(),
    "the text is as expected",
    `expected the text ${shown(wanted)}, found ${shown(text)}`,
  );
}

export function contains({ value, ignoreCase }: ScorerOf<"contains">, { text }: Outcome): Score {
  const holds = ignoreCase ? text.toLowerCase().includes(value.toLowerCase()) : text.includes(value);
  return verdict(holds, `contains ${shown(value)}`, `expected ${shown(value)} in ${shown(text)}`);
}

export function matches({ pattern, flags }: ScorerOf<"regex">, { text }: Outcome): Score {
  try {
    const holds: unknown = new Script("new RegExp(pattern, flags).test(text)").runInNewContext(
      { pattern, flags, text },
      { timeout: LONGEST_MATCH_MS },
    );
    return verdict(
      holds === true,
      `matches /${pattern}/${flags}`,
      `expected /${pattern}/${flags} to match ${shown(text)}`,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return failed(`/${pattern}/${flags} was not done after ${LONGEST_MATCH_MS} ms: write it simpler.`);
  }
}
