/**
 * How much the name of a value says about it. `word`: a password, which may be a plain word or a sentence. `key`: a
 * token, key or secret, which looks random.
 */
export type SecretStrength = "word" | "key";

/** Words that stand where a secret belongs and are none: alone or joined, with or without trailing digits. */
const PLACEHOLDER_WORDS = new Set(
  (
    "a an any the some this that it its your yours my mine our me here there goes please " +
    "example examples change changes changed changeme changeit changethis placeholder dummy fake test tests testing tested " +
    "mock mocked sample demo stub fixture insert replace replaced with redacted removed hidden masked fill todo tbd fixme " +
    "foo bar baz qux foobar abc abcd abcde abcdef xyz xxx xxxx secret secrets super very top password passwords passwd pass " +
    "passphrase pwd pw token tokens key keys api apikey access auth client id value values string str text varchar char " +
    "number bool boolean object array new old current invalid valid wrong correct incorrect bad good real not no none null " +
    "nil undefined true false default defaults user username admin administrator root guest local localhost dev develop " +
    "development prod production staging postgres postgresql mysql mariadb redis mongo mongodb rabbitmq sa app shop db " +
    "database required optional hash hashed plain encrypted generated generate random unset empty blank env environment " +
    "unused ignored bearer basic digest jwt oauth saml session cookie csrf xsrf header query body path refresh reset forgot " +
    "forgotten login logout signin signup register confirm confirmed confirmation verify field input type name names label " +
    "unknown only for insecure secure and or to in of is are be must set enter at least characters long short missing " +
    "expired revoked bcrypt argon argon2id scrypt pbkdf2 sha md hmac aes rsa keyword punctuation identifier passwort kata " +
    "sandi contrasena motdepasse wachtwoord qwerty uuid url uri email phone private public signing encryption webhook"
  ).split(" "),
);

/** Words of a sentence about a secret. */
const SENTENCE_WORD =
  /(?:^|\s)(?:the|your|this|that|is|are|was|be|must|should|can|cannot|please|enter|not|and|or|to|for|with|have|has|at|least|an?|in|of|do|does|did|will|if|when|from|by|on|as|required|invalid|wrong|forgot|reset|new|confirm|confirmation|password|passwords|token|secret|key|match)(?=$|[\s.,:!?])/i;

/** A value that everybody writes and nobody uses: `changeme`, `your-api-key`, `test1234`, `********`, `<token>`. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "" || /^(.)\1*$/.test(text) || /\.\.\.|…|x{4}|X{4}|\*{3}/.test(text)) return true;
  if (/^[<[({].*[>\])}]$/.test(text) || text.startsWith("[redacted:")) return true;
  const words = text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== "");
  if (words.length === 0) return false;
  const rest = text.replace(/[A-Za-z]+/g, "");
  const isPlainRest =
    !/\d.*[^\d\s].*\d/.test(rest) &&
    (/^[\W_]*\d{0,3}$/.test(rest) || /^[\W_]*(?:1234\d*|20\d\d)$/.test(rest));
  return isPlainRest && words.every((word) => PLACEHOLDER_WORDS.has(word.toLowerCase()));
}

/** Whether a quoted value that stands beside a credential's name is the credential. */
export function isSecretValue(value: string, strength: SecretStrength): boolean {
  const text = value.trim();
  if (text.length < (strength === "word" ? 4 : 8) || isPlaceholder(text) || isPointer(text)) return false;
  const digits = /\d/.test(text);
  const letters = /[A-Za-z]/.test(text);
  if (/\s/.test(text)) return isPhrase(text, strength);
  if (/^[A-Za-z_-]+$/.test(text))
    return isRandomWord(text) || (strength === "word" && /^[a-z]{5,}$/.test(text));
  if (/^[A-Z]?[a-z]+(?:[_-][a-z]+)*[_-]?\d{1,2}$/.test(text)) return strength === "word" && text.length >= 6;
  if (!letters) return strength === "word" ? text.length >= 6 : false;
  return (
    digits ||
    (strength === "word" && /[^\w.,:;/-]/.test(text)) ||
    (/[^\w.,:;/ -]/.test(text) && text.length >= 12)
  );
}

/** Whether a value without quotes is the credential: names and expressions of a program stand there too. */
export function isBareSecretValue(value: string, strength: SecretStrength): boolean {
  if (!isSecretValue(value, strength) || /[()[\]{}<>|"'`\\]|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(value))
    return false;
  if (/^[A-Za-z_]+\d{0,2}$/.test(value)) return false;
  return /\d/.test(value) || /[!@#$%^&*~+?]/.test(value);
}

/** What a value begins with that is a place where the secret is kept. */
const KEPT_ELSEWHERE =
  /^(?:(?:arn|op|vault|ref|ssm|secretsmanager|aws-sm|gcp-sm|file|env|urn|kms|sops|awskms|gs|s3):|(?:https?|wss?):\/\/|@Microsoft\.KeyVault|ENC\[|projects\/|data:|!|(?:process\.env|os\.environ|settings|config|self|this|req|request)\.)/i;
/** A value that is put in when the program runs. */
const INTERPOLATION = /\$\{|\{\{|<%|%\(|\$\(|#\{|^\$[A-Za-z_{]|^%\w|\{\w*\}/;
const REGEX = /^\^|\(\?|\[(?:A-Z|a-z|0-9|\^)|\\[dws]/;
const FILE_PATH = /^(?:~|\.{1,2})?(?:\/[\w.@-]+)+\/?$/;

/** A place where the value is found instead of the value: environment, path, address, module, expression. */
function isPointer(text: string): boolean {
  if (KEPT_ELSEWHERE.test(text) || INTERPOLATION.test(text) || REGEX.test(text)) return true;
  return (FILE_PATH.test(text) && !isMixed(text)) || isNamePath(text);
}

/** `shop/prod/db`, `django.contrib.auth`, `min:8|max:72`, `user:read`: names, joined. */
function isNamePath(text: string): boolean {
  if (/^[a-z]+(?::\d+)?(?:\|[a-z_]+(?::[\w,]+)?)+$/.test(text)) return true;
  if (/^[a-z]+(?:[_-][a-z]+)*(?:[:/][a-z]+(?:[_-][a-z]+)*)+$/.test(text) || /^[A-Za-z]:\\/.test(text))
    return true;
  if (!/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+$/.test(text) || isMixed(text)) return false;
  return /\.[a-z_]{2,}\.|^[a-z_.]+$|\.(?:html|txt|pem|key|json|ya?ml|py|ts|js)$|\.[A-Z][a-z]+[A-Za-z]*\d?$/.test(
    text,
  );
}

/** Capital letters, small letters and digits in a long text without a word in it. */
function isMixed(text: string): boolean {
  return (
    text.length >= 20 &&
    (text.match(/\d/g)?.length ?? 0) >= 3 &&
    /[A-Z]/.test(text) &&
    /[a-z]/.test(text) &&
    /[A-Z][a-z]?[A-Z0-9]/.test(text)
  );
}

function isPhrase(text: string, strength: SecretStrength): boolean {
  const words = text.split(/\s+/);
  if (words.length > 8 || SENTENCE_WORD.test(text)) return false;
  if (/\d/.test(text)) return words.length <= 5 && !/^\d+ \w+$/.test(text);
  return strength === "word" && words.length >= 3 && text === text.toLowerCase();
}

/** Letters only, and no words: the case changes more often than in any name. */
function isRandomWord(text: string): boolean {
  const changes = text.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g)?.length ?? 0;
  return text.length >= 14 && changes * 4 > text.length;
}
