import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LabSession } from "../../src/database/lab.ts";
import { explainQuery } from "../../src/database/plan/explain-query.ts";
import { postgresStatements } from "../../src/database/plan/statement-reader.ts";
import { PostgresLab } from "../../src/database/postgres-lab.ts";
import type { LabSchema } from "../../src/database/schema/lab-schema.ts";
import { workspaceSchema } from "../../src/database/schema/workspace-schema.ts";
import { PostgresParser } from "../../src/database/sql/parse-postgres.ts";
import { openStudioWorkspace } from "../../src/hosts/shared/studio-workspace.ts";
import { LAB_CHILD, labAssets } from "../support/lab-assets.ts";
import { type Bench, type BenchRow, median, milliseconds, percentile } from "./bench.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const COLD_ROUNDS = 5;
const WARM_ROUNDS = 100;

const QUERIES = [
  "SELECT * FROM lontar_order WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT 20",
  "SELECT * FROM lontar_order WHERE contact_email = $1",
  `SELECT o.number, u.email, count(i.id) FROM lontar_order o JOIN accounts_user u ON u.id = o.customer_id
   LEFT JOIN orders_orderitem i ON i.order_id = o.id WHERE o.status = $1 GROUP BY o.id, u.email LIMIT 50`,
  "SELECT status, count(*) FROM lontar_order WHERE placed_at >= $1 GROUP BY 1",
];
const INDEX = "CREATE INDEX tried ON lontar_order (contact_email)";
const CHANGE = "ALTER TABLE lontar_order ALTER COLUMN gift_message TYPE text";

/** The sample shop's schema in the lab: from nothing, from the kept database, and while it runs. */
export const bench: Bench = {
  title: "Database lab on the Django sample shop (27 models)",
  async run() {
    const imageFolder = await mkdtemp(join(tmpdir(), "aksara-bench-lab-"));
    const assetsDir = await labAssets();
    const schema = await shopSchema();
    const open = (folder: string | null) =>
      new PostgresLab({ childFile: LAB_CHILD, assetsDir, imageFolder: folder });
    try {
      const built = await cold(() => open(null), schema);
      await cold(() => open(imageFolder), schema);
      const reopened = await cold(() => open(imageFolder), schema);
      const lab = open(imageFolder);
      try {
        return [
          row("first plan, schema built anew, median of 5", built),
          row("first plan, schema kept from before, median of 5", reopened, "≤ 1 s"),
          ...(await warm(lab.open(schema))),
          memoryOf(lab.pid),
        ];
      } finally {
        await lab.dispose();
      }
    } finally {
      await rm(imageFolder, { recursive: true, force: true });
    }
  },
};

function row(what: string, samples: readonly number[], bar?: string): BenchRow {
  return { what, value: milliseconds(median(samples)), ...(bar === undefined ? {} : { bar }) };
}

async function shopSchema(): Promise<LabSchema> {
  const workspace = openStudioWorkspace({
    roots: [{ name: "shop", path: join(checkout, "test/workspaces/shop-django") }],
    distDir: join(checkout, "dist"),
    cache: false,
  });
  const { catalog } = await workspace.view();
  await workspace.dispose();
  const chosen = workspaceSchema(catalog, "postgresql", "");
  if (chosen.kind === "none") throw new Error(chosen.reason);
  return chosen.schema;
}

async function cold(open: () => PostgresLab, schema: LabSchema): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let round = 0; round < COLD_ROUNDS; round++) {
    const lab = open();
    const start = performance.now();
    const answer = await lab.open(schema).explain(QUERIES[0] ?? "");
    samples.push(performance.now() - start);
    if (answer.kind !== "plan") throw new Error(answer.error.message);
    await lab.dispose();
  }
  return samples;
}

async function warm(session: LabSession): Promise<readonly BenchRow[]> {
  const plain: number[] = [];
  const whole: number[] = [];
  const index: number[] = [];
  const locks: number[] = [];
  const parser = new PostgresParser(
    createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm"),
  );
  const reader = postgresStatements(parser);
  const timed = async (samples: number[], work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work();
    samples.push(performance.now() - start);
  };
  for (const sql of QUERIES) await explainQuery(session, reader, { sql, dialect: "postgresql" });
  for (let round = 0; round < WARM_ROUNDS; round++) {
    const sql = QUERIES[round % QUERIES.length] ?? "";
    await timed(plain, () => session.explain(sql));
    await timed(whole, () => explainQuery(session, reader, { sql, dialect: "postgresql" }));
    if (round >= WARM_ROUNDS / 4) continue;
    await timed(index, () => session.withTrial([INDEX], (trial) => trial.explain(QUERIES[1] ?? "")));
    await timed(locks, () => session.lockFacts(CHANGE));
  }
  parser.dispose();
  return [
    row("one plan, warm, median", plain, "≤ 20 ms"),
    { what: "one plan, warm, p95", value: milliseconds(percentile(plain, 0.95)) },
    row("a query explained: parsed, planned without and with values", whole, "≤ 20 ms"),
    row("an index created, planned with, rolled back", index, "≤ 50 ms"),
    row("locks of a statement", locks, "≤ 20 ms"),
  ];
}

/** Resident memory of the child at its highest, where the system tells. */
function memoryOf(pid: number | null): BenchRow {
  if (process.platform !== "linux" || pid === null)
    return { what: "memory of the child", value: "not known" };
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return {
    what: "memory of the child, highest",
    value: `${Math.round(Number(kilobytes) / 1024)} MB`,
    bar: "≤ 400 MB",
  };
}
