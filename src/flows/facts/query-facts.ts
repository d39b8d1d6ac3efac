import type { FlowContext } from "../../protocol/action.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { FlowAction } from "../actions/action.ts";
import { EvidenceList } from "../pack/evidence.ts";
import { plainName } from "../pack/fence.ts";
import type { Section } from "../pack/section.ts";
import type { BuiltFacts } from "./built-facts.ts";
import { excerpt } from "./excerpt.ts";
import { findingsAbout, findingsSection } from "./finding-facts.ts";
import { constraintLine, fieldLine, indexLine, relationLine } from "./model-lines.ts";
import { querySummary } from "./query-summary.ts";
import { type QueryTables, type QueryTarget, queryTarget } from "./query-target.ts";
import { citedLine, linesOr } from "./section-lines.ts";
import type { FlowWorkspace } from "./workspace.ts";

/** Said where a plan would stand as long as no planner was asked. */
export const NO_PLAN = "not available (T0): no planner was asked";

/** Facts about one query: contracts, section 1, kind "query". */
export async function buildQueryFacts(
  workspace: FlowWorkspace,
  action: FlowAction,
  context: FlowContext,
): Promise<BuiltFacts> {
  const target = queryTarget(workspace.catalog, context);
  const evidence = new EvidenceList();
  const tables = resolveTables(workspace, target);
  const about = [target.id, ...tables.models.map((model) => model.id)];
  const findings = findingsAbout(workspace.findings, about);
  const explain = context.include_explain ?? true;

  const sections: Section[] = [
    { key: "query", title: "query", text: identity(target, tables, evidence), dropRank: null },
    { key: "plan", title: "execution plan", text: explain ? NO_PLAN : "not asked for", dropRank: null },
    {
      key: "tables",
      title: "tables with columns, indexes and row estimates",
      text: tableLines(tables, evidence),
      dropRank: null,
    },
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
      plan: null,
      plan_status: explain ? NO_PLAN : "not asked for",
    },
    sections,
    evidence,
    findings,
    summary: querySummary(target, tables, findings, explain),
    tier: "T0",
    files: tables.models.map((model) => model.uri),
  };
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

function tableLines(tables: QueryTables, evidence: EvidenceList): string {
  const blocks = tables.models.map((model) =>
    [
      `${model.table ?? model.qualifiedName} (${model.qualifiedName}) [${evidence.cite(`model ${model.qualifiedName}`, model)}]`,
      "row estimate: not available (T0)",
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
