/** Counts of what was replaced, by kind, in bytewise order of kind. */
export type RedactionCounts = readonly { readonly kind: string; readonly count: number }[];

interface Pattern {
  readonly kind: string;
  readonly regex: RegExp;
  /** Index of the group that is the secret; the rest of the match stays. 0 is the whole match. */
  readonly group: number;
  /** Rejects look-alikes that the regular expression cannot. */
  readonly accept?: (secret: string, whole: string) => boolean;
}

const PLACEHOLDER_VALUE =
  /^(?:x+|\*+|\.+|<[^>]*>|\$\{[^}]*\}|\{\{?[^}]*\}?\}|%\([^)]*\)s|%s|\?|\$\d+|(?:your|my|the|a|an|some)[-_ ].*|change[-_]?me.*|example.*|placeholder.*|dummy.*|redacted.*|none|null|undefined|true|false|todo|password|passwd|secret|token|test|key|api[-_]?key)$/i;

const NOT_A_VALUE =
  /^(?:process\.env|os\.environ|os\.getenv|env\(|getenv|config\.|settings\.|self\.|this\.|req\.|request\.)/;

function looksSecret(value: string): boolean {
  if (value.length < 6 || PLACEHOLDER_VALUE.test(value) || NOT_A_VALUE.test(value)) return false;
  return !/^[a-z]+(?:[_-][a-z]+)*$/.test(value) || value.length >= 24;
}

/** Ordered: the more specific kind wins, since what it replaced no longer matches a later one. */
const PATTERNS: readonly Pattern[] = [
  {
    kind: "private-key",
    regex:
      /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g,
    group: 0,
  },
  {
    kind: "connection-string",
    regex: /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"`<>]*:([^\s@'"`<>]+)@[^\s'"`<>)]+/gi,
    group: 1,
    accept: (secret) => !/^(?:\$\{[^}]*\}|<[^>]*>|\{[^}]*\}|%s|\*+)$/.test(secret),
  },
  {
    kind: "connection-string",
    regex: /\b(?:Password|Pwd|AccountKey|SharedAccessKey)\s*=\s*([^;'"\s]{6,})/g,
    group: 1,
    accept: looksSecret,
  },
  { kind: "aws-key", regex: /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z2-7]{16}\b/g, group: 0 },
  { kind: "google-key", regex: /\bAIza[\w-]{35}(?![\w-])/g, group: 0 },
  { kind: "google-key", regex: /\bya29\.[\w-]{20,}/g, group: 0 },
  {
    kind: "github-token",
    regex: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b/g,
    group: 0,
  },
  { kind: "gitlab-token", regex: /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{20,}/g, group: 0 },
  { kind: "slack-token", regex: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, group: 0 },
  {
    kind: "slack-webhook",
    regex: /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/_-]{20,}/g,
    group: 0,
  },
  {
    kind: "stripe-key",
    regex: /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{24,}/g,
    group: 0,
  },
  {
    kind: "llm-key",
    regex: /\bsk-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,}/g,
    group: 0,
    accept: (secret) => /\d/.test(secret) && /[A-Za-z]/.test(secret.slice(3)),
  },
  { kind: "llm-key", regex: /\b(?:gsk_|xai-|hf_|r8_|pplx-)[A-Za-z0-9]{24,}\b/g, group: 0 },
  { kind: "npm-token", regex: /\bnpm_[A-Za-z0-9]{36}\b/g, group: 0 },
  { kind: "pypi-token", regex: /\bpypi-AgE[A-Za-z0-9_-]{50,}/g, group: 0 },
  { kind: "sendgrid-key", regex: /\bSG\.[\w-]{16,}\.[\w-]{16,}/g, group: 0 },
  { kind: "mailgun-key", regex: /\bkey-[0-9a-f]{32}\b/g, group: 0 },
  { kind: "twilio-key", regex: /\b(?:SK|AC)[0-9a-f]{32}\b/g, group: 0 },
  { kind: "digitalocean-token", regex: /\bdo[opr]_v1_[0-9a-f]{64}\b/g, group: 0 },
  { kind: "shopify-token", regex: /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b/g, group: 0 },
  { kind: "vault-token", regex: /\bhv[sbr]\.[A-Za-z0-9_-]{20,}/g, group: 0 },
  { kind: "jwt", regex: /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, group: 0 },
  {
    kind: "bearer-token",
    regex: /\b(?:Bearer|Basic|Token)\s+([A-Za-z0-9._~+/=-]{20,})/g,
    group: 1,
    accept: (secret) => /\d/.test(secret) && /[A-Za-z]/.test(secret),
  },
  {
    kind: "password",
    // name = "value", name: "value", "name": "value", name="value" in source, JSON, YAML and env files
    regex:
      /\b[\w.-]*(?:password|passwd|passphrase|secret|api[_-]?key|apikey|access[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|client[_-]?secret|private[_-]?key|encryption[_-]?key|signing[_-]?key|credential)s?[\w-]*["'\]]*\s*(?::\s*str\s*)?(?:=>|:=|=|:|,)\s*(?:[rbuf]{0,2})(["'`])((?:(?!\1)[^\\\n]|\\.){6,})\1/gi,
    group: 2,
    accept: (secret) => looksSecret(secret) && !/\s.*\s/.test(secret),
  },
  {
    kind: "password",
    regex:
      /^[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY)[A-Z0-9_]*[ \t]*=[ \t]*([^\s"'#][^\s#]{5,})/gm,
    group: 1,
    accept: looksSecret,
  },
  {
    kind: "password",
    regex: /\b(?:IDENTIFIED\s+BY|PASSWORD)\s+'((?:[^']|''){3,})'/gi,
    group: 1,
    accept: (secret) => !/^(?:\$\d+|%s|\?)$/.test(secret),
  },
  {
    kind: "email",
    regex: /\b[A-Za-z0-9][\w.+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}\b/g,
    group: 0,
    accept: (email) =>
      !/@(?:[\w-]+\.)*example\.(?:com|org|net)$|@.*\.(?:test|invalid|localhost)$|^git@|^noreply@|^no-reply@/i.test(
        email,
      ),
  },
  { kind: "card-number", regex: /\b(?:\d[ -]?){13,19}\b/g, group: 0, accept: isCardNumber },
  {
    kind: "iban",
    regex: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g,
    group: 0,
    accept: isIban,
  },
  {
    kind: "social-security-number",
    regex: /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g,
    group: 0,
  },
  {
    kind: "phone-number",
    regex: /(?<![\w.+-])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){2,4}(?![\w-])/g,
    group: 0,
  },
];

