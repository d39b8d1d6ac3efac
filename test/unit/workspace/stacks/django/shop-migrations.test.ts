import assert from "node:assert/strict";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { differences, expected, shopFolder } from "./expected.ts";
import { filesOf, readFiles } from "./read-workspace.ts";

describe("Django: migrations of the sample shop", () => {
  let found: Contribution;
  before(async () => {
    found = await readFiles(filesOf(shopFolder));
  });

  it("C01 finds every migration with its operations, and no other", () => {
    const lines = differences(
      found.migrations.map(
        (each) =>
          `${each.id} ${each.uri} ${each.transactional} ${each.operations.map((operation) => operation.name)}`,
      ),
      expected.migrations.map(
        (each) => `migration:${each.app}.${each.name} ${each.file} ${each.atomic} ${each.operations}`,
      ),
    );
    assert.deepEqual(lines, []);
  });

  it("C01 ties dependencies inside of the workspace and names those outside", () => {
    const known = new Set(expected.migrations.map((each) => `${each.app}.${each.name}`));
    const lines = differences(
      found.migrations.flatMap((each) =>
        [...each.dependencies, ...each.externalDependencies].map(
          (name) => `${each.app}.${each.name} after ${name}`,
        ),
      ),
      expected.migrations.flatMap((each) =>
        each.dependencies.map((name) => {
          // The user model stands in `accounts`: swappable_dependency leads to the first migration there.
          const actual = name === "settings.AUTH_USER_MODEL" ? "accounts.0001_initial" : name;
          return `${each.app}.${each.name} after ${known.has(actual) ? `migration:${actual}` : actual}`;
        }),
      ),
    );
    assert.deepEqual(lines, []);
  });

  it("C06 ties operations to models and tables", () => {
    const operation = found.migrations.find((each) => each.id === "migration:orders.0003_order_channel")
      ?.operations[0];
    assert.equal(operation?.model, "orders.Order");
    assert.equal(operation?.table, "lontar_order");
    assert.deepEqual(operation?.columns, ["channel"]);
    const touched = found.migrations
      .filter((each) => each.modelIds.includes("model:orders.Order"))
      .map((each) => each.name);
    assert.deepEqual(touched.sort(), [
      "0001_initial",
      "0002_history_and_quotes",
      "0003_order_channel",
      "0004_daily_sales",
    ]);
  });

  it("C01 says what can be undone", () => {
    const byId = new Map(found.migrations.map((each) => [each.id, each.reversible]));
    assert.equal(byId.get("migration:accounts.0003_default_address"), true, "RunPython with noop");
    assert.equal(byId.get("migration:orders.0003_order_channel"), false, "RunPython without reverse");
    assert.equal(byId.get("migration:catalog.0003_product_attributes"), false, "RunSQL without reverse");
    assert.equal(byId.get("migration:payments.0004_positive_amounts"), true, "RunSQL with reverse");
  });

  it("C08 says why the statements of an operation are not known", () => {
    const gaps = found.migrations.flatMap((each) => each.gaps.map((gap) => `${each.name}: ${gap.why}`));
    assert.ok(
      gaps.some((line) => /0003_product_attributes: the default .*empty_attributes is computed/.test(line)),
      gaps.join("\n"),
    );
    for (const migration of found.migrations) {
      for (const operation of migration.operations) {
        if (operation.sql !== null || operation.name === "RunPython") continue;
        assert.ok(migration.gaps.length > 0, `${migration.id} ${operation.summary}`);
      }
    }
  });
});
