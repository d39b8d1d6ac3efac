import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ExplainAnswer, LabSession, LabTrial } from "../../../src/database/lab.ts";
import { PostgresLab } from "../../../src/database/postgres-lab.ts";
import type { LabSchema } from "../../../src/database/schema/lab-schema.ts";
import type { Statistics } from "../../../src/database/statistics/statistics.ts";
import { isAksaraError, isCancelled } from "../../../src/errors.ts";
import { LAB_CHILD, labAssets } from "../../support/lab-assets.ts";

function schemaOf(...statements: readonly string[]): LabSchema {
  return {
    dialect: "postgresql",
    source: "a test",
    statements: statements.map((sql, index) => ({ about: `statement ${index + 1}`, sql })),
    repairs: [],
    choices: {},
  };
}

const SHOP = schemaOf(
  "CREATE TYPE status AS ENUM ('open', 'paid', 'sent')",
  "CREATE TABLE customer (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, created_at timestamptz NOT NULL)",
  `CREATE TABLE purchase (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer, status status NOT NULL,
     total numeric(12, 2) NOT NULL, note text, created_at timestamptz NOT NULL)`,
  "CREATE INDEX purchase_open ON purchase (created_at) WHERE status = 'open'",
);

function statistics(...tables: readonly (readonly [table: string, rows: number])[]): Statistics {
  return {
    source: "a test",
    hash: JSON.stringify(tables),
    tables: tables.map(([table, rows]) => ({ table, rows, columns: [] })),
  };
}

/** Steps with what they read, for comparison: `Index Scan purchase using purchase_pkey`. */
function steps(answer: ExplainAnswer): readonly string[] {
  assert.equal(answer.kind, "plan", JSON.stringify(answer));
  if (answer.kind !== "plan") return [];
  return answer.plan.nodes.map(({ type, relation, index }) =>
    [type, relation, index && `using ${index}`].filter(Boolean).join(" "),
  );
}

function costOf(answer: ExplainAnswer): number {
  assert.equal(answer.kind, "plan", JSON.stringify(answer));
  return answer.kind === "plan" ? answer.plan.total_cost : Number.NaN;
}