/** Columns whose literals are personal, by name. */
const PERSONAL_COLUMN =
  /(?:^|_)(?:e?mail|phone|mobile|msisdn|fax|first_?name|last_?name|full_?name|surname|given_?name|family_?name|birth_?(?:date|day)|date_?of_?birth|dob|ssn|social_?security|tax_?id|national_?id|passport|iban|bic|card_?number|address|street|zip|postal_?code|postcode|ip_?address|password(?:_hash)?|token|secret|api_?key)(?:_|$)/i;

export function isPersonalColumn(name: string): boolean {
  return PERSONAL_COLUMN.test(name.replace(/([a-z])([A-Z])/g, "$1_$2"));
}

/** `column = 'literal'`, `column LIKE 'literal'`, `column IN ('a', 'b')`, also with ORM keywords `column="literal"`. */
const COLUMN_LITERAL =
  /\b([A-Za-z_][\w]*)"?`?\s*(?:=|<>|!=|<=|>=|<|>|\bI?LIKE\b|\bIN\s*\(|\bSIMILAR\s+TO\b|:)\s*((?:'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*")(?:\s*,\s*(?:'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"))*)/gi;

/**
 * Replaces secrets and personal literals by `[redacted:<kind>]`. One instance counts over all texts of a pack.
 * The replacement has no part of the secret and no length, so equal documents stay equal whatever the secret is.
 */
export class Redactor {
  readonly #counts = new Map<string, number>();

  redact(text: string): string {
    let result = text;
    for (const pattern of PATTERNS) result = this.#apply(pattern, result);
    return this.#personalLiterals(result);
  }

  /** Every string inside a JSON value. Keys are names, not data, and stay. */
  redactValue<T>(value: T): T;
  redactValue(value: unknown): unknown {
    if (typeof value === "string") return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.redactValue(item));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, this.redactValue(member)]),
      );
    }
    return value;
  }

  counts(): RedactionCounts {
    return [...this.#counts]
      .map(([kind, count]) => ({ kind, count }))
      .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
  }

  #apply(pattern: Pattern, text: string): string {
    return text.replace(pattern.regex, (...match: unknown[]) => {
      const whole = String(match[0]);
      const secret = String(match[pattern.group] ?? "");
      if (secret === "" || secret.includes("[redacted:")) return whole;
      if (pattern.accept && !pattern.accept(secret, whole)) return whole;
      this.#count(pattern.kind);
      const at = pattern.group === 0 ? 0 : whole.lastIndexOf(secret);
      return `${whole.slice(0, at)}[redacted:${pattern.kind}]${whole.slice(at + secret.length)}`;
    });
  }

  #personalLiterals(text: string): string {
    return text.replace(COLUMN_LITERAL, (whole: string, column: string, literals: string) => {
      if (!isPersonalColumn(column)) return whole;
      const at = whole.length - literals.length;
      const masked = literals.replace(/'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"/g, (literal) => {
        const inner = literal.slice(1, -1);
        if (
          inner === "" ||
          inner.includes("[redacted:") ||
          /^(?:%s|%\(\w+\)s|\?|\$\d+|:\w+|%|[\w.]+_id)$/.test(inner)
        )
          return literal;
        this.#count("personal-literal");
        return `${literal[0]}[redacted:personal-literal]${literal[0]}`;
      });
      return whole.slice(0, at) + masked;
    });
  }

  #count(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}

function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1+$/.test(digits) || !/^[3-6]/.test(digits))
    return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    let digit = Number(digits[digits.length - 1 - index]);
    if (index % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

function isIban(text: string): boolean {
  const iban = text.replace(/ /g, "");
  if (iban.length < 15 || iban.length > 34) return false;
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = /\d/.test(character) ? character : String(character.charCodeAt(0) - 55);
    for (const digit of value) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}
