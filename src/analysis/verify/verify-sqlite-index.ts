import { literal } from "../../database/lab/table-statistics.ts";
import type { LabTrial } from "../../database/lab.ts";
import { costText } from "../../database/plan/plan-text.ts";
import { tokenize } from "../../workspace/languages/sql/tokenize.ts";
import type { JudgedQuery } from "./judged-query.ts";
import { planQuery } from "./try-index.ts";
import { refuted, unverified, type Verification, verified } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

/** The share of the rows looked at that an index has to spare. */
const LEAST_GAIN = 0.3;
const NAMED =
  /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:\w+\.)?("(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|\w+)\s+ON\s+("(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|\w+)/i;

/**
 * Builds an index in SQLite and looks at the plan before and after it. SQLite names no costs: counted are the rows that
 * the steps look at, by the statistics of the session. Throws CANCELLED, and RUNTIME_ERROR when the engine fails.
 */
export async function verifySqliteIndex(
  lab: VerificationLab,
  statements: readonly string[],
  query: JudgedQuery,
  signal?: AbortSignal,
): Promise<Verification> {
  const sql = oneStatement(statements.join("\n;\n"));
  if (sql === null) return unverified("Not checked: one index is tried at a time.");
  const [, name, table] = NAMED.exec(sql)?.map(unquoted) ?? [];
  if (name === undefined || table === undefined)
    return /\bCONCURRENTLY\b/i.test(sql)
      ? refuted("SQLite builds no index CONCURRENTLY.")
      : unverified("Not checked: it is something else than one CREATE INDEX.");
  const planned = await planQuery(lab, query, signal);
  if (planned.kind === "judged") return planned.verification;
  const { tables } = await lab.session.report(signal);
  const existing =
    tables.find((candidate) => candidate.name.toLowerCase() === table.toLowerCase())?.indexes ?? [];
  return await lab.session.withTrial(
    [],
    async (trial) => {
      const error = await trial.apply(sql);
      if (error !== null) return refuted(`It cannot be built on ${table}: ${error.message}.`, { error });
      const columns = await columnsOf(trial, name);
      const partial = /\bWHERE\b/i.test(sql);
      const same = existing.find(
        (index) => !partial && !index.partial && JSON.stringify(index.columns) === JSON.stringify(columns),
      );
      if (same !== undefined && !columns.includes(null))
        return refuted(`${same.name} on ${table} (${columns.join(", ")}) holds the same already.`);
      const answer = await trial.explain(planned.sql);
      if (answer.kind === "rejected")
        return unverified(`Not checked: with the index the query has no plan. ${answer.error.message}`);
      const { before, plan } = planned;
      const after = { kind: before.kind, ...answer.plan, nodes: [...answer.plan.nodes] };
      const used = after.nodes.some(({ index }) => index === name);
      const gain = before.total_cost > 0 ? 1 - after.total_cost / before.total_cost : 0;
      const ground = `${plan.tier}: ${plan.basis}`;
      const rows = `rows looked at ${costText(before.total_cost)} → ${costText(after.total_cost)}`;
      const details = {
        index: { name, table, columns },
        used,
        rows_before: before.total_cost,
        rows_after: after.total_cost,
        tier: plan.tier,
        basis: plan.basis,
        engine: plan.engine,
        notes: ["SQLite names no costs: the rows that the steps look at are counted."],
        plan_before: before,
        plan_after: after,
      };
      if (!used) return refuted(`The planner does not use it for this query (${ground}).`, details);
      return gain < LEAST_GAIN
        ? refuted(`The planner uses it, and looks at about as many rows: ${rows} (${ground}).`, details)
        : verified(`The planner uses it: ${rows} (${ground}).`, details);
    },
    signal,
  );
}

/** Null when the text holds none, or several. */
function oneStatement(text: string): string | null {
  const tokens = tokenize(text, "sqlite").filter(({ kind }) => kind !== "comment");
  const first = tokens.findIndex(({ kind }) => kind !== "end");
  const start = tokens[first]?.start;
  if (start === undefined) return null;
  const end = tokens.findIndex(({ kind }, index) => kind === "end" && index > first);
  if (end >= 0 && tokens.slice(end).some(({ kind }) => kind !== "end")) return null;
  return text.slice(start, tokens[end]?.start);
}

async function columnsOf(trial: LabTrial, index: string): Promise<readonly (string | null)[]> {
  const answer = await trial.run(`SELECT name FROM pragma_index_info(${literal(index)}) ORDER BY seqno`);
  return answer.kind === "rows" ? answer.rows.map(([name]) => (name === null ? null : String(name))) : [];
}

function unquoted(name: string | undefined): string | undefined {
  return name?.replace(/^["`[]([\s\S]*)["`\]]$/, "$1").replaceAll('""', '"');
}
