import type { IndexAdvising } from "../../../analysis/advise/advise-indexes.ts";
import { type MergedIndex, mergeAdvice } from "../../../analysis/advise/merge-advice.ts";
import { factsLine } from "../../../flows/facts/index-advice.ts";
import { queryTarget } from "../../../flows/facts/query-target.ts";
import type { FlowContext } from "../../../protocol/action.ts";
import type { AdvisedIndex } from "../../../protocol/index-advice.ts";
import { documentText } from "../../shared/document-text.ts";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { bold, dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";
import { QUERY_OPTIONS, queryContext } from "./query-arguments.ts";
import { openOnSchema, SCHEMA_OPTIONS } from "./schema-arguments.ts";

/** `aksara db advise`: indexes that pay, for one query or for all of the workspace. */
export const adviseCommand: CliLeaf = {
  type: "leaf",
  summary: "try indexes for a query, or for all queries of the workspace, and name those that pay",
  positionals: "",
  options: {
    ...QUERY_OPTIONS,
    ...SCHEMA_OPTIONS,
    all: { type: "boolean", summary: "all queries of the catalog; so it is too when none is named" },
  },
  run: advise,
};

/** A query and what came of looking for its indexes. */
interface AdvisedQuery {
  readonly id: string;
  readonly name: string;
  readonly uri: string | null;
  readonly line: number | null;
  readonly advising: IndexAdvising;
}

async function advise(args: ParsedArguments, context: CliContext): Promise<number> {
  const { terminal, options, signal } = context;
  const named = ["sql", "file", "id"].some((name) => args.string(name) !== undefined);
  if (named && args.flag("all")) throw new UsageError("--all and one query are two different questions.");
  const wanted = named ? await queryContext(args) : null;
  const workspace = await openOnSchema(args, context);
  const asked = wanted === null ? await allQueries(workspace, args.string("dialect"), signal) : [wanted];
  const advised: AdvisedQuery[] = [];
  for (const query of asked) {
    if (wanted === null && !options.quiet) terminal.err(progress(terminal, advised.length, asked.length));
    advised.push(await adviseOne(workspace, query, signal));
  }
  if (wanted === null && !options.quiet) terminal.err(progress(terminal, advised.length, asked.length));
  if (options.format === "json") terminal.out(documentText(documentOf(advised)));
  else terminal.out(wanted === null ? summaryText(advised, terminal) : oneText(advised[0], terminal));
  const failed = wanted !== null && advised[0]?.advising.kind === "not-advised";
  return failed ? EXIT.negative : EXIT.ok;
}

/** Queries that have SQL, in the order of the catalog. */
async function allQueries(
  workspace: StudioWorkspace,
  dialect: string | undefined,
  signal: AbortSignal,
): Promise<readonly FlowContext[]> {
  const { catalog } = await workspace.view(signal);
  return catalog.queries
    .filter(({ sql }) => sql !== null)
    .map(({ id }) => ({ query_id: id, ...(dialect === undefined ? {} : { dialect }) }));
}

async function adviseOne(
  workspace: StudioWorkspace,
  wanted: FlowContext,
  signal: AbortSignal,
): Promise<AdvisedQuery> {
  const { catalog } = await workspace.view(signal);
  const { id, name, sql, dialect, query } = queryTarget(catalog, wanted);
  const advising: IndexAdvising =
    sql === null
      ? { kind: "not-advised", reason: "the call was not lowered to SQL" }
      : await workspace.advise({ sql, dialect, queryId: query?.id ?? null }, signal);
  return { id, name, uri: query?.uri ?? null, line: query ? query.range.start.line + 1 : null, advising };
}

function documentOf(advised: readonly AdvisedQuery[]) {
  return {
    ok: advised.every(({ advising }) => advising.kind === "advised"),
    queries: advised.map(({ advising, ...query }) => ({
      ...query,
      advice: advising.kind === "advised" ? advising.advice : null,
      reason: advising.kind === "advised" ? null : advising.reason,
    })),
    indexes: merged(advised).map(({ index, queries }) => ({
      ddl: index.ddl,
      code: index.code,
      table: index.table,
      size_bytes: index.size_bytes,
      queries: queries.map(({ id }) => id),
    })),
  };
}

function merged(advised: readonly AdvisedQuery[]): readonly MergedIndex<AdvisedQuery>[] {
  return mergeAdvice(
    advised.flatMap((query) =>
      query.advising.kind === "advised" ? [{ query, indexes: query.advising.advice.indexes }] : [],
    ),
  );
}

function progress(terminal: Terminal, done: number, all: number): string {
  if (!terminal.color) return "";
  return done === all ? "\r\u001b[K" : `\rtrying indexes: query ${done + 1} of ${all}\u001b[K`;
}

function oneText(query: AdvisedQuery | undefined, terminal: Terminal): string {
  if (query === undefined) return "";
  const { advising } = query;
  if (advising.kind === "not-advised") return `${paint(terminal, "red", "no advice")}: ${advising.reason}\n`;
  const { advice } = advising;
  const lines = [dim(terminal, `${advice.engine}; ${advice.tier}: ${advice.basis}`), ""];
  if (advice.tried === 0) lines.push("No condition, join or order of the query could use an index.");
  else if (advice.indexes.length === 0) lines.push(`${advice.tried} tried, none of them pays.`);
  for (const index of advice.indexes) lines.push(...indexLines(index, terminal));
  if (advice.rejected.length > 0) {
    lines.push("", bold(terminal, "tried and not taken"));
    for (const { ddl, reason } of advice.rejected) lines.push(`  ${ddl}`, `    ${dim(terminal, reason)}`);
  }
  return `${lines.join("\n")}\n`;
}

function indexLines(index: AdvisedIndex, terminal: Terminal): readonly string[] {
  return [
    paint(terminal, "green", index.ddl),
    `  ${factsLine(index)}`,
    ...index.overlaps
      .filter(({ relation }) => relation === "contained")
      .map(({ index: name }) => `  begins with all columns of ${name}, which may be superfluous then`),
  ];
}

/** Queries that an index is named with; more are counted. */
const LISTED = 4;

function summaryText(advised: readonly AdvisedQuery[], terminal: Terminal): string {
  const indexes = merged(advised);
  const untried = advised.filter(({ advising }) => advising.kind === "not-advised");
  const first = advised.find(({ advising }) => advising.kind === "advised")?.advising;
  const lines: string[] = [];
  if (first?.kind === "advised")
    lines.push(dim(terminal, `${first.advice.engine}; ${first.advice.tier}: ${first.advice.basis}`), "");
  for (const { index, queries } of indexes) {
    lines.push(...indexLines(index, terminal));
    for (const { name, uri, line } of queries.slice(0, LISTED)) {
      lines.push(`  ${dim(terminal, `${oneLine(name)}${uri === null ? "" : `, ${uri}:${line}`}`)}`);
    }
    if (queries.length > LISTED)
      lines.push(`  ${dim(terminal, `and ${queries.length - LISTED} more queries`)}`);
  }
  const count = `${advised.length} ${advised.length === 1 ? "query" : "queries"}`;
  lines.push("", `${count}: ${indexes.length} indexes pay; ${untried.length} could not be planned`);
  return `${lines.join("\n").replace(/^\n+/, "")}\n`;
}

function oneLine(name: string): string {
  const text = name.replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
