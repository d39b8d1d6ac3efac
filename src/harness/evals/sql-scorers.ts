import type { PostgresParser } from "../../database/sql/parse-postgres.ts";
import type { Outcome } from "./outcome.ts";
import type { Score } from "./score.ts";
import { failed, passed, shown, verdict } from "./verdict.ts";

const FENCED_SQL = /^(`{3,}|~{3,})[ \t]*(?:sql|postgres(?:ql)?)[ \t]*\r?\n([\s\S]*?)^\1[ \t]*$/gim;
/** Kinds of suggestions that claim to make a query cheaper. */
const CLAIMS: readonly string[] = ["index", "rewrite"];

/** Every SQL statement of an answer is one that PostgreSQL's own parser takes. */
export async function sqlValid(outcome: Outcome, parser: PostgresParser): Promise<Score> {
  const statements = statementsOf(outcome);
  if (statements.length === 0) return failed("The answer has no SQL.");
  for (const sql of statements) {
    const parsed = await parser.parseStatements(withNumberedPlaceholders(sql));
    if (parsed.kind === "rejected") return failed(`${shown(sql)}: ${parsed.message}`);
  }
  return passed(`${statements.length} statements parse`);
}

/** At least one suggested index or rewrite was tried and pays, and none was refuted. */
export function planImproves({ execution }: Outcome): Score {
  const claims = execution?.suggestions.filter(({ kind }) => CLAIMS.includes(kind)) ?? [];
  if (claims.length === 0) return failed("The answer suggests no index and no rewrite.");
  const refuted = claims.find(({ verdict: found }) => found === "refuted");
  if (refuted) return failed(`${refuted.id} was refuted: ${refuted.proof?.summary ?? refuted.title}`);
  const verified = claims.find(({ verdict: found }) => found === "verified");
  return verdict(
    verified !== undefined,
    `${verified?.id}: ${verified?.proof?.summary ?? verified?.title}`,
    `None was verified: ${claims.map(({ id, proof }) => `${id}: ${proof?.summary ?? "not tried"}`).join("; ")}`,
  );
}

function statementsOf({ execution, text }: Outcome): readonly string[] {
  const suggested =
    execution?.suggestions.flatMap(({ language, statements }) => (language === "sql" ? statements : [])) ??
    [];
  return suggested.length > 0 ? suggested : [...text.matchAll(FENCED_SQL)].map((match) => match[2] ?? "");
}

/** `?` and `%s` are placeholders of drivers, which the server never sees. */
function withNumberedPlaceholders(sql: string): string {
  let count = 0;
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|%s|%\(\w+\)s|\?(?![|&?])/g, (found) =>
    found.startsWith("'") || found.startsWith('"') ? found : `$${++count}`,
  );
}
