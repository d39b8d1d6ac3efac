import { planText, rowsText } from "../../database/plan/plan-text.ts";
import type { FlowContext } from "../../protocol/action.ts";
import type { QueryPlan } from "../../protocol/plan.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { FlowAction } from "../actions/action.ts";
import { EvidenceList } from "../pack/evidence.ts";
import { plainName } from "../pack/fence.ts";
import type { Section } from "../pack/section.ts";
import type { BuiltFacts } from "./built-facts.ts";
import { excerpt } from "./excerpt.ts";
import { findingsAbout, findingsSection } from "./finding-facts.ts";
import { adviceFacts, adviceText } from "./index-advice.ts";
import { constraintLine, fieldLine, indexLine, relationLine } from "./model-lines.ts";
import { type AdviceAnswer, NO_PLANNER, type PlanAnswer } from "./query-planner.ts";
import { querySummary } from "./query-summary.ts";
import { type QueryTables, type QueryTarget, queryTarget } from "./query-target.ts";
import { citedLine, linesOr } from "./section-lines.ts";
import type { FlowWorkspace } from "./workspace.ts";

/** Facts about one query: contracts, section 1, kind "query". */
export async function buildQueryFacts(
  workspace: FlowWorkspace,
  action: FlowAction,
  context: FlowContext,
  signal?: AbortSignal,
): Promise<BuiltFacts> {
  const target = queryTarget(workspace.catalog, context);
  const evidence = new EvidenceList();
  const tables = resolveTables(workspace, target);
  const about = [target.id, ...tables.models.map((model) => model.id)];
  const findings = findingsAbout(workspace.findings, about);
  const answer = await planAnswer(workspace, target, context.include_explain ?? true, signal);
  const plan = answer.kind === "planned" ? answer.plan : null;
  const advice = await adviceAnswer(workspace, target, action, answer, signal);

  const sections: Section[] = [
    { key: "query", title: "query", text: identity(target, tables, evidence), dropRank: null },
    { key: "plan", title: "execution plan", text: planSection(answer), dropRank: null },
    {
      key: "tables",
      title: "tables with columns, indexes and row estimates",
      text: tableLines(tables, plan, evidence),
      dropRank: null,
    },
    ...(advice === null
      ? []
      : [
          {
            key: "advice",
            title: "indexes that were tried in the lab",
            text: adviceText(advice),
            dropRank: 2,
          },
        ]),
    findingsSection(findings, evidence),
  ];
  const { query } = target;
  if (query) {
    const source = await workspace.readText(query.uri);
    const start = Math.max(0, query.range.start.line - 8);
    const around = {
      range: { start: { line: start, character: 0 }, end: { line: query.range.end.line + 8, character: 0 } },
    };
    sections.push({
      key: "source",
      title: "source around the query",
      text: excerpt(source, around),
      dropRank: 1,
    });
  }

  return {
    target: query
      ? { id: query.id, name: query.name, uri: query.uri, range: query.range, hash: query.hash }
      : { id: target.id, name: target.name, uri: null, range: null, hash: null },
    subject: query && plainName(query.name) ? `the query ${query.name}` : 'the query in the section "query"',
    echo: { sql: target.sql ?? query?.text ?? "", action: action.key },
    facts: {
      sql: target.sql,
      dialect: target.dialect,
      form: query?.form ?? "sql",
      approximate: query?.approximate ?? null,
      tables: tables.models.map((model) => ({
        model: model.id,
        table: model.table,
        indexes: model.indexes.map(indexLine),
      })),
      unknown_tables: tables.unknown,
      plan,
      plan_status: answer.kind === "planned" ? `available (${answer.plan.tier})` : answer.status,
      plan_refusal: answer.kind === "planned" ? null : answer.refusal,
      ...(advice === null ? {} : adviceFacts(advice)),
    },
    sections,
    evidence,
    findings,
    summary: querySummary(target, tables, findings, answer, advice),
    tier: plan?.tier ?? "T0",
    files: tables.models.map((model) => model.uri),
    outside: answer.inputs,
  };
}

const NOT_ASKED: Extract<PlanAnswer, { kind: "not-planned" }> = {
  kind: "not-planned",
  status: "not asked for",
  refusal: null,
  inputs: [],
};

async function planAnswer(
  workspace: FlowWorkspace,
  { query, sql, dialect }: QueryTarget,
  asked: boolean,
  signal: AbortSignal | undefined,
): Promise<PlanAnswer> {
  if (!asked) return NOT_ASKED;
  if (sql === null) {
    return {
      ...NOT_ASKED,
      status: "not available (T0): the call was not lowered to SQL, so there is nothing to plan",
    };
  }
  if (workspace.planner === undefined) return NO_PLANNER;
  return await workspace.planner.plan({ sql, dialect, queryId: query?.id ?? null }, signal);
}

