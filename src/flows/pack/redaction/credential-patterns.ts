import type { SecretPattern } from "./pattern.ts";
import { isPlaceholder, isSecretValue } from "./secret-value.ts";

/** Longest key block that is looked for; a real one is a tenth of it. */
const KEY_BLOCK = String.raw`[\s\S]{0,20000}?`;
/** Lines of base64 as they stand in a file, in a string, in joined strings or behind line numbers. */
const KEY_LINES = String.raw`(?:(?:[^\S\n]|\\[nr]|\n|["'+,;]|\d{1,6} {2}){0,40}[A-Za-z0-9+/=]{16,200}){1,400}`;

/** Secrets that their surroundings give away: key blocks, addresses with a password, headers, password hashes. */
export const CREDENTIALS: readonly SecretPattern[] = [
  {
    kind: "private-key",
    regex: new RegExp(
      "----[- ]BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?[- ]----(?:" +
        String.raw`${KEY_BLOCK}----[- ]END (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?[- ]----(?:-|\\n)?|${KEY_LINES})`,
      "dg",
    ),
    hints: ["PRIVATE KEY"],
  },
  {
    kind: "private-key",
    regex:
      /\bPrivate-Lines: \d{1,4}\s{1,4}((?:[A-Za-z0-9+/=]{1,128}\s{1,4}){1,200}(?:Private-MAC: [0-9a-f]{40,64})?)/dg,
    hints: ["Private-Lines:"],
    group: 1,
  },
  {
    kind: "private-key",
    regex: /"kty"\s{0,4}:[^{}]{0,4000}?"d"\s{0,4}:\s{0,4}"([\w-]{20,1400})"/dg,
    hints: ['"kty"'],
    group: 1,
  },
  {
    kind: "connection-string",
    regex:
      /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/[^\s:/@'"`<>]{0,128}:([^\s'"`<>/]{1,512})@(?=[^\s'"`<>])/dg,
    hints: ["://"],
    group: 1,
    accept: (secret) => !isReference(secret) && !isUserPlaceholder(secret),
  },
  {
    // cut in the middle of the password, as long statements are; a number is a port
    kind: "connection-string",
    regex:
      /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/[^\s:/@'"`<>]{1,128}:([^\s'"`<>/@]{3,512})(?:…)?$/dg,
    hints: ["://"],
    group: 1,
    accept: (secret) => /\D/.test(secret.replace("…", "")) && !isReference(secret),
  },
  {
    kind: "connection-string",
    regex: /(?<![\w@])[A-Za-z_][\w.-]{0,60}:([^\s'"`@:/]{3,128})@(?:tcp|unix)\(/dg,
    hints: ["@tcp(", "@unix("],
    group: 1,
    accept: (secret) => !isReference(secret),
  },
  {
    kind: "connection-string",
    regex: /\bjdbc:oracle:\w{2,5}:[\w.-]{1,60}\/([^\s'"`@/]{1,128})@/dg,
    hints: ["jdbc:oracle:"],
    group: 1,
    accept: (secret) => !isReference(secret),
  },
  {
    kind: "connection-string",
    regex:
      /\b(?:Password|Pwd|PWD|AccountKey|SharedAccessKey|SharedSecretValue)\s{0,4}=\s{0,4}([^;'"\s&,)]{4,512})/dg,
    hints: ["Password", "Pwd", "PWD", "AccountKey", "SharedAccessKey", "SharedSecretValue"],
    group: 1,
    accept: (secret) =>
      !isReference(secret) && !isPlaceholder(secret) && /[^A-Za-z_]/.test(secret) && !/[([]/.test(secret),
  },
  {
    kind: "connection-string",
    regex: /[?&](?:sig|signature|X-Amz-Signature|X-Goog-Signature)=([A-Za-z0-9%+/=_-]{20,512})/dg,
    hints: ["sig", "Sig"],
    group: 1,
  },
  {
    kind: "connection-string",
    // host:port:database:user:password, one line of a password file
    regex: /^[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w*-]{1,64}:[\w*-]{1,64}:(\S{3,128})$/dgm,
    hints: [":"],
    group: 1,
    accept: (secret) => !isReference(secret) && !isPlaceholder(secret),
  },
  {
    kind: "bearer-token",
    regex: /\b(?:[Bb]earer|Token|token)\s{1,4}([A-Za-z0-9._~+/=-]{16,4096})/dg,
    hints: ["earer", "oken"],
    group: 1,
    accept: (secret) =>
      /\d/.test(secret) &&
      /[A-Za-z]/.test(secret) &&
      /[A-Za-z0-9]{12}/.test(secret) &&
      !isPlaceholder(secret),
  },
  {
    kind: "basic-auth",
    regex: /\bBasic\s{1,4}([A-Za-z0-9+/]{8,512}={0,2})(?![A-Za-z0-9+/=])/dg,
    hints: ["Basic"],
    group: 1,
    accept: isUserAndPassword,
  },
  {
    kind: "basic-auth",
    regex:
      /(?:\bauth\s{0,4}=\s{0,4}\(|Basic(?:Auth|Authentication|Credentials)\(|basic_auth\(|basicAuth\()\s{0,4}["'][^"'\n]{0,80}["']\s{0,4},\s{0,4}["']([^"'\n]{3,200})["']/dg,
    hints: ["auth", "Basic"],
    group: 1,
    accept: (secret) => !isPlaceholder(secret) && !isReference(secret),
  },
  {
    kind: "basic-auth",
    regex: /"auth"\s{0,4}:\s{0,4}"([A-Za-z0-9+/]{8,512}={0,2})"/dg,
    hints: ['"auth"'],
    group: 1,
    accept: isUserAndPassword,
  },
  {
    kind: "basic-auth",
    regex: /(?:^|\s)(?:-u|--user)[ =]["']?[\w.@-]{1,80}:([^\s'"]{3,200})/dg,
    hints: ["-u", "--user"],
    group: 1,
    accept: (secret) => !isPlaceholder(secret) && !isReference(secret),
  },
  {
    kind: "password",
    regex:
      /\b(?:sshpass\s{1,4}-p\s{0,4}|redis-cli\s[^\n|;]{0,200}?-a\s{1,4}|mysql(?:dump|admin)?\s[^\n|;]{0,200}?\s-p(?=\S))["']?([^\s'"]{3,128})/dg,
    hints: ["sshpass", "mysql", "redis-cli"],
    group: 1,
    accept: (secret) => !isReference(secret) && !isPlaceholder(secret),
  },
  {
    kind: "password",
    regex:
      /\b(?:IDENTIFIED\s{1,8}(?:WITH\s{1,8}["'\w]{1,60}\s{1,8})?(?:BY|AS)|PASSWORD)\s{1,8}N?'((?:[^'\n]|''){3,200})'/dgi,
    hints: ["IDENTIFIED", "identified", "Identified", "PASSWORD", "password", "Password"],
    group: 1,
    accept: (secret) => !isPlaceholder(secret) && !isReference(secret),
  },
  {
    kind: "password",
    regex:
      /\b(?:jwt|JWT|jsonwebtoken|jose)\.(?:sign|verify|encode|decode)\([^"'`\n]{0,200}(?:\{[^{}\n]{0,300}\}[^"'`\n]{0,20})?["'`]([^"'`\n]{8,512})["'`]/dg,
    hints: ["jwt.", "JWT.", "jsonwebtoken.", "jose."],
    group: 1,
    accept: (secret) => isSecretValue(secret, "key"),
  },
  {
    kind: "password-hash",
    regex:
      /\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{40,60}|(?:argon2(?:id|i|d)|scrypt)\$[\w$=,./+-]{30,300}|[156y]\$[\w./$=-]{20,200})/dg,
    hints: ["$2", "$argon2", "$scrypt", "$1$", "$5$", "$6$", "$y$"],
  },
  {
    kind: "password-hash",
    regex: /\b(?:pbkdf2_sha\d{1,3}|bcrypt_sha256|argon2|scrypt|md5|sha1)\$[\w$=,./+-]{30,300}/dg,
    hints: ["pbkdf2_", "bcrypt_", "argon2$", "scrypt$", "md5$", "sha1$"],
  },
];

/** A value that is taken from somewhere else when the program runs. */
export function isReference(value: string): boolean {
  return /\$\{|\{\{|\}|<%|%\(|%[sd]|\$\(|#\{|^\$[A-Za-z_]|^<[^>]*>?$|^\*+$|^[:?]$/.test(value);
}

/** Base64 of `user:password`. */
function isUserAndPassword(value: string): boolean {
  return /^[\x20-\x7E]+:[\x20-\x7E]*$/.test(Buffer.from(value, "base64").toString("latin1"));
}

/** `postgres://user:password@host`: written in every manual. */
function isUserPlaceholder(value: string): boolean {
  return /^(?:password|passwd|pass|pwd|pw|secret|[a-z_]*password|x{3,}|\*+|\.+)$/i.test(value);
}
