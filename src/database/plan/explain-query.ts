import type { Tier } from "../../protocol/finding.ts";
import type { PlanRefusal, PlanVariant, QueryPlan } from "../../protocol/plan.ts";
import type { SqlDialect } from "../../workspace/ir/query.ts";
import { numberPlaceholders } from "../../workspace/languages/sql/placeholders.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import type { EnginePlan, ExplainAnswer, LabSession, SchemaReport, SqlError } from "../lab.ts";
import { type StatementReader, syntaxRefusal } from "./statement-reader.ts";
import { typicalValues } from "./typical-values.ts";

/** What came of planning a query. */
export type QueryExplanation =
  | { readonly kind: "planned"; readonly plan: QueryPlan }
  | { readonly kind: "refused"; readonly refusal: PlanRefusal };

export interface ExplainInput {
  /** As people write it: placeholders of any style. */
  readonly sql: string;
  readonly dialect: SqlDialect;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Plans one query: without knowing the values of its placeholders, and with typical ones where those can be told.
 * Throws CANCELLED, and RUNTIME_ERROR when the engine fails.
 */
export async function explainQuery(
  session: LabSession,
  reader: StatementReader,
  { sql, dialect, signal }: ExplainInput,
): Promise<QueryExplanation> {
  if (dialect !== "unknown" && dialect !== session.dialect) return refused(otherDialect(dialect, session));
  const numbered = numberPlaceholders(sql, session.dialect);
  const checked = await reader.check(numbered.sql);
  if (checked.kind === "refused")
    return refused(placed(checked.refusal, (at) => numbered.originalOffset(at)));
  const report = await session.report(signal);
  if (!report.virtualSizes) return refused(noSizes(report));

  const statement = checked.sql;
  const offset = checked.start;
  const generic = await session.explain(statement, { signal });
  if (generic.kind === "rejected") {
    const refusal = refusalOf(statement, generic.error, report);
    return refused(placed(refusal, (at) => numbered.originalOffset(at + offset)));
  }
  const described = await session.describe(statement, signal);
  const types = described.kind === "described" ? described.parameters : [];
  const values =
    types.length === 0
      ? null
      : typicalValues(statement, types, generic.plan.nodes, await session.statistics(signal));
  const typical = values === null ? null : await session.explain(statement, { values, signal });

  const variants = variantsOf(generic, types.length > 0, typical);
  const names = new Map(numbered.placeholders.map(({ number, name }) => [number, name]));
  return {
    kind: "planned",
    plan: {
      engine: `${report.engine}, embedded, without data`,
      dialect: session.dialect,
      tier: generic.tier,
      basis: basisOf(generic.tier, session.statisticsSource),
      variants,
      parameters: types.map((type, index) => ({
        number: index + 1,
        name: names.get(index + 1) ?? null,
        type,
        value: typical?.kind === "plan" ? (values?.[index] ?? null) : null,
      })),
      tables: [...generic.tables],
      schema: schemaOf(report),
      notes: notesOf(dialect, session, types, values, typical),
    },
  };
}

function variantsOf(
  generic: Extract<ExplainAnswer, { kind: "plan" }>,
  hasParameters: boolean,
  typical: ExplainAnswer | null,
): PlanVariant[] {
  const variant = (kind: PlanVariant["kind"], plan: EnginePlan): PlanVariant => ({
    kind,
    total_cost: plan.total_cost,
    rows: plan.rows,
    nodes: [...plan.nodes],
  });
  if (!hasParameters) return [variant("exact", generic.plan)];
  const without = variant("generic", generic.plan);
  return typical?.kind === "plan" ? [variant("values", typical.plan), without] : [without];
}

/** One line that says how far the numbers can be trusted. */
function basisOf(tier: Tier, source: string | null): string {
  switch (tier) {
    case "T1":
      return "row counts are guessed from the schema, and so are column statistics";
    case "T2":
      return `row counts from ${source ?? "statistics"}; column statistics are derived from the schema`;
    case "T3":
      return `row counts and column statistics from ${source ?? "statistics"}`;
    case "T4":
      return "the connected database";
    case "T0":
      return "no table has a size";
  }
}

function schemaOf({ source, tables, repairs, failures }: SchemaReport): QueryPlan["schema"] {
  return {
    source,
    tables: tables.length,
    repairs: repairs.map(({ about, what }) => `${about}: ${what}`),
    failures: failures.map(({ about, error }) => `${about}: ${error.message}`),
  };
}

function notesOf(
  dialect: SqlDialect,
  session: LabSession,
  types: readonly string[],
  values: readonly string[] | null,
  typical: ExplainAnswer | null,
): string[] {
  const notes: string[] = [];
  const engine = session.dialect === "postgresql" ? "PostgreSQL" : "SQLite";
  if (dialect === "unknown") {
    notes.push(`Nothing says which database the query is for; it was planned as one for ${engine}.`);
  }
  if (types.length > 0 && values === null) {
    notes.push("Not every placeholder is compared with a known column, so no typical values were tried.");
  }
  if (typical?.kind === "rejected") notes.push(`Typical values were rejected: ${typical.error.message}.`);
  return notes;
}

function refused(refusal: PlanRefusal): QueryExplanation {
  return { kind: "refused", refusal };
}

function placed(refusal: PlanRefusal, toOriginal: (offset: number) => number): PlanRefusal {
  return refusal.position === null ? refusal : { ...refusal, position: toOriginal(refusal.position) };
}

function otherDialect(dialect: SqlDialect, session: LabSession): PlanRefusal {
  const titles: Readonly<Record<SqlDialect, string>> = {
    postgresql: "PostgreSQL",
    mysql: "MySQL",
    sqlite: "SQLite",
    unknown: "unknown",
  };
  const message =
    dialect === "mysql"
      ? "MySQL cannot be embedded, and a plan of another database would say nothing about it."
      : `The query is for ${titles[dialect]}, the schema of the workspace for ${titles[session.dialect]}.`;
  return { reason: "dialect", message, position: null, expected: [] };
}

function noSizes({ engine }: SchemaReport): PlanRefusal {
  return {
    reason: "no-sizes",
    message: `${engine} does not take the sizes that tables are given here; a plan would be one for empty tables.`,
    position: null,
    expected: [],
  };
}

/** Errors about names: what engines say, and whether it is a table. */
const UNKNOWN: readonly { readonly of: "table" | "column" | "other"; readonly message: RegExp }[] = [
  { of: "table", message: /^relation "(.+?)" does not exist|^no such table: (.+)$/ },
  { of: "table", message: /^(?:missing|invalid reference to) FROM-clause entry for table "(.+?)"/ },
  { of: "column", message: /^column "?(.+?)"? (?:of relation ".+" )?does not exist|^no such column: (.+)$/ },
  { of: "other", message: /^(?:function|operator) (.+?)(?:\(.*\))? does not exist|^no such function: (.+)$/ },
];

function refusalOf(
  sql: string,
  { sqlState, message, position, hint }: SqlError,
  report: SchemaReport,
): PlanRefusal {
  for (const { of, message: pattern } of UNKNOWN) {
    const match = pattern.exec(message);
    const name = match?.[1] ?? match?.[2];
    if (name !== undefined) {
      return { reason: "unknown-name", message, position, expected: nearNames(of, name, report) };
    }
  }
  if (/: syntax error$|^incomplete input/.test(message))
    return syntaxRefusal(sql, message, position ?? sql.length);
  const full = hint === null ? message : `${message} (${hint})`;
  return { reason: sqlState === "42601" ? "syntax" : "rejected", message: full, position, expected: [] };
}

function nearNames(of: "table" | "column" | "other", name: string, { tables }: SchemaReport): string[] {
  const plain = name.slice(name.lastIndexOf(".") + 1).replaceAll('"', "");
  switch (of) {
    case "table":
      return [
        ...nearestNames(
          plain,
          tables.map((table) => table.name),
        ),
      ];
    case "column": {
      const columns = new Set(tables.flatMap((table) => table.columns.map((column) => column.name)));
      return [...nearestNames(plain, [...columns])];
    }
    case "other":
      return [];
  }
}
