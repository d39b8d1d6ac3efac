/**
 * PostgreSQL extensions that ship with the product, each as `<name>.tar.gz` in the lab's assets folder: the ones that
 * schemas ask for. The build copies these and no others.
 */
export const LAB_EXTENSIONS = [
  "btree_gin",
  "btree_gist",
  "citext",
  "fuzzystrmatch",
  "hstore",
  "ltree",
  "pg_trgm",
  "pgcrypto",
  "unaccent",
  "uuid-ossp",
] as const;

export type LabExtension = (typeof LAB_EXTENSIONS)[number];

/** Words by which a schema shows that it uses an extension. */
const SIGNS: Readonly<Record<LabExtension, RegExp>> = {
  btree_gin: /\bbtree_gin\b/i,
  btree_gist: /\bbtree_gist\b|\bEXCLUDE\s+USING\s+"?gist/i,
  citext: /\bcitext\b/i,
  fuzzystrmatch: /\b(?:fuzzystrmatch|levenshtein|soundex|d?metaphone)\b/i,
  hstore: /\bhstore\b/i,
  ltree: /\bl(?:tree|query|txtquery)\b/i,
  pg_trgm: /\bpg_trgm\b|\bg(?:in|ist)_trgm_ops\b|\bsimilarity\s*\(/i,
  pgcrypto: /\bpgcrypto\b|\b(?:gen_salt|crypt|digest|hmac)\s*\(/i,
  unaccent: /\bunaccent\b/i,
  "uuid-ossp": /\buuid-ossp\b|\buuid_generate_/i,
};

/** The extensions that a schema needs: each makes the start longer, and most schemas need none. */
export function extensionsFor(statements: readonly string[]): readonly LabExtension[] {
  return LAB_EXTENSIONS.filter((name) => statements.some((sql) => SIGNS[name].test(sql)));
}
