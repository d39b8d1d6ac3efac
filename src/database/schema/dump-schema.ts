import { AksaraError } from "../../errors.ts";
import { classifyStatement } from "../../workspace/languages/sql/classify.ts";
import { dialectEvidence, judgeDialect } from "../../workspace/languages/sql/dialect.ts";
import { type SqlScript, type SqlStatement, splitScript } from "../../workspace/languages/sql/statements.ts";
import type { LabSchema, SchemaStatement } from "./lab-schema.ts";

/**
 * The schema of a dump (`pg_dump --schema-only`, `structure.sql`, `.schema` of SQLite). Rows, lines for the client and
 * settings are left out, and told as repairs. `source`: what it is called, for people.
 * @throws INVALID_REQUEST for a dump of another database, and for a text without any schema
 */
export function dumpSchema(text: string, source: string): LabSchema {
  const dialect = dialectOf(text, source);
  const script = splitScript(text, dialect);
  const statements: SchemaStatement[] = [];
  const skipped = new Map<string, number>();
  for (const statement of script.statements) {
    const sql = script.text.slice(statement.start, statement.end);
    const reason = reasonToSkip(script, statement, sql);
    if (reason === null) statements.push({ about: aboutOf(sql), sql });
    else skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  }
  if (!statements.some(({ sql }) => /^CREATE\b/i.test(sql)))
    throw new AksaraError("INVALID_REQUEST", `${source} creates nothing, so it is no schema.`, {
      hint: "Write one with pg_dump --schema-only, or .schema of SQLite.",
    });
  // A path that the dump sets must not decide how queries find their tables.
  if (statements.some(({ sql }) => SEARCH_PATH.test(sql)))
    statements.push({ about: "search path", sql: "RESET search_path" });
  return {
    dialect,
    source,
    statements,
    repairs: [...repairsOf(skipped), ...clientLines(script)],
    choices: {},
  };
}

function dialectOf(text: string, source: string): LabSchema["dialect"] {
  const script = splitScript(text, "unknown");
  const texts = script.statements.map(({ start, end }) => text.slice(start, end));
  // Rows may say anything; what makes the tables tells the dialect.
  const dialect = judgeDialect(dialectEvidence(texts.filter((sql) => MAKES.test(sql)).join(";\n")));
  if (dialect !== "mysql") return dialect === "sqlite" ? "sqlite" : "postgresql";
  throw new AksaraError(
    "INVALID_REQUEST",
    `${source} is a dump of MySQL or MariaDB, which cannot be embedded.`,
    {
      hint: "Its schema would mean something else in another database.",
    },
  );
}

const MAKES = /^(?:CREATE|ALTER|SET|PRAGMA|LOCK)\b/i;
const SEARCH_PATH = /^SET\s+search_path\b/i;
const ROWS = new Set(["insert", "update", "delete"]);
const SETTINGS = /^(?:SET|RESET|BEGIN|START|COMMIT|END|PRAGMA|LOCK|ANALYZE|VACUUM)\b/i;
const RIGHTS =
  /^(?:GRANT|REVOKE|COMMENT|SECURITY|REASSIGN|ALTER\s+DEFAULT\s+PRIVILEGES)\b|^ALTER\s[^;']*\sOWNER\s+TO\s/i;
const SERVER =
  /^(?:CREATE|ALTER|DROP)\s+(?:DATABASE|ROLE|USER|TABLESPACE|PUBLICATION|SUBSCRIPTION|SERVER)\b/i;

/** Null for a statement that makes a part of the schema. */
function reasonToSkip({ text }: SqlScript, { tokens }: SqlStatement, sql: string): string | null {
  if (SEARCH_PATH.test(sql)) return null;
  if (/^COPY\b/i.test(sql)) return "rows (COPY)";
  const { operation } = classifyStatement(text, tokens);
  if (ROWS.has(operation)) return "rows (INSERT, UPDATE, DELETE)";
  if (SETTINGS.test(sql)) return "settings of the session";
  if (RIGHTS.test(sql)) return "owners, rights and comments";
  if (SERVER.test(sql)) return "what belongs to the server";
  if (operation === "select") return "calls of functions (SELECT)";
  return null;
}

/** What was left out that changes no table is no repair. */
const HARMLESS = new Set(["settings of the session", "owners, rights and comments"]);

function repairsOf(skipped: ReadonlyMap<string, number>): LabSchema["repairs"] {
  return [...skipped]
    .filter(([reason]) => !HARMLESS.has(reason))
    .map(([about, count]) => ({
      about,
      what: `left out of the dump: ${count} ${count === 1 ? "statement" : "statements"}`,
    }));
}

/** psql's own: another file that is asked for is missing afterwards. */
function clientLines({ text, directives }: SqlScript): LabSchema["repairs"] {
  return directives.map(({ start, end }) => {
    const [line = ""] = text.slice(start, end).trim().split("\n");
    const isFile = /^\\i(?:r|nclude|nclude_relative)?\s/.test(line);
    return {
      about: `line for psql: ${line}`,
      what: isFile ? "left out of the dump: the file that it names was not read" : "left out of the dump",
    };
  });
}

const LONGEST = 60;

/** `CREATE TABLE public.orders`, from the first line of the statement. */
function aboutOf(sql: string): string {
  const [line = ""] = sql.split("\n");
  const text = line
    .replace(/\s*\(.*$/, "")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
