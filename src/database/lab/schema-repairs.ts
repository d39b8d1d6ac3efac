import type { SqlError } from "../lab.ts";

/** What makes a rejected statement acceptable, and what is said about it. */
export type Repair =
  /** Run this first, then the statement again. */
  | { readonly kind: "prepare"; readonly sql: string; readonly what: string }
  /** Run this instead. */
  | { readonly kind: "rewrite"; readonly sql: string; readonly what: string }
  /** Nothing of it matters here. */
  | { readonly kind: "leave-out"; readonly what: string };

type Rule = (error: SqlError, sql: string) => Repair | null;

/** How an error of building a schema is repaired; null when it is a mistake in the schema, or not understood. */
export function repairOf(error: SqlError, sql: string): Repair | null {
  for (const rule of RULES[error.sqlState] ?? []) {
    const repair = rule(error, sql);
    if (repair !== null) return repair;
  }
  return null;
}

const quoted = (name: string): string => name.split(".").map(quotePart).join(".");
const quotePart = (part: string): string => (part.startsWith('"') ? part : `"${part.replaceAll('"', '""')}"`);

/** Types that some extension or other database has, and a type here that plans like it. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/^(?:tiny|medium)int$/i, "integer"],
  [/^(?:datetime|smalldatetime)$/i, "timestamp"],
  [/^(?:double|float8unsigned)$/i, "double precision"],
  [/^(?:tiny|medium|long)?blob$/i, "bytea"],
  [/^(?:geometry|geography|raster|box2d|box3d|vector|halfvec|sparsevec)$/i, "bytea"],
];

/** Extensions that ship with the lab and are named like their type. */
const TYPE_EXTENSIONS = ["citext", "hstore", "ltree"];

function missingType({ message }: SqlError): Repair | null {
  const name = /^type "?(.+?)"?(?:\[\])? does not exist$/.exec(message)?.[1];
  if (name === undefined) return null;
  const bare = name.slice(name.lastIndexOf(".") + 1).replaceAll('"', "");
  const extension = TYPE_EXTENSIONS.find((candidate) => candidate === bare.toLowerCase());
  if (extension !== undefined) {
    return {
      kind: "prepare",
      sql: `CREATE EXTENSION IF NOT EXISTS ${extension}`,
      what: `extension ${extension} was created: its type is used`,
    };
  }
  const standIn = STAND_INS.find(([pattern]) => pattern.test(bare))?.[1] ?? "text";
  return {
    kind: "prepare",
    sql: `CREATE DOMAIN ${quoted(name)} AS ${standIn}`,
    what: `type ${name} is not known here; ${standIn} stands for it`,
  };
}

/** `geometry(Point, 4326)`: a stand-in takes no modifier. */
function typeModifier({ message }: SqlError, sql: string): Repair | null {
  const name = /^type modifier is not allowed for type "(.+)"$/.exec(message)?.[1];
  if (name === undefined) return null;
  const pattern = new RegExp(`(\\b${escapeRegExp(name)}"?)\\s*\\([^()]*\\)`, "gi");
  const rewritten = sql.replace(pattern, "$1");
  if (rewritten === sql) return null;
  return { kind: "rewrite", sql: rewritten, what: `the modifier of type ${name} was left out` };
}

function missingRole({ message }: SqlError): Repair | null {
  const name = /^role "(.+)" does not exist$/.exec(message)?.[1];
  if (name === undefined) return null;
  return { kind: "prepare", sql: `CREATE ROLE ${quotePart(name)}`, what: `role ${name} was created` };
}

function missingSchema({ message }: SqlError): Repair | null {
  const name = /^schema "(.+)" does not exist$/.exec(message)?.[1];
  if (name === undefined) return null;
  return { kind: "prepare", sql: `CREATE SCHEMA ${quotePart(name)}`, what: `schema ${name} was created` };
}

function missingCollation({ message }: SqlError, sql: string): Repair | null {
  const name = /^collation "(.+)" for encoding ".+" does not exist$/.exec(message)?.[1];
  if (name === undefined) return null;
  const pattern = new RegExp(`\\bCOLLATE\\s+"?${escapeRegExp(name)}"?`, "gi");
  return { kind: "rewrite", sql: sql.replace(pattern, ""), what: `collation ${name} was left out` };
}

function missingAccessMethod({ message }: SqlError): Repair | null {
  const name = /^access method "(.+)" does not exist$/.exec(message)?.[1];
  if (name === undefined) return null;
  return { kind: "leave-out", what: `left out: the lab has no index method ${name}` };
}

function missingExtension({ message }: SqlError): Repair | null {
  const name = /extension "(.+)" is not available/.exec(message)?.[1];
  if (name === undefined) return null;
  return {
    kind: "leave-out",
    what: `extension ${name} is not in the lab; what needs it is built without it`,
  };
}

/** Extensions whose functions schemas call without creating the extension: another migration or a hand did. */
const FUNCTION_EXTENSIONS: readonly (readonly [RegExp, string])[] = [
  [/^uuid_(?:generate_v[1345](?:mc)?|nil|ns_\w+)$/, "uuid-ossp"],
  [/^(?:gen_salt|crypt|digest|hmac|pgp_|encrypt|decrypt)/, "pgcrypto"],
  [/^(?:similarity|show_trgm|word_similarity|strict_word_similarity)$/, "pg_trgm"],
  [/^unaccent$/, "unaccent"],
  [/^(?:levenshtein|soundex|metaphone|dmetaphone)/, "fuzzystrmatch"],
];

function missingFunction({ message }: SqlError): Repair | null {
  const [, name, parameters] = /^function ([\w."]+)\((.*)\) does not exist$/.exec(message) ?? [];
  if (name === undefined || parameters === undefined) return null;
  const bare = name.slice(name.lastIndexOf(".") + 1).replaceAll('"', "");
  const extension = FUNCTION_EXTENSIONS.find(([pattern]) => pattern.test(bare))?.[1];
  if (extension !== undefined) {
    return {
      kind: "prepare",
      sql: `CREATE EXTENSION IF NOT EXISTS "${extension}"`,
      what: `extension ${extension} was created: function ${bare} is in it`,
    };
  }
  const type = /u[ul]id|cuid|nanoid/i.test(bare) ? (/uuid/i.test(bare) ? "uuid" : "text") : null;
  if (type === null) return null;
  const types = parameters.replaceAll("unknown", "text");
  return {
    kind: "prepare",
    sql: `CREATE FUNCTION ${quoted(name)}(${types}) RETURNS ${type} LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()::${type}'`,
    what: `function ${bare} is not known here; one that gives a random ${type} stands for it`,
  };
}

function existsAlready({ message }: SqlError): Repair {
  return { kind: "leave-out", what: `left out: ${message}` };
}

/** `CREATE INDEX CONCURRENTLY`, `VACUUM`: alone, and in no transaction. */
function notInTransaction(_error: SqlError, sql: string): Repair | null {
  const rewritten = sql.replace(/\bCONCURRENTLY\b/i, "");
  if (rewritten === sql) return null;
  return { kind: "rewrite", sql: rewritten, what: "built without CONCURRENTLY, which changes nothing here" };
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** By SQLSTATE, in the order they are tried. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  "42704": [missingType, missingRole, missingCollation, missingAccessMethod],
  "42601": [typeModifier],
  "42804": [typeModifier],
  "22023": [typeModifier],
  "3F000": [missingSchema],
  "0A000": [missingExtension],
  "58P01": [missingExtension],
  "42883": [missingFunction],
  "42P07": [existsAlready],
  "42P06": [existsAlready],
  "42710": [existsAlready],
  "25001": [notInTransaction],
};
