import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { isAksaraError } from "../../../src/errors.ts";
import { openSharedStore } from "../../../src/storage/open-shared-store.ts";
import { PostgresStore } from "../../../src/storage/postgres-store.ts";
import { RedisStore } from "../../../src/storage/redis-store.ts";
import type { Store } from "../../../src/storage/store.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres-server.ts";
import { startRedis, type TestRedis } from "../../support/redis-server.ts";
import { storeSuite } from "./store-suite.ts";
import { acquireElsewhere, workTogether } from "./work-together.ts";

/** What the tests of both servers need of one. */
interface SharedServer {
  readonly url: string;
  /** The address with a password that is wrong. */
  readonly wrongUrl: string;
  open(namespace: string, ahead: () => number): Promise<Store>;
  dropConnections(): Promise<void>;
}

const WRONG = "pass word/wrong";

/** Everything that a store which several processes share has to do, on a real server. */
function sharedStore(title: string, server: () => SharedServer): void {
  const opened: Store[] = [];
  const open = async (namespace: string, ahead = () => 0): Promise<Store> => {
    const store = await server().open(namespace, ahead);
    opened.push(store);
    return store;
  };
  afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

  storeSuite(title, true, async () => {
    let ahead = 0;
    const namespace = randomUUID();
    return {
      store: await open(namespace, () => ahead),
      again: () => open(namespace, () => ahead),
      pass: (milliseconds) => {
        ahead += milliseconds;
      },
    };
  });

  // prove: src/storage/shared-holder.ts :: return `${PROCESS} ${holder}`; => return `all ${holder}`;
  it("takes two processes that call themselves the same for two", async () => {
    const namespace = randomUUID();
    const store = await open(namespace);
    assert.ok(await store.leases.acquire("thread", "me", 60_000));
    assert.equal(
      await acquireElsewhere({ url: server().url, namespace, name: "thread", holder: "me" }),
      false,
    );
    assert.equal(await acquireElsewhere({ url: server().url, namespace, name: "other", holder: "me" }), true);
  });

  it("keeps namespaces apart", async () => {
    const [one, other] = [await open("one"), await open("other")];
    await one.values.set("s", "k", 1);
    await one.logs.append("run", 0, [1], true);
    const hash = await one.blobs.put(Buffer.from("of one"), true);
    assert.ok(await one.leases.acquire("thread", "me", 10_000));
    assert.equal(await other.values.get("s", "k"), null);
    assert.deepEqual(await other.logs.list(), []);
    assert.equal(await other.blobs.get(hash), null);
    assert.ok(await other.leases.acquire("thread", "you", 10_000));
  });

  // prove: src/storage/redis-scripts.ts :: and redis.call("GET", KEYS[2]) == ARGV[3] then => and false then
  it("appends once what a broken connection lost the answer of", async () => {
    const store = await open(randomUUID());
    let length = 0;
    for (let round = 0; round < 30; round++) {
      const writing = store.logs.append("run", length, [{ round }, { round }], true);
      if (round % 3 === 0) await server().dropConnections();
      length = await writing;
    }
    const rounds = (await store.logs.read("run")).map((entry) => (entry as { round: number }).round);
    assert.deepEqual(
      rounds,
      Array.from({ length: 60 }, (_, at) => Math.floor(at / 2)),
    );
  });

  it("keeps large logs and large contents", async () => {
    const store = await open(randomUUID());
    const entries = Array.from({ length: 20_000 }, (_, n) => ({ n }));
    assert.equal(await store.logs.append("run", 0, entries, false), 20_000);
    assert.deepEqual((await store.logs.read("run", 19_999)) as unknown, [{ n: 19_999 }]);
    const content = Buffer.alloc(5_000_000, "é\0ÿ");
    const hash = await store.blobs.put(content, true);
    assert.deepEqual(Buffer.from((await store.blobs.get(hash)) ?? []), content);
  });

  // prove: src/storage/postgres-connection.ts :: const said = withoutCredentials( => const said = ((text: string, url: string) => `${text} ${url}`)(
  it("E09 says where it could not go, and not with which password", async () => {
    for (const url of [server().wrongUrl, server().wrongUrl.replace(/:\d+\//, ":1/")])
      await assert.rejects(openSharedStore({ url, namespace: "n" }), (error) => {
        assert.ok(isAksaraError(error) && error.code === "STORE_UNAVAILABLE", String(error));
        assert.match(error.message, /127\.0\.0\.1/);
        const everything = `${error.stack} ${error.hint} ${String(error.cause)} ${JSON.stringify(error)}`;
        for (const secret of [WRONG, encodeURIComponent(WRONG)]) assert.ok(!everything.includes(secret));
        return true;
      });
  });

  it("H19 four processes share 100 threads: none is run twice, none is lost, though one is killed", async () => {
    const namespace = randomUUID();
    const store = await open(namespace);
    const { killed, finished } = await workTogether({
      url: server().url,
      namespace,
      threads: 100,
      processes: 4,
    });
    assert.equal(killed, 1);
    assert.equal(finished, 3);
    for (let thread = 0; thread < 100; thread++) {
      const entries = (await store.logs.read(`thread-${thread}`)) as {
        type: string;
        by: string;
        token: number;
      }[];
      const ends = entries.filter(({ type }) => type === "done");
      assert.equal(ends.length, 1, `thread ${thread} was finished ${ends.length} times`);
      assert.equal(entries.at(-1)?.type, "done");
      // who takes a thread over shows a greater token than who had it before, and the last to begin is who ends it
      const begins = entries.filter(({ type }) => type === "begin");
      const tokens = begins.map(({ token }) => token);
      assert.deepEqual(
        tokens,
        [...new Set(tokens)].sort((a, b) => a - b),
        `thread ${thread}`,
      );
      assert.equal(begins.at(-1)?.by, ends[0]?.by);
    }
  });
}

describe("a store in PostgreSQL", function () {
  this.timeout(120_000);
  let server: TestPostgres | null = null;
  before(async function () {
    server = await startPostgres();
    if (server === null) {
      console.log("      PostgreSQL is not installed here: its store is not tested.");
      this.skip();
    }
  });
  after(() => server?.stop());
  const url = () => server?.url() ?? "";

  sharedStore("the store in PostgreSQL", () => ({
    url: url(),
    wrongUrl: url().replace(/\/\/owner:[^@]*@/, `//owner:${encodeURIComponent(WRONG)}@`),
    open: (namespace, ahead) => PostgresStore.open({ url: url(), namespace, ahead }),
    dropConnections: async () => {
      await server?.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aksara'",
      );
    },
  }));

  it("serves a user who may use its tables and make none", async () => {
    await (await PostgresStore.open({ url: url(), namespace: "n" })).close();
    await server?.run(`
      CREATE ROLE worker LOGIN PASSWORD 'worker';
      GRANT USAGE ON SCHEMA aksara TO worker;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aksara TO worker;
    `);
    const store = await PostgresStore.open({ url: server?.url("worker") ?? "", namespace: "n" });
    assert.equal(await store.logs.append("run", 0, [1], true), 1);
    await store.close();
  });

  it("opens in many processes at once", async () => {
    await server?.run("DROP SCHEMA IF EXISTS aksara CASCADE");
    const stores = await Promise.all(
      Array.from({ length: 8 }, () => PostgresStore.open({ url: url(), namespace: "n" })),
    );
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe("a store in Redis", function () {
  this.timeout(120_000);
  let server: TestRedis | null = null;
  before(async function () {
    server = await startRedis();
    if (server === null) {
      console.log("      Redis is not installed here: its store is not tested.");
      this.skip();
    }
  });
  after(() => server?.stop());
  const url = () => server?.url ?? "";

  sharedStore("the store in Redis", () => ({
    url: url(),
    wrongUrl: url().replace(/\/\/:[^@]*@/, `//:${encodeURIComponent(WRONG)}@`),
    open: (namespace, ahead) => RedisStore.open({ url: url(), namespace, ahead }),
    dropConnections: () => server?.dropConnections() ?? Promise.resolve(),
  }));
});

describe("addresses of stores", () => {
  for (const url of ["mysql://u:hidden-word@h/d", "hidden-word", "file:///etc/passwd?hidden-word"])
    it(`E09 refuses ${url.split(":")[0]} without repeating it`, async () => {
      await assert.rejects(
        openSharedStore({ url, namespace: "n" }),
        (error) =>
          isAksaraError(error) && error.code === "SPEC_INVALID" && !`${error.stack}`.includes("hidden-word"),
      );
    });
});
