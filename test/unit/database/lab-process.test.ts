import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { LAB_EXTENSIONS } from "../../../src/database/lab/lab-extensions.ts";
import type { LabProcessOptions } from "../../../src/database/lab/lab-process.ts";
import { LabProcess } from "../../../src/database/lab/lab-process.ts";
import type { LabQueryAnswer } from "../../../src/database/lab/lab-protocol.ts";
import { isAksaraError, isCancelled } from "../../../src/errors.ts";

const labFolder = join(import.meta.dirname, "../../../src/database/lab");
const childFile = join(labFolder, "lab-child.ts");
const assetsDir = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
const ENDLESS =
  "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b, generate_series(1, 9) c";

function rowsOf(answer: LabQueryAnswer): unknown {
  assert.equal(answer.kind, "rows", JSON.stringify(answer));
  return answer.kind === "rows" ? answer.rows : null;
}

function isFailure(error: unknown): boolean {
  return isAksaraError(error) && error.code === "RUNTIME_ERROR" && error.hint !== null;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (alive(pid)) await pause(20);
}

describe("database lab", function () {
  this.timeout(60_000);
  const open: LabProcess[] = [];
  const start = (options: Partial<LabProcessOptions> = {}): LabProcess => {
    const lab = new LabProcess({ childFile, assetsDir, ...options });
    open.push(lab);
    return lab;
  };
  afterEach(() => Promise.all(open.splice(0).map((lab) => lab.dispose())));

  describe("with one database", () => {
    const lab = new LabProcess({ childFile, assetsDir, extensions: LAB_EXTENSIONS });
    after(() => lab.dispose());

    it("answers SELECT 1 from nothing and names its version", async () => {
      assert.deepEqual(await lab.query("SELECT 1 AS one"), {
        kind: "rows",
        columns: ["one"],
        rows: [[1]],
        truncated: false,
      });
      const version = await lab.version();
      assert.match(version.text, /^PostgreSQL 18\./);
      assert.ok(version.number >= 180_000 && version.number < 190_000);
    });

    it("keeps its database between requests", async () => {
      await lab.query(
        "CREATE TABLE kept (id int PRIMARY KEY, name text); INSERT INTO kept VALUES (1, 'a'), (2, 'b')",
      );
      assert.deepEqual(rowsOf(await lab.query("SELECT * FROM kept ORDER BY id")), [
        [1, "a"],
        [2, "b"],
      ]);
    });

    it("gives values exactly or as PostgreSQL writes them", async () => {
      const answer = await lab.query(
        `SELECT 9007199254740993::int8, 1.50::numeric, 0.1::float8, 'NaN'::float8, true, NULL, '\\x00ff'::bytea,
           '2024-02-29'::date, 'infinity'::timestamptz, '{"a": [1, null]}'::jsonb, ARRAY['2024-02-29'::date], 'é😀'`,
      );
      assert.deepEqual(rowsOf(answer), [
        [
          "9007199254740993",
          "1.50",
          0.1,
          "NaN",
          true,
          null,
          "\\x00ff",
          "2024-02-29",
          "infinity",
          { a: [1, null] },
          ["2024-02-29"],
          "é😀",
        ],
      ]);
    });

    it("keeps columns of the same name apart", async () => {
      const answer = await lab.query("SELECT 1 AS a, 2 AS a");
      assert.deepEqual(answer, { kind: "rows", columns: ["a", "a"], rows: [[1, 2]], truncated: false });
    });

    it("limits rows, and the size of an answer, and says so", async () => {
      const few = await lab.query("SELECT generate_series(1, 10)", { maxRows: 3 });
      assert.deepEqual(few, {
        kind: "rows",
        columns: ["generate_series"],
        rows: [[1], [2], [3]],
        truncated: true,
      });
      const all = await lab.query("SELECT generate_series(1, 3)", { maxRows: 3 });
      assert.equal(all.kind === "rows" && all.truncated, false);
      const large = await lab.query("SELECT repeat('x', 1000000) FROM generate_series(1, 10)");
      assert.ok(large.kind === "rows" && large.truncated && large.rows.length === 3);
    });

    it("answers an error of SQL with its state and its place in UTF-16, and stays", async () => {
      const before = lab.pid;
      const sql = "SELECT 'é😀', nope FROM missing";
      assert.deepEqual(await lab.query(sql), {
        kind: "rejected",
        error: {
          sqlState: "42P01",
          message: 'relation "missing" does not exist',
          position: sql.indexOf("missing"),
          detail: null,
          hint: null,
        },
      });
      assert.equal(lab.pid, before);
    });

    it("finds every extension that ships", async () => {
      for (const name of LAB_EXTENSIONS) {
        const answer = await lab.query(`CREATE EXTENSION "${name}"`);
        assert.equal(answer.kind, "rows", `${name}: ${JSON.stringify(answer)}`);
      }
      assert.deepEqual(rowsOf(await lab.query("SELECT similarity('aksara', 'aksara'), 'A'::citext = 'a'")), [
        [1, true],
      ]);
    });

    it("compares text as most servers do, not bytewise", async () => {
      const answer = await lab.query("SELECT datcollate FROM pg_database WHERE datname = current_database()");
      assert.deepEqual(rowsOf(answer), [["en_US.UTF-8"]]);
    });

    it("answers requests in the order they were made", async () => {
      const order: number[] = [];
      const ask = async (n: number): Promise<void> => {
        await lab.query(`SELECT ${n}`);
        order.push(n);
      };
      await Promise.all([1, 2, 3, 4].map(ask));
      assert.deepEqual(order, [1, 2, 3, 4]);
    });
  });

  it("does nothing until it is asked, and answers a ping without a database", async () => {
    const lab = start({ assetsDir: "/nowhere" });
    assert.equal(lab.pid, null);
    const ping = await lab.ping();
    assert.equal(ping.pid, lab.pid);
    assert.notEqual(ping.pid, process.pid);
  });

  it("L09 reports a killed child, serves the waiting requests and starts again", async () => {
    const lab = start();
    await lab.query("CREATE TABLE gone ()");
    const killed = lab.query(ENDLESS);
    const waiting = lab.query("SELECT to_regclass('gone') IS NULL");
    const pid = lab.pid;
    assert.ok(pid !== null);
    process.kill(pid, "SIGKILL");
    await assert.rejects(killed, (error) => isFailure(error) && String(error).includes("SIGKILL"));
    assert.deepEqual(rowsOf(await waiting), [[true]]);
    assert.notEqual(lab.pid, pid);
  });

  it("L09 names missing assets, and works when they are there again", async () => {
    const lab = start({ assetsDir: join(import.meta.dirname, "nowhere") });
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(
        lab.query("SELECT 1"),
        (error) => isFailure(error) && String(error).includes("ENOENT"),
      );
    }
  });

  it("L09 names a child that cannot start", async () => {
    const lab = start({ childFile: join(labFolder, "no-such-child.ts") });
    await assert.rejects(
      lab.ping(),
      (error) => isFailure(error) && String(Object(error).cause).includes("no-such-child"),
    );
  });

  it("cancels a statement without end at once, and serves the next with a new child", async () => {
    const lab = start();
    await lab.query("SELECT 1");
    const pid = lab.pid;
    const controller = new AbortController();
    const endless = lab.query(ENDLESS, { signal: controller.signal });
    const next = lab.query("SELECT 2");
    await pause(100);
    controller.abort();
    await assert.rejects(endless, isCancelled);
    assert.deepEqual(rowsOf(await next), [[2]]);
    assert.notEqual(lab.pid, pid);
  });

  it("keeps the child when a cancelled statement ends by itself, and drops what was waiting", async () => {
    const lab = start();
    await lab.query("CREATE TABLE t (n int)");
    const pid = lab.pid;
    const controller = new AbortController();
    const running = lab.query("INSERT INTO t VALUES (1)", { signal: controller.signal });
    const waiting = lab.query("INSERT INTO t VALUES (2)", { signal: controller.signal });
    controller.abort();
    await assert.rejects(running, isCancelled);
    await assert.rejects(waiting, isCancelled);
    assert.deepEqual(rowsOf(await lab.query("SELECT n FROM t")), [[1]]);
    assert.equal(lab.pid, pid);
  });

  it("lets the database finish its start when the first request is cancelled", async () => {
    const lab = start();
    const controller = new AbortController();
    const first = lab.query("SELECT 1", { signal: controller.signal });
    const pid = lab.pid;
    controller.abort();
    await assert.rejects(first, isCancelled);
    await pause(400);
    assert.deepEqual(rowsOf(await lab.query("SELECT 2")), [[2]]);
    assert.equal(lab.pid, pid);
  });

  it("refuses a signal that has fired already, without starting a child", async () => {
    const lab = start();
    await assert.rejects(lab.query("SELECT 1", { signal: AbortSignal.abort() }), isCancelled);
    assert.equal(lab.pid, null);
  });

  it("ends the child after rest, and starts another when asked again", async () => {
    const lab = start({ idleMs: 50 });
    const { pid } = await lab.ping();
    await untilGone(pid);
    const again = await lab.ping();
    assert.notEqual(again.pid, pid);
  });

  it("answers every request though the child ends by rest between them", async () => {
    const lab = start({ idleMs: 1 });
    const pids = new Set<number>();
    for (let round = 0; round < 12; round++) {
      pids.add((await lab.ping()).pid);
      await pause(round % 4);
    }
    assert.ok(pids.size > 1);
  });

  it("ends the child and the open requests when it is disposed", async () => {
    const lab = start();
    await lab.query("SELECT 1");
    const pid = lab.pid;
    assert.ok(pid !== null);
    const endless = lab.query(ENDLESS);
    const waiting = lab.query("SELECT 1");
    const ended = [assert.rejects(endless, isCancelled), assert.rejects(waiting, isCancelled)];
    await lab.dispose();
    await Promise.all(ended);
    assert.equal(alive(pid), false);
    await assert.rejects(lab.ping(), isCancelled);
  });

  it("does not give the parent's environment to the child", async () => {
    const lab = start();
    process.env.LAB_TEST_TOKEN = "secret";
    try {
      const { pid } = await lab.ping();
      if (process.platform !== "linux") return;
      const { stdout } = await promisify(execFile)("cat", [`/proc/${pid}/environ`]);
      assert.ok(stdout.includes("ELECTRON_RUN_AS_NODE=1"));
      assert.ok(!stdout.includes("LAB_TEST_TOKEN"));
    } finally {
      delete process.env.LAB_TEST_TOKEN;
    }
  });

  describe("and its parent", () => {
    const parentScript = (body: string): string => `
      import { LabProcess } from ${JSON.stringify(join(labFolder, "lab-process.ts"))};
      const lab = new LabProcess(${JSON.stringify({ childFile, assetsDir })});
      await lab.query("SELECT 1");
      console.log(lab.pid);
      ${body}`;
    const parentOf = (body: string) =>
      spawn(process.execPath, ["--input-type=module", "--eval", parentScript(body)], {
        stdio: ["ignore", "pipe", "inherit"],
      });

    it("dies with a killed parent even in the middle of a statement without end", async () => {
      const parent = parentOf(`lab.query(${JSON.stringify(ENDLESS)}).catch(() => {});`);
      const [line] = await once(createInterface(parent.stdout), "line");
      await pause(300);
      assert.ok(alive(Number(line)));
      parent.kill("SIGKILL");
      await untilGone(Number(line));
    });

    it("keeps a parent that has nothing else to do until it is disposed", async () => {
      const parent = parentOf("await lab.dispose();");
      const [code] = await once(parent, "exit");
      assert.equal(code, 0);
    });

    it("lets a parent end that forgot to dispose it", async () => {
      const parent = parentOf("");
      const [line] = await once(createInterface(parent.stdout), "line");
      await once(parent, "exit");
      await untilGone(Number(line));
    });
  });
});