describe("PostgreSQL lab", function () {
  this.timeout(120_000);
  let assetsDir = "";
  let folder = "";
  const open: PostgresLab[] = [];
  const start = (options: { idleMs?: number; imageFolder?: string } = {}): PostgresLab => {
    const lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir, imageFolder: null, ...options });
    open.push(lab);
    return lab;
  };
  before(async () => {
    assetsDir = await labAssets();
    folder = await mkdtemp(join(tmpdir(), "aksara-lab-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => Promise.all(open.splice(0).map((lab) => lab.dispose())));

  describe("on one schema", () => {
    let lab: PostgresLab;
    let session: LabSession;
    before(() => {
      lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir, imageFolder: null });
      session = lab.open(SHOP);
    });
    after(() => lab.dispose());

    it("L01 reports what was built, as the engine has it", async () => {
      const report = await session.report();
      assert.match(report.engine, /^PostgreSQL 18\./);
      assert.deepEqual([report.statements, report.applied], [4, 4]);
      assert.deepEqual([...report.repairs, ...report.failures], []);
      assert.deepEqual(
        report.tables.map(({ name }) => name),
        ["customer", "purchase"],
      );
      const purchase = report.tables[1];
      assert.deepEqual(purchase?.primaryKey, ["id"]);
      assert.deepEqual(purchase?.foreignKeys, [
        { columns: ["customer_id"], target: "customer", targetColumns: ["id"] },
      ]);
      assert.deepEqual(purchase?.columns.find(({ name }) => name === "status")?.labels, [
        "open",
        "paid",
        "sent",
      ]);
      assert.equal(purchase?.indexes.find(({ name }) => name === "purchase_open")?.partial, true);
    });

    it("L02 believes in sizes that are made up: a scan of a large table costs its pages", async () => {
      assert.equal((await session.report()).virtualSizes, true);
      const answer = await session.explain("SELECT * FROM purchase");
      assert.ok(costOf(answer) > 1_000, String(costOf(answer)));
    });

    it("L03 follows the index of a key and reads the whole table for what has none", async () => {
      assert.deepEqual(steps(await session.explain("SELECT * FROM purchase WHERE id = $1")), [
        "Index Scan purchase using purchase_pkey",
      ]);
      assert.deepEqual(steps(await session.explain("SELECT * FROM purchase WHERE total = $1")), [
        "Seq Scan purchase",
      ]);
    });

    it("gives the whole cost away to the steps, and marks the greatest share", async () => {
      const answer = await session.explain(
        "SELECT c.email, sum(p.total) FROM purchase p JOIN customer c ON c.id = p.customer_id GROUP BY 1 ORDER BY 2 LIMIT 5",
      );
      assert.ok(answer.kind === "plan");
      const { nodes } = answer.plan;
      const sum = nodes.reduce((total, { share }) => total + share, 0);
      assert.ok(Math.abs(sum - 1) < 0.001, String(sum));
      const hot = nodes.filter((node) => node.hot);
      assert.equal(hot.length, 1);
      assert.equal(hot[0]?.share, Math.max(...nodes.map(({ share }) => share)));
      for (const { id, parent, depth } of nodes) {
        assert.equal(depth, parent === null ? 0 : (nodes[parent]?.depth ?? 0) + 1);
        assert.ok(parent === null || parent < id);
      }
    });

    it("answers a wrong name with its place, and goes on", async () => {
      const sql = "SELECT é FROM purchase";
      const answer = await session.explain(sql);
      assert.ok(answer.kind === "rejected");
      assert.equal(answer.error.sqlState, "42703");
      assert.equal(answer.error.position, sql.indexOf("é"));
      assert.equal((await session.explain("SELECT 1 FROM purchase")).kind, "plan");
    });

    it("never runs what it plans, nor a second statement behind it", async () => {
      await session.withTrial(["INSERT INTO customer VALUES (1, 'a', now())"], async (trial: LabTrial) => {
        assert.equal((await trial.explain("DELETE FROM customer")).kind, "plan");
        const both = await trial.explain("SELECT 1; DELETE FROM customer");
        assert.equal(both.kind, "rejected");
        const count = await trial.run("SELECT count(*)::int FROM customer");
        assert.deepEqual(count.kind === "rows" && count.rows, [[1]]);
      });
    });

    it("tries an index: it is used inside of the trial, and gone after it", async () => {
      const sql = "SELECT * FROM purchase WHERE customer_id = $1";
      const before = await session.explain(sql);
      const during = await session.withTrial(["CREATE INDEX tried ON purchase (customer_id)"], (trial) =>
        trial.explain(sql),
      );
      assert.match(steps(during).join(), /using tried/);
      assert.ok(costOf(during) < costOf(before) / 10);
      assert.deepEqual(await session.explain(sql), before);
    });

    it("says which statement of a trial was rejected, and goes on after one that is", async () => {
      const statements = [
        "CREATE INDEX a ON purchase (note)",
        "CREATE INDEX b ON purchase (nope)",
        "SELECT 1",
      ];
      await session.withTrial(statements, async (trial) => {
        assert.equal(trial.failure?.statement, 1);
        assert.equal(trial.failure?.error.sqlState, "42703");
        assert.equal((await trial.apply("ALTER TABLE nope ADD x int"))?.sqlState, "42P01");
        assert.equal(await trial.apply("ALTER TABLE purchase ADD x int"), null);
        assert.equal((await trial.explain("SELECT nope FROM purchase")).kind, "rejected");
        assert.equal((await trial.explain("SELECT x FROM purchase")).kind, "plan");
      });
      assert.equal((await session.explain("SELECT x FROM purchase")).kind, "rejected");
    });

    it("rolls a trial back when its user throws, and refuses one that has ended", async () => {
      let kept: LabTrial | null = null;
      await assert.rejects(
        session.withTrial(["CREATE TABLE gone ()"], async (trial) => {
          kept = trial;
          throw new Error("enough");
        }),
        /enough/,
      );
      assert.equal((await session.explain("SELECT FROM gone")).kind, "rejected");
      await assert.rejects(async () => (kept as LabTrial | null)?.explain("SELECT 1"), /has ended/);
    });

    it("names columns and types of a statement without running it", async () => {
      const answer = await session.describe(
        "SELECT id, status, count(*) OVER () FROM purchase WHERE total > $1",
      );
      assert.deepEqual(answer, {
        kind: "described",
        columns: [
          { name: "id", type: "bigint" },
          { name: "status", type: "status" },
          { name: "count", type: "bigint" },
        ],
        parameters: ["numeric"],
      });
    });

    it("L05 measures locks, scans and rewrites, and leaves nothing behind", async () => {
      const facts = async (sql: string) => {
        const answer = await session.lockFacts(sql);
        assert.ok(answer.kind === "measured", JSON.stringify(answer));
        const table = answer.facts.locks.find(({ relation }) => relation === "purchase");
        const { scanned, rewritten } = answer.facts;
        return { mode: table?.modes[0], scanned, rewritten };
      };
      const exclusive = "AccessExclusiveLock";
      assert.deepEqual(await facts("ALTER TABLE purchase ADD COLUMN x int"), {
        mode: exclusive,
        scanned: [],
        rewritten: [],
      });
      assert.deepEqual(await facts("ALTER TABLE purchase ALTER COLUMN note SET NOT NULL"), {
        mode: exclusive,
        scanned: ["purchase"],
        rewritten: [],
      });
      assert.deepEqual(await facts("ALTER TABLE purchase ALTER COLUMN total TYPE bigint"), {
        mode: exclusive,
        scanned: ["purchase"],
        rewritten: ["purchase"],
      });
      assert.deepEqual(await facts("CREATE INDEX ON purchase (note)"), {
        mode: "ShareLock",
        scanned: ["purchase"],
        rewritten: [],
      });
      const key = await session.lockFacts("ALTER TABLE purchase ADD FOREIGN KEY (id) REFERENCES customer");
      assert.deepEqual(
        key.kind === "measured" &&
          key.facts.locks
            .filter(({ kind }) => kind === "table")
            .map(({ relation, modes }) => [relation, modes[0]]),
        [
          ["customer", "ShareRowExclusiveLock"],
          ["purchase", "ShareRowExclusiveLock"],
        ],
      );
      const concurrent = await session.lockFacts("CREATE INDEX CONCURRENTLY ON purchase (note)");
      assert.equal(concurrent.kind, "not-measured");
      const rows = await session.run("SELECT count(*)::int FROM purchase");
      assert.deepEqual(rows.kind === "rows" && rows.rows, [[0]]);
    });
  });

  it("L03 says how well a plan is founded: guessed, counted, measured", async () => {
    const lab = start();
    const tier = async (known: Statistics | null) => {
      const answer = await lab.open(SHOP, known).explain("SELECT * FROM customer WHERE email = $1");
      return answer.kind === "plan" ? [answer.tier, answer.tables[0]?.rows] : answer;
    };
    assert.deepEqual(await tier(null), ["T1", 10_000]);
    assert.deepEqual(await tier(statistics(["customer", 7_000_000])), ["T2", 7_000_000]);
    const measured: Statistics = {
      ...statistics(["customer", 7]),
      tables: [
        {
          table: "customer",
          rows: 7,
          columns: ["id", "email", "created_at"].map((column) => ({
            column,
            nullFraction: 0,
            averageWidth: 8,
            distinct: -1,
            commonFractions: [],
            correlation: null,
          })),
        },
      ],
    };
    assert.deepEqual(await tier(measured), ["T3", 7]);
  });

  it("L03 plans a small table by reading it, a large one by its index", async () => {
    const lab = start();
    const sql = "SELECT * FROM customer WHERE email = $1";
    const small = await lab.open(SHOP, statistics(["customer", 20])).explain(sql);
    const large = await lab.open(SHOP, statistics(["customer", 1_000_000])).explain(sql);
    assert.deepEqual(steps(small), ["Seq Scan customer"]);
    assert.deepEqual(steps(large), ["Index Scan customer using customer_email_key"]);
  });

  it("takes tables of many gigabytes, and takes their size away again", async () => {
    const session = start().open(SHOP, statistics(["purchase", 400_000_000]));
    const sql = "SELECT * FROM purchase WHERE note = $1";
    const first = await session.explain(sql);
    assert.ok(costOf(first) > 5_000_000, String(costOf(first)));
    assert.deepEqual(await session.explain(sql), first);
    await session.withTrial(["CREATE INDEX tried ON purchase (note)"], async (trial) => {
      assert.equal(trial.failure, null);
      assert.match(steps(await trial.explain(sql)).join(), /tried/);
      const rows = await trial.run("SELECT count(*)::int FROM purchase");
      assert.deepEqual(rows.kind === "rows" && rows.rows, [[0]]);
    });
  });

  it("L01 lists every repair, and what could not be built and why", async () => {
    const session = start().open(
      schemaOf(
        "CREATE EXTENSION postgis",
        "CREATE TABLE geo.place (id uuid DEFAULT uuid_generate_v7() PRIMARY KEY, name citext, area geometry(Point, 4326), kind mood)",
        "CREATE INDEX CONCURRENTLY place_kind ON geo.place (kind)",
        "CREATE INDEX place_area ON geo.place USING hnsw (area)",
        "CREATE TABLE broken (id int,, name text)",
        "GRANT SELECT ON geo.place TO reader",
        "ALTER TABLE late ADD COLUMN x int",
        "CREATE TABLE late (id int)",
      ),
    );
    const { repairs, failures, tables } = await session.report();
    assert.deepEqual(
      tables.map(({ name }) => name),
      ["geo.place", "late"],
    );
    assert.deepEqual(
      failures.map(({ about, error }) => [about, error.sqlState]),
      [["statement 5", "42601"]],
    );
    const said = repairs.map(({ about, what }) => `${about}: ${what}`).join("\n");
    for (const expected of [
      /statement 1: extension postgis is not in the lab/,
      /statement 2: schema geo was created/,
      /statement 2: function uuid_generate_v7 is not known here/,
      /statement 2: extension citext was created/,
      /statement 2: type geometry is not known here; bytea stands for it/,
      /statement 2: the modifier of type geometry was left out/,
      /statement 2: type mood is not known here; text stands for it/,
      /statement 4: left out: the lab has no index method hnsw/,
      /statement 6: role reader was created/,
      /statement 7: built after the statements that follow it/,
    ]) {
      assert.match(said, expected);
    }
    assert.equal((await session.explain("SELECT * FROM geo.place WHERE kind = 'x'")).kind, "plan");
  });

  it("keeps a built database, opens it again, and builds anew from a damaged file", async () => {
    const imageFolder = join(folder, "images");
    const plan = async () => {
      const lab = start({ imageFolder });
      const answer = await lab.open(SHOP).explain("SELECT * FROM purchase WHERE id = $1");
      await lab.dispose();
      return answer;
    };
    const built = await plan();
    const [file] = await readdir(imageFolder);
    assert.match(file ?? "", /^[0-9a-f]{32}\.image\.gz$/);
    assert.deepEqual(await plan(), built);
    await writeFile(join(imageFolder, file ?? ""), "damaged");
    assert.deepEqual(await plan(), built);
  });

  it("L09 plans again after the child was killed or has rested", async () => {
    const lab = start({ idleMs: 300 });
    const session = lab.open(SHOP);
    const sql = "SELECT * FROM purchase WHERE id = $1";
    const first = await session.explain(sql);
    process.kill(lab.pid ?? 0, "SIGKILL");
    while (lab.pid !== null) await pause(10);
    assert.deepEqual(await session.explain(sql), first);
    const { pid } = lab;
    while (lab.pid === pid) await pause(50);
    assert.deepEqual(await session.explain(sql), first);
  });

  it("L09 fails a trial whose child is gone, and serves the next", async () => {
    const lab = start();
    const session = lab.open(SHOP);
    await assert.rejects(
      session.withTrial(["CREATE INDEX tried ON purchase (note)"], async (trial) => {
        process.kill(lab.pid ?? 0, "SIGKILL");
        while (lab.pid !== null) await pause(10);
        return await trial.explain("SELECT 1");
      }),
      (error) => isAksaraError(error) && error.code === "RUNTIME_ERROR",
    );
    assert.equal((await session.explain("SELECT 1 FROM purchase")).kind, "plan");
  });

  it("serves two schemas with one child at a time", async () => {
    const lab = start();
    const other = lab.open(schemaOf("CREATE TABLE other (id int PRIMARY KEY)"));
    const shop = lab.open(SHOP);
    assert.equal((await shop.explain("SELECT FROM purchase")).kind, "plan");
    const { pid } = lab;
    assert.equal((await other.explain("SELECT FROM other")).kind, "plan");
    assert.equal((await other.explain("SELECT FROM purchase")).kind, "rejected");
    assert.notEqual(lab.pid, pid);
    assert.equal((await shop.explain("SELECT FROM purchase")).kind, "plan");
  });

  it("cancels a schema that never ends, and says so", async () => {
    const lab = start();
    const session = lab.open(schemaOf("CREATE TABLE a ()", "SELECT count(*) FROM generate_series(1, 1e12)"));
    const controller = new AbortController();
    const report = session.report(controller.signal);
    await pause(1_500);
    controller.abort();
    await assert.rejects(report, isCancelled);
  });
});
