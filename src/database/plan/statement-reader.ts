import type { PlanRefusal } from "../../protocol/plan.ts";
import { tokenize } from "../../workspace/languages/sql/tokenize.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import type { PostgresParser, StatementKind } from "../sql/parse-postgres.ts";

/** One statement that can be planned, or why there is none. */
export type StatementCheck =
  | {
      readonly kind: "statement";
      readonly sql: string;
      /** UTF-16 offset of `sql` in the text that was given. */
      readonly start: number;
    }
  | { readonly kind: "refused"; readonly refusal: PlanRefusal };

/** Finds the statement in a text. Positions are UTF-16 offsets in that text. */
export interface StatementReader {
  check(sql: string): Promise<StatementCheck>;
}

/** Kinds of statements that PostgreSQL plans. */
const PLANNED: ReadonlySet<StatementKind> = new Set([
  "SelectStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
]);

/** Words of queries: what a mistyped one may have been meant for. */
const KEYWORDS =
  "ALL AND ANY AS ASC BETWEEN BY CASE CROSS DELETE DESC DISTINCT ELSE END EXCEPT EXISTS FETCH FILTER FROM FULL GROUP HAVING ILIKE IN INNER INSERT INTERSECT INTO IS JOIN LATERAL LEFT LIKE LIMIT MERGE NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION RETURNING RIGHT SELECT SET THEN UNION UPDATE USING VALUES WHEN WHERE WINDOW WITH".split(
    " ",
  );

/** Reads with PostgreSQL's own grammar. */
export function postgresStatements(parser: PostgresParser): StatementReader {
  return {
    async check(sql) {
      const parsed = await parser.parseStatements(sql);
      if (parsed.kind === "rejected") return refuse(syntaxRefusal(sql, parsed.message, parsed.position));
      const [statement, ...more] = parsed.statements;
      if (statement === undefined) return refuse(notAQuery("The text holds no statement.", null));
      if (more.length > 0) {
        const message = `The text holds ${parsed.statements.length} statements; one is planned at a time.`;
        return refuse(notAQuery(message, more[0]?.range.start ?? null));
      }
      const { start, end } = statement.range;
      const leading = sql.slice(start).length - sql.slice(start).trimStart().length;
      if (!PLANNED.has(statement.kind)) {
        return refuse(notAQuery(noPlan(statementWords(statement.kind)), start + leading));
      }
      return { kind: "statement", sql: sql.slice(start + leading, end), start: start + leading };
    },
  };
}

/** Finds where statements end; whether one is right, SQLite says when it plans it. */
export function sqliteStatements(): StatementReader {
  return {
    async check(sql) {
      const tokens = tokenize(sql, "sqlite").filter(({ kind }) => kind !== "comment");
      const first = tokens.findIndex(({ kind }) => kind !== "end");
      const start = tokens[first]?.start;
      if (start === undefined) return refuse(notAQuery("The text holds no statement.", null));
      const end = tokens.findIndex(({ kind }, index) => kind === "end" && index > first);
      const next = end < 0 ? undefined : tokens.slice(end).find(({ kind }) => kind !== "end");
      if (next !== undefined) {
        return refuse(notAQuery("The text holds several statements; one is planned at a time.", next.start));
      }
      const word = /^\w+/.exec(sql.slice(start))?.[0] ?? "";
      if (!SQLITE_PLANNED.test(word) && SQLITE_OTHERS.test(word))
        return refuse(notAQuery(noPlan(word), start));
      return { kind: "statement", sql: sql.slice(start, tokens[end]?.start), start };
    },
  };
}

const SQLITE_PLANNED = /^(?:SELECT|WITH|VALUES|INSERT|REPLACE|UPDATE|DELETE)$/i;
const SQLITE_OTHERS =
  /^(?:ALTER|ANALYZE|ATTACH|BEGIN|COMMIT|CREATE|DETACH|DROP|END|EXPLAIN|PRAGMA|REINDEX|RELEASE|ROLLBACK|SAVEPOINT|VACUUM)$/i;

function noPlan(what: string): string {
  return `${what} has no plan: only queries and statements that change rows have one.`;
}

function refuse(refusal: PlanRefusal): StatementCheck {
  return { kind: "refused", refusal };
}

function notAQuery(message: string, position: number | null): PlanRefusal {
  return { reason: "not-a-query", message, position, expected: [] };
}

/** `CreateStmt` → `Create`; good enough beside the text itself. */
function statementWords(kind: StatementKind): string {
  return kind.replace(/Stmt$/, "").replace(/(?<=[a-z])(?=[A-Z])/g, " ");
}

/** PostgreSQL says where it stopped, which is often one word behind the mistake: that word is looked at too. */
export function syntaxRefusal(sql: string, message: string, position: number): PlanRefusal {
  const wordAt = /^\w+/.exec(sql.slice(position))?.[0];
  const wordBefore = /(\w+)\s*$/.exec(sql.slice(0, position))?.[1];
  for (const word of [wordBefore, wordAt]) {
    if (word === undefined || KEYWORDS.includes(word.toUpperCase())) continue;
    const near = nearestNames(word.toUpperCase(), KEYWORDS).slice(0, 1);
    if (near.length > 0) return { reason: "syntax", message, position, expected: near };
  }
  return { reason: "syntax", message, position, expected: [] };
}