/** Null where the action does not ask for indexes, or nothing could be planned to compare with. */
async function adviceAnswer(
  { planner }: FlowWorkspace,
  { query, sql, dialect }: QueryTarget,
  { key }: FlowAction,
  answer: PlanAnswer,
  signal: AbortSignal | undefined,
): Promise<AdviceAnswer | null> {
  if (key !== ADVISED_ACTION || planner === undefined || sql === null || answer.kind !== "planned")
    return null;
  return await planner.advise({ sql, dialect, queryId: query?.id ?? null }, signal);
}

/** The action whose facts hold indexes that were tried. */
const ADVISED_ACTION = "suggest_indexes";

function planSection(answer: PlanAnswer): string {
  if (answer.kind === "planned") return planText(answer.plan);
  const { status, refusal } = answer;
  if (refusal === null || refusal.expected.length === 0) return status;
  return `${status}\nexpected, or nearest: ${refusal.expected.join(", ")}`;
}

function identity(target: QueryTarget, tables: QueryTables, evidence: EvidenceList): string {
  const { query } = target;
  const lines = [
    query
      ? `${query.name} [${evidence.cite(`query ${query.name}`, query)}]${query.within ? `, in ${query.within}` : ""}`
      : "given by hand",
    tables.models.some(({ documents }) => documents)
      ? "dialect: none. MongoDB answers this query: no SQL and no DDL apply, an index is one of the schema or of createIndex"
      : `dialect: ${target.dialect === "unknown" ? "not known" : target.dialect}`,
  ];
  if (query?.approximate) lines.push(`not exact: ${query.approximate}`);
  if (query?.form === "orm") lines.push("written as an ORM call:", query.text);
  lines.push(target.sql ? "sql:" : "sql: not available, the call was not lowered to SQL");
  if (target.sql) lines.push(target.sql);
  return lines.join("\n");
}

/** Models behind the tables a query names; what the catalog does not know is stated, never guessed. */
function resolveTables({ catalog }: FlowWorkspace, target: QueryTarget): QueryTables {
  const byName = new Map<string, Model>();
  for (const model of catalog.models) {
    if (model.proxyOf !== null || model.abstract || model.documents) continue;
    for (const name of [model.table, model.qualifiedName, model.name]) {
      if (name !== null && !byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), model);
    }
  }
  const models = new Set(
    (target.query?.modelIds ?? []).map((id) => catalog.model(id)).filter((model) => model !== null),
  );
  const unknown: string[] = [];
  for (const table of target.tables) {
    // A collection is no table that SQL could mean; the query says itself which model it asks.
    if ([...models].some((model) => model.documents && model.table === table)) continue;
    const model =
      byName.get(table.toLowerCase()) ?? byName.get(table.slice(table.lastIndexOf(".") + 1).toLowerCase());
    if (model) models.add(model);
    else unknown.push(table);
  }
  return { models: [...models], unknown };
}

function tableLines(tables: QueryTables, plan: QueryPlan | null, evidence: EvidenceList): string {
  const blocks = tables.models.map((model) =>
    [
      `${model.table ?? model.qualifiedName} (${model.qualifiedName}) [${evidence.cite(`model ${model.qualifiedName}`, model)}]`,
      rowEstimate(model, plan),
      "columns:",
      ...model.fields.filter((field) => field.column !== null).map((field) => `- ${fieldLine(field)}`),
      "indexes:",
      linesOr(
        model.indexes.map((index) =>
          citedLine(evidence, indexLine(index), `index ${index.name ?? ""}`, index.source),
        ),
        "- none declared",
      ),
      "constraints and relations:",
      linesOr(
        [
          ...model.constraints.map((constraint) => `- ${constraintLine(constraint)}`),
          ...model.relations
            .filter((relation) => relation.direction === "forward")
            .map((relation) => `- ${relationLine(relation)}`),
        ],
        "- none declared",
      ),
    ].join("\n"),
  );
  const unknown = tables.unknown.map(
    (table) => `${table}: not in the catalog; its columns and indexes are unknown`,
  );
  return linesOr([...blocks, ...unknown], "no table was recognised in the query");
}

function rowEstimate({ table }: Model, plan: QueryPlan | null): string {
  const size = plan?.tables.find((candidate) => candidate.table === table);
  if (size === undefined) return "row estimate: not available (T0)";
  return `row estimate: ${rowsText(size.rows)}, ${size.rows_from === "guess" ? "guessed (T1)" : "from statistics"}`;
}
