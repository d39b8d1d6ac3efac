import type { Refusal } from "./web-facts.ts";

const STOPS = /\b(raise|abort|redirect)\b|return\b[^\n]*\b(40[13]|429)\b|status(_code)?\s*=|unauthorized\(\)/;
const UNKNOWN_USER =
  /\b401\b|HTTP_401|unauthori[sz]ed|unauthenticated|not_?authenticated|authentication_?(error|failed|required)|credentials?_?(exc|error)|invalid_?(token|credentials)|login_url|url_for\(\s*["'][\w.]*login/i;
const NOT_ALLOWED =
  /\b403\b|HTTP_403|forbidden|permission_?(denied|error|exception)|access_?denied|not_?(permitted|allowed|authorized)|insufficient/i;
const TOO_MANY = /\b429\b|too_?many_?requests|rate_?limit_?exceeded/i;

/** Reads from the text of a function which requests it turns away. Null: it shows no sign of turning any away. */
export function refusalIn(source: string): Refusal | null {
  const text = source.replace(/#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''/g, "");
  if (!STOPS.test(text)) return null;
  const unknown = UNKNOWN_USER.test(text);
  if (NOT_ALLOWED.test(text)) return unknown ? "authentication" : "permission";
  if (unknown) return "authentication";
  return TOO_MANY.test(text) ? "throttle" : null;
}

/** Names of functions and classes that are about who asks and what they may. */
export const SOUNDS_LIKE_GUARD =
  /auth|permission|permit|login|logged|current_?(active_?)?(user|admin|superuser|staff|account)|verif|token|api_?key|secur|require|admin|role|scope|jwt|principal|access|csrf|signature|superuser/i;
