import { createRequire } from "node:module";
import pg from "pg";
import * as z from "zod";
import { readIndexStatement } from "../../src/analysis/verify/read-index-statement.ts";
import { planQuery, tryIndex } from "../../src/analysis/verify/try-index.ts";
import type { VerificationLab } from "../../src/analysis/verify/verification-lab.ts";
import { skipsFirst } from "../../src/analysis/verify/verify-index.ts";
import { connectPostgres } from "../../src/database/live/connect-postgres.ts";
import { readSchema } from "../../src/database/live/read-schema.ts";
import { readStatistics } from "../../src/database/live/read-statistics.ts";
import { postgresStatements } from "../../src/database/plan/statement-reader.ts";
import { PostgresLab } from "../../src/database/postgres-lab.ts";
import type { LabSchema } from "../../src/database/schema/lab-schema.ts";
import { PostgresParser } from "../../src/database/sql/parse-postgres.ts";
import type { Statistics } from "../../src/database/statistics/statistics.ts";
import { parseStatistics } from "../../src/database/statistics/statistics-file.ts";
import { LAB_CHILD, labAssets } from "../support/lab-assets.ts";
import { startPostgres } from "../support/postgres-server.ts";
import type { Bench, BenchRow } from "./bench.ts";
import { FORUM } from "./realism/forum.ts";
import { RENTAL } from "./realism/rental.ts";
import type { Workload, WorkloadQuery } from "./realism/workload.ts";

/** The share of the cost that an index has to take away to count as one that helps. */
const HELPS = 0.3;
const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");

/**
 * Whether the lab says of an index what a server with all rows says: does it take away 30 % of the cost of a query?
 * Decided for each query and each candidate on one of its tables, with the server's statistics and without. Neither
 * schema nor workload was tuned on. The server is asked with the values that stand in the workload, the lab with those
 * that it takes for typical, as in the product: what differs because of that is counted as wrong, too.
 */
export const bench: Bench = {
  title: "Decisions of the lab against PostgreSQL with rows: does this index help this query?",
  async run() {
    const rows: BenchRow[] = [];
    for (const workload of [RENTAL, FORUM]) rows.push(...(await compare(workload)));
    return rows;
  },
};

const planSchema = z.object({
  "QUERY PLAN": z.tuple([z.object({ Plan: z.object({ "Total Cost": z.number() }) })]),
});

/** One query and one candidate. */
interface Decision {
  readonly query: WorkloadQuery;
  readonly candidate: string;
  readonly helps: boolean;
  /** Costs before and after, for the list of those that go wrong. */
  readonly costs: string;
}

async function compare(workload: Workload): Promise<readonly BenchRow[]> {
  const server = await startPostgres();
  if (server === null) return [{ what: workload.title, value: "PostgreSQL is not installed" }];
  try {
    for (const sql of [...workload.schema, ...workload.rows, "ANALYZE"]) await server.run(sql);
    const { truth, largest, all } = await askServer(server.url(), workload);
    const live = await connectPostgres(server.url());
    const { file } = await readStatistics(live, "2026-01-01");
    const schema = await readSchema(live, workload.title);
    await live.close();
    const known = await askLab(schema, parseStatistics(JSON.stringify(file)), workload);
    const guessed = await askLab(schema, null, workload);
    const size = `${truth.length} decisions, ${truth.filter(({ helps }) => helps).length} indexes help`;
    return [
      { what: `${workload.title}: largest table, all tables`, value: `${largest} and ${all} rows` },
      { what: `${workload.title}: query × candidate`, value: size },
      ...judged(`${workload.title}, with statistics`, truth, known, 0.98, 0.95),
      ...judged(`${workload.title}, from the schema alone`, truth, guessed, 0.9, 0.92),
    ];
  } finally {
    await server.stop();
  }
}

/** Candidates on tables that a query names. */
function candidatesOf({ candidates }: Workload, { sql }: WorkloadQuery): readonly string[] {
  return candidates.filter((candidate) => new RegExp(`\\b${candidate.split(" ")[0]}\\b`).test(sql));
}

interface Answer {
  readonly truth: readonly Decision[];
  readonly largest: string;
  readonly all: string;
}

