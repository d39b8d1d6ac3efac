import type { SecretStrength } from "./secret-value.ts";

/** Words that alone name a credential. */
const WORDS: Readonly<Record<string, SecretStrength>> = {
  password: "word",
  passwords: "word",
  passwd: "word",
  passphrase: "word",
  passcode: "word",
  pwd: "word",
  requirepass: "word",
  secret: "key",
  secrets: "key",
  token: "key",
  tokens: "key",
  credential: "key",
  credentials: "key",
  apikey: "key",
  authkey: "key",
};

/** What makes a `key` one that must not be known. */
const KEY_QUALIFIERS = new Set(
  "api access secret private signing sign encryption encrypt decryption auth account master shared admin license app hmac jwt fernet role".split(
    " ",
  ),
);

/** Words after the credential's that make the value something about it: its address, its length, its label. */
const ABOUT = new Set(
  (
    "url uri urls path paths file files filename dir name names header headers field fields label type types kind prefix " +
    "suffix length len size min max regex pattern validator validators validation hasher hashers algorithm alg expiry " +
    "expires expire expiration lifetime ttl age timeout count limit limits endpoint route view views form class classes " +
    "serializer model backend backends middleware error errors message messages msg help hint text placeholder title " +
    "description reset change changed policy strength required enabled env var variable arn ref reference param params " +
    "parameter column columns provider manager store service factory generator template subject icon id ids version format " +
    "forgot expired missing invalid scheme scope scopes issuer audience index table page source mode state status santa " +
    "rules rule history attempts incorrect mismatch color bucket"
  ).split(" "),
);

/** Words before `token` or `key` that make it something harmless. */
const HARMLESS = new Set(
  "page next prev previous continuation cancel cancellation csrf xsrf csrfmiddleware sync design syntax lex start end sort cache primary foreign partition idempotency public publishable routing keyboard no has is show hide toggle".split(
    " ",
  ),
);

/** Verbs of functions that look a credential up by the name they are given. */
const LOOK_UP = new Set(
  "get find read fetch load describe resolve require delete remove list has is validate reset forgot on render show".split(
    " ",
  ),
);

/** What a name says about its value; null for a name that is no credential's. */
export function credentialStrength(name: string): SecretStrength | null {
  const words = wordsOf(name);
  for (let index = words.length - 1; index >= 0; index--) {
    const strength = strengthAt(words, index);
    if (!strength) continue;
    const before = words.slice(0, index);
    const after = words.slice(index + 1);
    if (after.some((word) => ABOUT.has(word))) return null;
    if (strength === "key" && before.some((word) => HARMLESS.has(word))) return null;
    return strength;
  }
  return null;
}

/** Whether a name followed by an opening bracket takes the credential as its argument: `setPassword("…")`. */
export function takesCredential(name: string): boolean {
  return !LOOK_UP.has(wordsOf(name)[0] ?? "");
}

function strengthAt(words: readonly string[], index: number): SecretStrength | null {
  const word = words[index] ?? "";
  const own = Object.hasOwn(WORDS, word) ? (WORDS[word] ?? null) : null;
  if (own) return own;
  if (word === "key" || word === "keys") return KEY_QUALIFIERS.has(words[index - 1] ?? "") ? "key" : null;
  if (word === "salt" && index > 0) return "key";
  if (word === "pass" && index === words.length - 1) return "word";
  const glued =
    /^[a-z]{2,20}(password|passwd|passphrase|secret|apikey|secretkey|privatekey|accesskey|authtoken|token)$/.exec(
      word,
    )?.[1];
  return glued ? (glued.startsWith("pass") ? "word" : "key") : null;
}

/** `dbPassword`, `DB_PASSWORD`, `db.password`, `db-password` → db, password. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}
