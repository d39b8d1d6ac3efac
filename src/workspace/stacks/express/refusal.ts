import type { Refusal } from "./facts.ts";

/** Reads from the text of a middleware which requests it turns away. Null: it shows no sign of turning any away. */
export function refusalIn(source: string): Refusal | null {
  const text = source.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, "");
  if (!/\bnext\b|\bres(?:ponse)?\b|\bthrow\b|\bctx\b|\breply\b/.test(text)) return null;
  if (/\b403\b|forbidden|accessdenied|permissiondenied|notpermitted|insufficientpermission/i.test(text)) {
    return "permission";
  }
  if (
    /\b401\b|unauthori[sz]ed|unauthenticated|notauthenticated|authenticationerror|invalidtoken/i.test(text)
  ) {
    return "authentication";
  }
  if (/\b429\b|too_?many_?requests/i.test(text)) return "throttle";
  return /\b4(?:00|22)\b|bad_?request|unprocessable/i.test(text) ? "validation" : null;
}
