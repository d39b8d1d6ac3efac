import type { Refusal } from "./facts.ts";

/** Signs of a refusal in the text of a function, the strongest first. */
const SIGNS: readonly (readonly [RegExp, Refusal])[] = [
  [
    /\b401\b|unauthori[sz]ed|unauthenticated|authenticationerror|invalid_?token|(?:not|must be) (?:authenticated|logged in|signed in)|not_?authenticated/i,
    "authentication",
  ],
  [
    /\b403\b|forbidden|(?:access|permission)[ _]?denied|not[ _]?(?:permitted|allowed)|insufficient[ _]?permission/i,
    "permission",
  ],
  [/\b429\b|too_?many_?requests/i, "throttle"],
  [/\b4(?:00|22)\b|bad_?request|unprocessable/i, "validation"],
];

/** Reads from the text of a middleware which requests it turns away. Null: it shows no sign of turning any away. */
export function refusalIn(source: string): Refusal | null {
  if (!SIGNS.some(([sign]) => sign.test(source))) return null;
  const text = source.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, "");
  if (
    !/\bnext\b|\bres(?:ponse)?\b|\bthrow\b|\bctx\b|\breply\b|\w*Response\b|\bc\.(?:json|text|html|body|redirect)\b/.test(
      text,
    )
  )
    return null;
  return SIGNS.find(([sign]) => sign.test(text))?.[1] ?? null;
}
