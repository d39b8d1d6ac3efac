import assert from "node:assert/strict";
import { type ObjectRisk, riskOf } from "../../../src/flows/facts/object-risk.ts";
import type { Migration, MigrationOperation } from "../../../src/workspace/ir/migration.ts";
import { type OpenedWorkspace, openSample } from "./open-workspace.ts";

describe("the risk of an object", () => {
  let django: OpenedWorkspace;
  let sql: OpenedWorkspace;

  before(async () => {
    django = await openSample("shop-django");
    sql = await openSample("shop-sql");
  });
  after(async () => {
    await django.close();
    await sql.close();
  });

  async function risk(opened: OpenedWorkspace, id: string): Promise<ObjectRisk> {
    const { catalog, findings } = await opened.studio.view();
    const object = catalog.byId(id);
    assert.ok(object, id);
    return riskOf(object, findings);
  }

  it("is low where a guard refuses, and where a route only reads", async () => {
    const low = { level: "low", reasons: [] };
    assert.deepEqual(await risk(django, "route:DELETE:/api/carts/<pk>/"), low);
    assert.deepEqual(await risk(django, "route:GET:/api/catalog/products/"), low);
  });

  it("is medium where anyone may change data by choice, and low where that is the route's nature", async () => {
    assert.deepEqual(await risk(django, "route:POST:/api/quotes/"), {
      level: "medium",
      reasons: ["open-to-change"],
    });
    assert.equal((await risk(django, "route:POST:/api/accounts/login/")).level, "low");
  });

  it("is high where a route changes data and has no guard at all", async () => {
    const { catalog, findings } = await django.studio.view();
    const object = catalog.byId("route:POST:/api/quotes/");
    const found = findings.filter(({ object_id }) => object_id === object?.id);
    assert.ok(object && found.length > 0);
    const asError = found.map((finding) => ({ ...finding, severity: "error" as const }));
    assert.deepEqual(riskOf(object, asError), { level: "high", reasons: ["open-to-change"] });
  });

  it("is medium where a guard of a route that changes data was not understood", async () => {
    const { catalog } = await django.studio.view();
    const object = catalog.byId("route:DELETE:/api/carts/<pk>/");
    assert.ok(object?.kind === "route");
    const guards = object.guards.map((guard) => ({ ...guard, effect: "unknown" as const }));
    assert.deepEqual(riskOf({ ...object, guards }, []), { level: "medium", reasons: ["guard-unclear"] });
    assert.equal(riskOf({ ...object, guards, method: "GET" }, []).level, "low");
  });

  it("names what a rule found about a model", async () => {
    assert.deepEqual(await risk(django, "model:catalog.PriceChange"), {
      level: "medium",
      reasons: ["findings"],
    });
    assert.equal((await risk(django, "model:catalog.Product")).level, "low");
  });

  it("of a migration: it blocks writes, cannot be undone, drops data", async () => {
    assert.deepEqual(await risk(django, "migration:catalog.0003_product_attributes"), {
      level: "high",
      reasons: ["drops-data", "irreversible", "blocks-writes"],
    });
    assert.deepEqual(await risk(django, "migration:accounts.0003_default_address"), {
      level: "medium",
      reasons: ["blocks-writes"],
    });
    assert.deepEqual(await risk(django, "migration:catalog.0004_product_soft_delete"), {
      level: "low",
      reasons: [],
    });
    assert.deepEqual(await risk(sql, "migration:sql:migrations#20251104101500_api_keys_and_cleanup"), {
      level: "high",
      reasons: ["drops-data", "irreversible"],
    });
  });

  it("drops data only where rows are gone for good", async () => {
    const { catalog } = await django.studio.view();
    const migration = catalog.byId("migration:catalog.0004_product_soft_delete");
    assert.ok(migration?.kind === "migration");
    const drops = (...statements: readonly string[]) =>
      riskOf(withSql(migration, statements), []).reasons.includes("drops-data");
    assert.ok(drops('ALTER TABLE "a" DROP COLUMN "b" CASCADE'));
    assert.ok(drops("DROP TABLE IF EXISTS public.a;"));
    assert.ok(drops("-- rows that nobody needs\nDELETE FROM a WHERE b < now()"));
    assert.ok(!drops('ALTER TABLE "a" DROP CONSTRAINT "b"', "DROP INDEX a_b"));
    assert.ok(!drops('ALTER TABLE "a" ALTER COLUMN "b" DROP NOT NULL'));
    // SQLite changes a table by writing it anew under another name.
    const renewed = [
      'CREATE TABLE "new_a" ("id" integer)',
      'INSERT INTO "new_a" SELECT * FROM "a"',
      'DROP TABLE "a"',
      'ALTER TABLE "new_a" RENAME TO "a"',
    ];
    assert.ok(!drops(...renewed));
    assert.ok(drops(...renewed.slice(0, 3)));
  });
});

function withSql(migration: Migration, statements: readonly string[]): Migration {
  const [operation] = migration.operations;
  assert.ok(operation);
  const operations: MigrationOperation[] = statements.map((text) => ({ ...operation, text, sql: [text] }));
  return { ...migration, operations };
}
