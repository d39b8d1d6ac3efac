import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Migration } from "../../../../../src/workspace/ir/migration.ts";
import { differences, shopFolder } from "./expected.ts";
import { filesOf, readFiles } from "./read-workspace.ts";

interface Recorded {
  readonly shop: Readonly<Record<string, readonly string[]>>;
  readonly operations: {
    readonly files: Readonly<Record<string, string>>;
    readonly sql: Readonly<Record<string, readonly string[]>>;
  };
}

const recorded: Recorded = JSON.parse(readFileSync(join(import.meta.dirname, "sqlmigrate.json"), "utf8"));

/** Django joins the check of a new key to its statement; it is a statement of its own here. */
function statementsOf(sql: readonly string[]): readonly string[] {
  return sql
    .map((statement) =>
      statement
        .replace(/; SET CONSTRAINTS "[^"]*" IMMEDIATE/, "")
        .replace(/;\s*$/, "")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((statement) => !/^(BEGIN|COMMIT|)$|^SET CONSTRAINTS/.test(statement));
}

function compare(
  migrations: readonly Migration[],
  wanted: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const numbered = (key: string, sql: readonly string[]) => {
    const seen = new Map<string, number>();
    return statementsOf(sql).map((statement) => {
      seen.set(statement, (seen.get(statement) ?? 0) + 1);
      return `${key} ${statement} #${seen.get(statement)}`;
    });
  };
  return differences(
    migrations.flatMap((each) =>
      numbered(
        `${each.app}.${each.name}`,
        each.operations.flatMap((operation) => operation.sql ?? []),
      ),
    ),
    Object.entries(wanted).flatMap(([key, sql]) => numbered(key, sql)),
  );
}

describe("Django: statements of migrations, against those of Django itself", () => {
  it("C01 every kind of operation becomes what Django sends to PostgreSQL", async () => {
    const { migrations } = await readFiles(recorded.operations.files);
    assert.equal(migrations.length, 3);
    assert.deepEqual(compare(migrations, recorded.operations.sql), []);
  });

  it("C01 the sample shop becomes what Django sends, but for a default that a function computes", async () => {
    const { migrations } = await readFiles(filesOf(shopFolder));
    assert.deepEqual(compare(migrations, recorded.shop), [
      `missing: catalog.0003_product_attributes ALTER TABLE "catalog_product" ADD COLUMN "attributes" jsonb DEFAULT '{"weight_grams": null, "dimensions_mm": []}'::jsonb NOT NULL #1`,
      'missing: catalog.0003_product_attributes ALTER TABLE "catalog_product" ALTER COLUMN "attributes" DROP DEFAULT #1',
    ]);
  });

  it("C01 what is undone is the statement that undoes it", async () => {
    const { migrations } = await readFiles(recorded.operations.files);
    const reverse = (name: string, summary: RegExp) =>
      migrations
        .find((each) => each.name === name)
        ?.operations.find((operation) => summary.test(operation.summary))?.reverseSql;
    assert.deepEqual(reverse("0002_changes", /AddField shop\.Article\.weight/), [
      'ALTER TABLE "shop_article" DROP COLUMN "weight" CASCADE',
    ]);
    assert.deepEqual(reverse("0002_changes", /RenameField/), [
      'ALTER TABLE "shop_article" RENAME COLUMN "gtin" TO "ean"',
    ]);
    assert.deepEqual(reverse("0003_moves", /RenameModel/), [
      'ALTER TABLE "shop_rack" RENAME TO "shop_shelf"',
    ]);
    assert.deepEqual(reverse("0003_moves", /RemoveField shop\.Article\.ratio/), [
      'ALTER TABLE "goods" ADD COLUMN "ratio" double precision NULL',
    ]);
    assert.deepEqual(reverse("0003_moves", /RunSQL UPDATE goods SET count/), []);
    assert.equal(reverse("0003_moves", /RunSQL UPDATE goods SET weight/), null);
    const separate = migrations
      .flatMap((each) => each.operations)
      .find((operation) => operation.name === "SeparateDatabaseAndState");
    assert.deepEqual(separate?.sql, ["ALTER TABLE goods RENAME TO wares"]);
    assert.deepEqual(separate?.reverseSql, ["ALTER TABLE wares RENAME TO goods"]);
  });
});
