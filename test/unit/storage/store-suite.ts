import assert from "node:assert/strict";
import { type ErrorCode, isAksaraError } from "../../../src/errors.ts";
import type { Store } from "../../../src/storage/store.ts";

export interface StoreUnderTest {
  readonly store: Store;
  /** Another opening of the same store. */
  again(): Promise<Store>;
  /** Milliseconds that the store's clock goes forward. */
  pass(milliseconds: number): void;
}

const failsWith = (code: ErrorCode) => (error: unknown) => isAksaraError(error) && error.code === code;

/**
 * What every store does. Each kind of store is run through it, those that come later too. `shared`: others can open the
 * same store beside.
 */
export function storeSuite(title: string, shared: boolean, open: () => Promise<StoreUnderTest>): void {
  describe(`H23 ${title}`, () => {
    let test: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      test = await open();
      store = test.store;
    });

    describe("values", () => {
      it("gives back what was set, in versions", async () => {
        assert.equal(await store.values.get("s", "k"), null);
        assert.equal(await store.values.set("s", "k", { a: [1, null, "é😀"] }), 1);
        assert.deepEqual(await store.values.get("s", "k"), {
          key: "k",
          value: { a: [1, null, "é😀"] },
          version: 1,
        });
        assert.equal(await store.values.set("s", "k", 2), 2);
        assert.deepEqual((await store.values.get("s", "k"))?.value, 2);
      });

      it("keeps spaces apart", async () => {
        await store.values.set("one", "k", 1);
        await store.values.set("other", "k", 2);
        assert.equal((await store.values.get("one", "k"))?.value, 1);
        assert.equal(await store.values.delete("one", "k"), true);
        assert.equal((await store.values.get("other", "k"))?.value, 2);
      });

      it("sets only what has the version that was asked for", async () => {
        assert.equal(await store.values.set("s", "k", "first", 0), 1);
        assert.equal(await store.values.set("s", "k", "second", 0), null);
        assert.equal(await store.values.set("s", "k", "second", 7), null);
        assert.equal((await store.values.get("s", "k"))?.value, "first");
        assert.equal(await store.values.set("s", "k", "second", 1), 2);
        assert.equal(await store.values.set("s", "none", "x", 1), null);
        assert.equal(await store.values.get("s", "none"), null);
      });

      it("lets one of many who set at once have it", async () => {
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, at) => store.values.set("s", "k", at, 0)),
        );
        assert.equal(results.filter((version) => version === 1).length, 1);
        assert.equal(results.filter((version) => version === null).length, 19);
      });

      it("lists in bytewise order, by prefix, after a key, as many as wanted", async () => {
        for (const key of ["b/2", "a/1", "b/10", "é", "b/1", "%", "b_", "😀", "\uffee"])
          await store.values.set("s", key, key);
        const keys = async (options: object) => (await store.values.list("s", options)).map(({ key }) => key);
        assert.deepEqual(await keys({}), ["%", "a/1", "b/1", "b/10", "b/2", "b_", "é", "\uffee", "😀"]);
        assert.deepEqual(await keys({ prefix: "b/" }), ["b/1", "b/10", "b/2"]);
        assert.deepEqual(await keys({ prefix: "b/", after: "b/1", limit: 1 }), ["b/10"]);
        assert.deepEqual(await keys({ prefix: "%" }), ["%"]);
        assert.deepEqual(await store.values.list("empty"), []);
      });

      it("is not changed by what becomes of the values outside", async () => {
        const value = { list: [1] };
        await store.values.set("s", "k", value);
        value.list.push(2);
        const given = (await store.values.get("s", "k"))?.value as { list: number[] };
        given.list.push(3);
        assert.deepEqual((await store.values.get("s", "k"))?.value, { list: [1] });
      });

      it("says whether there was something to delete", async () => {
        await store.values.set("s", "k", 1);
        assert.equal(await store.values.delete("s", "k"), true);
        assert.equal(await store.values.delete("s", "k"), false);
        assert.equal(await store.values.set("s", "k", 1, 0), 1);
      });
    });

    describe("logs", () => {
      it("keeps entries in the order in which they were appended", async () => {
        assert.deepEqual(await store.logs.read("run"), []);
        assert.equal(await store.logs.append("run", 0, [{ n: 1 }, { n: "zwei\n" }], false), 2);
        assert.equal(await store.logs.append("run", 2, [{ n: 3 }], true), 3);
        assert.deepEqual(await store.logs.read("run"), [{ n: 1 }, { n: "zwei\n" }, { n: 3 }]);
        assert.deepEqual(await store.logs.read("run", 2), [{ n: 3 }]);
        assert.deepEqual(await store.logs.list(), ["run"]);
      });

      it("refuses a writer who does not know how long the log is", async () => {
        await store.logs.append("run", 0, [1], false);
        await assert.rejects(store.logs.append("run", 0, [2], false), failsWith("THREAD_BUSY"));
        await assert.rejects(store.logs.append("run", 2, [2], false), failsWith("THREAD_BUSY"));
        assert.deepEqual(await store.logs.read("run"), [1]);
        assert.equal(await store.logs.append("run", 1, [2], false), 2);
      });

      it("forgets a log that was deleted", async () => {
        await store.logs.append("a", 0, [1], false);
        await store.logs.append("b", 0, [1], false);
        await store.logs.delete("a");
        assert.deepEqual(await store.logs.list(), ["b"]);
        assert.equal(await store.logs.append("a", 0, [2], false), 1);
        assert.deepEqual(await store.logs.read("a"), [2]);
      });
    });

    describe("leases", () => {
      it("has one holder at a time", async () => {
        const mine = await store.leases.acquire("thread", "me", 1_000);
        assert.ok(mine);
        assert.equal(await store.leases.acquire("thread", "you", 1_000), null);
        assert.equal((await store.leases.holderOf("thread"))?.holder, "me");
        await store.leases.release(mine);
        assert.equal(await store.leases.holderOf("thread"), null);
        assert.ok(await store.leases.acquire("thread", "you", 1_000));
      });

      it("gives a growing token to whoever takes it over, and nothing to who lost it", async () => {
        const mine = await store.leases.acquire("thread", "me", 1_000);
        assert.ok(mine);
        test.pass(1_001);
        const yours = await store.leases.acquire("thread", "you", 1_000);
        assert.ok(yours && yours.token > mine.token);
        assert.equal(await store.leases.renew(mine, 1_000), null);
        await store.leases.release(mine);
        assert.equal((await store.leases.holderOf("thread"))?.holder, "you");
      });

      it("holds as long as it is renewed", async () => {
        let mine = await store.leases.acquire("thread", "me", 1_000);
        for (let round = 0; round < 3; round++) {
          test.pass(800);
          assert.ok(mine);
          const renewed = await store.leases.renew(mine, 1_000);
          assert.equal(renewed?.token, mine.token);
          mine = renewed;
        }
        assert.equal(await store.leases.acquire("thread", "you", 1_000), null);
      });

      it("lets one of many who want it at once have it", async () => {
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, at) => store.leases.acquire("thread", `holder ${at}`, 1_000)),
        );
        assert.equal(results.filter((lease) => lease !== null).length, 1);
      });
    });

    describe("contents", () => {
      it("are found by their hash, and put twice without harm", async () => {
        const hash = await store.blobs.put(Buffer.from("hello"), true);
        assert.equal(hash, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assert.equal(await store.blobs.put(Buffer.from("hello"), false), hash);
        assert.equal(Buffer.from((await store.blobs.get(hash)) ?? []).toString(), "hello");
        const empty = await store.blobs.put(Buffer.alloc(0), false);
        assert.equal((await store.blobs.get(empty))?.length, 0);
        assert.equal(await store.blobs.get("0".repeat(64)), null);
        assert.equal(await store.blobs.get("../../etc/passwd"), null);
      });
    });

    it("fails when it is closed, and can be closed twice", async () => {
      await store.values.set("s", "k", 1);
      await store.close();
      await store.close();
      for (const use of [
        () => store.values.get("s", "k"),
        () => store.logs.append("run", 0, [1], false),
        () => store.logs.read("run"),
        () => store.leases.acquire("thread", "me", 1_000),
        () => store.blobs.put(Buffer.from("x"), false),
      ])
        await assert.rejects(use(), failsWith("STORE_UNAVAILABLE"));
    });

    if (!shared) return;
    it("is the same for whoever opens it beside", async () => {
      const other = await test.again();
      try {
        await store.values.set("s", "k", "shared");
        await store.logs.append("run", 0, [1], false);
        const hash = await store.blobs.put(Buffer.from("shared"), false);
        const lease = await store.leases.acquire("thread", "me", 1_000);
        assert.equal((await other.values.get("s", "k"))?.value, "shared");
        assert.deepEqual(await other.logs.read("run"), [1]);
        assert.equal(Buffer.from((await other.blobs.get(hash)) ?? []).toString(), "shared");
        assert.equal(await other.leases.acquire("thread", "you", 1_000), null);
        // what one writes beside the other is noticed, not overwritten
        assert.equal(await other.logs.append("run", 1, [2], true), 2);
        await assert.rejects(store.logs.append("run", 1, ["lost"], true), failsWith("THREAD_BUSY"));
        assert.equal(await store.logs.append("run", 2, [3], true), 3);
        assert.deepEqual(await other.logs.read("run"), [1, 2, 3]);
        if (lease) await store.leases.release(lease);
        assert.ok(await other.leases.acquire("thread", "you", 1_000));
      } finally {
        await other.close();
      }
    });
  });
}
