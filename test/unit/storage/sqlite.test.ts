import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { isMainThread, threadId } from "node:worker_threads";
import type { ErrorCode } from "../../../src/errors.ts";
import { isAksaraError } from "../../../src/errors.ts";
import { isConstraintViolation, SqliteDatabase } from "../../../src/storage/sqlite.ts";

const storageFolder = join(import.meta.dirname, "../../../src/storage");
const workerFile = join(storageFolder, "sqlite-worker.ts");
const failsWith = (code: ErrorCode) => (error: unknown) => isAksaraError(error) && error.code === code;

describe("SQLite off the host's thread", () => {
  let folder: string;
  let file: string;
  const opened: SqliteDatabase[] = [];
  const open = async (path = file): Promise<SqliteDatabase> => {
    const database = await SqliteDatabase.open(path, workerFile);
    opened.push(database);
    return database;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "aksara-sqlite-"));
    file = join(folder, "store.db");
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await rm(folder, { recursive: true });
  });

  it("serves from another thread", async () => {
    const database = await open();
    assert.ok(isMainThread);
    assert.notEqual(database.threadId, threadId);
    assert.ok(database.threadId > 0);
  });

  it("leaves the host's thread free while a statement works", async () => {
    const database = await open(":memory:");
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    await database.all(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT count(*) FROM n",
    );
    clearInterval(ticking);
    assert.ok(turns > 3, `${turns} turns`);
  });

  it("keeps what it was given, of every type", async () => {
    const first = await open();
    await first.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c, d)");
    const values = ["é😀", 1.5, null, new Uint8Array([0, 255])];
    const change = await first.run("INSERT INTO t (a, b, c, d) VALUES (?, ?, ?, ?)", values);
    assert.deepEqual(change, { changes: 1, lastInsertRowid: 1 });
    await first.close();
    const second = await open();
    assert.deepEqual(await second.all("SELECT * FROM t WHERE a = ?", ["é😀"]), [
      { id: 1, a: "é😀", b: 1.5, c: null, d: new Uint8Array([0, 255]) },
    ]);
  });

  it("uses write-ahead logging, waits for locks and enforces foreign keys", async () => {
    const database = await open();
    assert.deepEqual(await database.all("PRAGMA journal_mode"), [{ journal_mode: "wal" }]);
    assert.deepEqual(await database.all("PRAGMA busy_timeout"), [{ timeout: 5000 }]);
    assert.deepEqual(await database.all("PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
  });

  it("serves requests in the order they are made", async () => {
    const database = await open();
    const created = database.run("CREATE TABLE t (n)");
    const inserted = [1, 2, 3].map((n) => database.run("INSERT INTO t VALUES (?)", [n]));
    assert.deepEqual(await database.all("SELECT n FROM t ORDER BY rowid"), [{ n: 1 }, { n: 2 }, { n: 3 }]);
    await Promise.all([created, ...inserted]);
  });

  it("runs a transaction whole or not at all", async () => {
    const database = await open();
    await database.run("CREATE TABLE t (n UNIQUE)");
    const insert = (n: number) => ({ sql: "INSERT INTO t VALUES (?)", params: [n] });
    await assert.rejects(database.transaction([insert(1), insert(2), insert(1)]), isConstraintViolation);
    assert.deepEqual(await database.all("SELECT * FROM t"), []);
    const changes = await database.transaction([insert(1), insert(2)]);
    assert.deepEqual(
      changes.map(({ changes: count }) => count),
      [1, 1],
    );
    assert.deepEqual(await database.all("SELECT count(*) AS count FROM t"), [{ count: 2 }]);
  });

  it("waits while another process writes, then writes", async () => {
    const database = await open();
    await database.run("CREATE TABLE t (n)");
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)");
    const order: string[] = [];
    const written = database.run("INSERT INTO t VALUES (2)").then(() => order.push("written"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    order.push("released");
    other.exec("COMMIT");
    other.close();
    await written;
    assert.deepEqual(order, ["released", "written"]);
  });

  it("tells a wrong statement, forbidden data and an unusable file apart", async () => {
    const database = await open();
    await database.run("CREATE TABLE t (n UNIQUE NOT NULL)");
    await database.run("INSERT INTO t VALUES (1)");
    await assert.rejects(database.run("INSRT"), failsWith("RUNTIME_ERROR"));
    await assert.rejects(database.run("INSRT"), (error) => !isConstraintViolation(error));
    await assert.rejects(database.run("INSERT INTO t VALUES (1)"), isConstraintViolation);
    const text = join(folder, "notes.txt");
    await writeFile(text, "this is not a database, and long enough to be read as one".repeat(20));
    await assert.rejects(open(text), failsWith("STORE_UNAVAILABLE"));
    await assert.rejects(open(join(folder, "no", "such", "folder.db")), failsWith("STORE_UNAVAILABLE"));
    assert.deepEqual(await database.all("SELECT n FROM t"), [{ n: 1 }]);
  });

  it("refuses an integer that a number cannot hold rather than rounding it", async () => {
    const database = await open();
    await database.run("CREATE TABLE t (n INTEGER)");
    await database.run("INSERT INTO t VALUES (?)", [9007199254740993n]);
    await assert.rejects(database.all("SELECT n FROM t"), failsWith("RUNTIME_ERROR"));
    assert.deepEqual(await database.all("SELECT CAST(n AS TEXT) AS n FROM t"), [{ n: "9007199254740993" }]);
  });

  it("finishes what was asked before it closes, and refuses what comes after", async () => {
    const database = await open();
    const created = database.run("CREATE TABLE t (n)");
    const closed = database.close();
    await assert.rejects(database.all("SELECT 1"), failsWith("STORE_UNAVAILABLE"));
    await created;
    await closed;
    await database.close();
    const again = await open();
    assert.deepEqual(await again.all("SELECT name FROM sqlite_schema"), [{ name: "t" }]);
  });

  it("reports a worker that cannot start", async () => {
    await assert.rejects(
      SqliteDatabase.open(file, join(folder, "no-such-worker.ts")),
      failsWith("STORE_UNAVAILABLE"),
    );
  });

  describe("in a process that has nothing else to do", () => {
    const run = (body: string) => {
      const script = `
        import { SqliteDatabase } from ${JSON.stringify(join(storageFolder, "sqlite.ts"))};
        const database = await SqliteDatabase.open(":memory:", ${JSON.stringify(workerFile)});
        console.log((await database.all("SELECT 1 AS one"))[0].one);
        ${body}`;
      return promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    };

    it("lets it end without a close, and without a warning on stderr", async () => {
      assert.deepEqual(await run(""), { stdout: "1\n", stderr: "" });
    });

    it("keeps it until it is closed", async () => {
      assert.deepEqual(await run('await database.close(); console.log("closed");'), {
        stdout: "1\nclosed\n",
        stderr: "",
      });
    });
  });
});