async function askServer(url: string, workload: Workload): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const costOf = async ({ sql, values }: WorkloadQuery): Promise<number> => {
    const bound = sql.replace(/\$(\d+)/g, (_, number) => values[Number(number) - 1] ?? "NULL");
    const [row] = (await client.query(`EXPLAIN (FORMAT JSON) ${bound}`)).rows;
    return planSchema.parse(row)["QUERY PLAN"][0].Plan["Total Cost"];
  };
  try {
    // The lab plans neither in parallel nor compiled.
    await client.query("SET max_parallel_workers_per_gather = 0; SET jit = off");
    const before = new Map<WorkloadQuery, number>();
    for (const query of workload.queries) before.set(query, await costOf(query));
    const truth: Decision[] = [];
    for (const candidate of workload.candidates) {
      await client.query("BEGIN");
      await client.query(`CREATE INDEX ON ${candidate}`);
      for (const query of workload.queries) {
        if (!candidatesOf(workload, query).includes(candidate)) continue;
        const [from, to] = [before.get(query) ?? Number.NaN, await costOf(query)];
        truth.push({ query, candidate, helps: 1 - to / from >= HELPS, costs: costsText(from, to) });
      }
      await client.query("ROLLBACK");
    }
    const [sizes] = (
      await client.query(
        "SELECT max(reltuples)::bigint AS largest, sum(reltuples)::bigint AS every FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
      )
    ).rows;
    return { truth, largest: String(sizes?.largest), all: String(sizes?.every) };
  } finally {
    await client.end();
  }
}

function costsText(from: number, to: number): string {
  return `${Math.round(from)} → ${Math.round(to)}`;
}

async function askLab(
  schema: LabSchema,
  statistics: Statistics | null,
  workload: Workload,
): Promise<readonly Decision[]> {
  const lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir: await labAssets(), imageFolder: null });
  const parser = new PostgresParser(wasm);
  const session = lab.open(schema, statistics);
  const on: VerificationLab = { session, parser, reader: postgresStatements(parser), isDialectKnown: true };
  const decisions: Decision[] = [];
  try {
    for (const query of workload.queries) {
      const planned = await planQuery(on, { sql: query.sql, dialect: "postgresql" });
      if (planned.kind === "judged") throw new Error(`${query.sql}: ${planned.verification.proof.summary}`);
      for (const candidate of candidatesOf(workload, query)) {
        const index = await readIndexStatement(on, [`CREATE INDEX ON ${candidate}`]);
        if (index.kind === "judged") throw new Error(index.verification.proof.summary);
        const trial = await tryIndex(on, planned, index);
        if (trial.kind === "judged") throw new Error(trial.verification.proof.summary);
        const { used, gain, before, after } = trial;
        const costs = costsText(before.total_cost, after.total_cost);
        // As advice has it: a server before version 18 cannot skip over the first column.
        const helps = used && gain >= HELPS && !skipsFirst(trial);
        decisions.push({ query, candidate, helps, costs });
      }
    }
    return decisions;
  } finally {
    parser.dispose();
    await lab.dispose();
  }
}

/** Precision and recall, and each decision that goes wrong with both pairs of costs. */
function judged(
  what: string,
  truth: readonly Decision[],
  decisions: readonly Decision[],
  precisionBar: number,
  recallBar: number,
): readonly BenchRow[] {
  const pairs = truth.map((real) => ({
    real,
    said: decisions.find(({ query, candidate }) => query === real.query && candidate === real.candidate),
  }));
  const count = (real: boolean, said: boolean): number =>
    pairs.filter((pair) => pair.real.helps === real && pair.said?.helps === said).length;
  const precision = count(true, true) / (count(true, true) + count(false, true));
  const recall = count(true, true) / (count(true, true) + count(true, false));
  const wrong = pairs.filter(({ real, said }) => real.helps !== said?.helps);
  return [
    row(`${what}: precision`, precision, precisionBar),
    row(`${what}: recall`, recall, recallBar),
    ...wrong.map(({ real, said }) => ({
      what: `  ${real.helps ? "missed" : "false alarm"}: ${real.query.kind}, ${real.candidate}`,
      value: `server ${real.costs}, lab ${said?.costs ?? "nothing"}`,
    })),
  ];
}

function row(what: string, value: number, bar: number): BenchRow {
  return { what, value: value.toFixed(3), bar: `≥ ${bar}`, met: value >= bar };
}
