import { join } from "node:path";
import type { QueryExplanation } from "../../../database/plan/explain-query.ts";
import { planText } from "../../../database/plan/plan-text.ts";
import { STATISTICS_FILE } from "../../../database/statistics/statistics-name.ts";
import { queryTarget } from "../../../flows/facts/query-target.ts";
import type { PlanRefusal } from "../../../protocol/plan.ts";
import { documentText } from "../../shared/document-text.ts";
import { readLiveStatistics, writeStatisticsFile } from "../../shared/live-statistics.ts";
import type { CliContext, CliGroup, ParsedArguments } from "../context.ts";
import { bold, EXIT, paint, type Terminal, UsageError } from "../output.ts";
import { disableCommand, enableCommand, enabledCommand } from "./db-access.ts";
import { adviseCommand } from "./db-advise.ts";
import { locksCommand } from "./db-locks.ts";
import { verifyCommand } from "./db-verify.ts";
import { QUERY_OPTIONS, queryContext } from "./query-arguments.ts";
import { openOnSchema, SCHEMA_OPTIONS } from "./schema-arguments.ts";

export const dbCommand: CliGroup = {
  type: "group",
  summary: "ask a database engine, and say which databases agents may use",
  commands: {
    explain: {
      type: "leaf",
      summary: "plan a query on the schema of the workspace",
      positionals: "",
      options: { ...QUERY_OPTIONS, ...SCHEMA_OPTIONS },
      run: explain,
    },
    advise: adviseCommand,
    locks: locksCommand,
    verify: verifyCommand,
    statistics: {
      type: "leaf",
      summary: `read the sizes of a database, never its values, into ${STATISTICS_FILE}`,
      positionals: "",
      options: {
        url: { type: "string", value: "URL", summary: "address of a PostgreSQL database; it is only read" },
      },
      run: statistics,
    },
    enable: enableCommand,
    disable: disableCommand,
    enabled: enabledCommand,
  },
};

async function explain(args: ParsedArguments, context: CliContext): Promise<number> {
  const { terminal, options, signal } = context;
  const wanted = await queryContext(args);
  const workspace = await openOnSchema(args, context);
  const { catalog } = await workspace.view(signal);
  const { sql, dialect, query } = queryTarget(catalog, wanted);
  const explanation: QueryExplanation =
    sql === null
      ? { kind: "refused", refusal: NOT_LOWERED }
      : await workspace.explain({ sql, dialect, queryId: query?.id ?? null }, signal);
  if (options.format === "json") {
    terminal.out(documentText(documentOf(explanation)));
  } else {
    terminal.out(explanationText(explanation, sql ?? "", terminal));
  }
  return explanation.kind === "planned" ? EXIT.ok : EXIT.negative;
}

async function statistics(args: ParsedArguments, context: CliContext): Promise<number> {
  const { terminal, options, signal } = context;
  const url = args.string("url");
  if (url === undefined) throw new UsageError("--url URL is missing.");
  await context.openWorkspace();
  const read = await readLiveStatistics(url, signal);
  const path = join(options.workspace, STATISTICS_FILE);
  await writeStatisticsFile(path, read.file);
  const { neverAnalysed, forbidden, file } = read;
  if (options.format === "json") {
    terminal.out(
      documentText({
        ok: true,
        file: STATISTICS_FILE,
        statistics: file,
        never_analysed: neverAnalysed,
        forbidden,
      }),
    );
    return EXIT.ok;
  }
  terminal.out(
    `${STATISTICS_FILE}: ${file.tables.length} tables of ${file.engine}, counts and fractions only\n`,
  );
  if (!options.quiet) {
    terminal.err(listed("never analysed, so their size is not known", neverAnalysed));
    terminal.err(listed("columns may not be looked at", forbidden));
  }
  return EXIT.ok;
}

const LISTED = 8;

function listed(what: string, tables: readonly string[]): string {
  if (tables.length === 0) return "";
  const more = tables.length > LISTED ? `, and ${tables.length - LISTED} more` : "";
  return `${what}: ${tables.slice(0, LISTED).join(", ")}${more}\n`;
}

const NOT_LOWERED: PlanRefusal = {
  reason: "not-a-query",
  message: "The call was not lowered to SQL, so there is nothing to plan.",
  position: null,
  expected: [],
};

function documentOf(explanation: QueryExplanation) {
  return explanation.kind === "planned"
    ? { ok: true, plan: explanation.plan, refusal: null }
    : { ok: false, plan: null, refusal: explanation.refusal };
}

function explanationText(explanation: QueryExplanation, sql: string, terminal: Terminal): string {
  if (explanation.kind === "planned") return `${planText(explanation.plan)}\n`;
  const { message, position, expected } = explanation.refusal;
  const near = expected.length === 0 ? "" : `\nexpected, or nearest: ${expected.join(", ")}`;
  const place = position === null ? "" : `\n${placeIn(sql, position, terminal)}`;
  return `${paint(terminal, "red", "no plan")}: ${message}${place}${near}\n`;
}

const CONTEXT = 60;

/** The line with the place, a mark under it. */
function placeIn(sql: string, position: number, terminal: Terminal): string {
  const lineStart = sql.lastIndexOf("\n", position - 1) + 1;
  const lineEnd = sql.indexOf("\n", position);
  const line = sql.slice(0, position).split("\n").length;
  const column = position - lineStart;
  const from = Math.max(0, column - CONTEXT);
  const shown = sql.slice(lineStart + from, lineEnd < 0 ? undefined : lineEnd).slice(0, 2 * CONTEXT);
  const label = `line ${line}, column ${column + 1}: `;
  const mark = " ".repeat(label.length + column - from);
  return `${label}${shown.replaceAll("\t", " ")}\n${mark}${bold(terminal, "^")}`;
}
