import assert from "node:assert/strict";
import { join } from "node:path";
import type { Migration } from "../../../../../src/workspace/ir/migration.ts";
import { aksaraStack } from "../../../../../src/workspace/stacks/aksara/stack.ts";
import { djangoStack } from "../../../../../src/workspace/stacks/django/stack.ts";
import { type Files, filesOf, readFiles, readTogether } from "../read-python.ts";

const shop = filesOf(join(import.meta.dirname, "../../../../workspaces/shop-aksara"));
const read = (files: Files) => readFiles(aksaraStack, files);

function only(migrations: readonly Migration[], name: string): Migration {
  const found = migrations.filter((migration) => migration.name === name);
  assert.equal(found.length, 1, `${name} among ${migrations.map((migration) => migration.name)}`);
  return found[0] as Migration;
}

describe("Aksara migrations", () => {
  it("C01 reads tables as the SQL that Aksara sends, with dependencies and what undoes it", async () => {
    const { migrations } = await readTogether([aksaraStack, djangoStack], shop);
    assert.deepEqual(
      migrations.map(({ id, stack }) => `${id} ${stack}`),
      ["migration:shop.shop_0001_initial aksara", "migration:shop.shop_0002_stock aksara"],
    );
    const first = only(migrations, "shop_0001_initial");
    assert.deepEqual(
      first.operations.map(({ summary }) => summary),
      [
        "CreateTable categories",
        "CreateTable products",
        "CreateTable tags",
        "CreateManyToManyTable products_tags",
      ],
    );
    assert.deepEqual(first.operations[0]?.sql, [
      [
        'CREATE TABLE IF NOT EXISTS "categories" (',
        '    "slug" VARCHAR(50) NOT NULL UNIQUE,',
        '    "parent_id" UUID,',
        '    "id" UUID PRIMARY KEY DEFAULT gen_random_uuid(),',
        '    "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,',
        '    "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,',
        '    CONSTRAINT fk_categories_parent_id FOREIGN KEY (parent_id) REFERENCES "categories"(id) ON DELETE SET NULL ON UPDATE CASCADE',
        ")",
      ].join("\n"),
    ]);
    assert.equal(
      first.operations[1]?.sql?.[1],
      'CREATE INDEX "idx_products_name" ON "products" USING btree ("name")',
    );
    assert.deepEqual(first.operations[3]?.reverseSql, ['DROP TABLE IF EXISTS "products_tags" CASCADE']);
    assert.equal(first.reversible, true);
    assert.deepEqual(first.modelIds, ["model:shop.Category", "model:shop.Product", "model:shop.Tag"]);
    const second = only(migrations, "shop_0002_stock");
    assert.deepEqual(second.dependencies, [first.id]);
    assert.equal(second.reversible, false);
    assert.equal(second.confidence, "certain");
    assert.deepEqual(
      second.operations.map(({ sql, reverseSql }) => [sql, reverseSql]),
      [
        [
          ['ALTER TABLE "products" ADD COLUMN "stock" INTEGER NOT NULL DEFAULT 0'],
          ['ALTER TABLE "products" DROP COLUMN IF EXISTS "stock"'],
        ],
        [
          [
            'CREATE INDEX CONCURRENTLY IF NOT EXISTS "idx_products_stock" ON "products" USING btree ("stock") WHERE stock > 0',
          ],
          ['DROP INDEX IF EXISTS "idx_products_stock"'],
        ],
        [
          ['ALTER TABLE "tags" ALTER COLUMN "label" DROP NOT NULL'],
          ['ALTER TABLE "tags" ALTER COLUMN "label" SET NOT NULL'],
        ],
        [
          ['ALTER TABLE "products" ADD CONSTRAINT "stock_counts" CHECK (stock >= 0)'],
          ['ALTER TABLE "products" DROP CONSTRAINT "stock_counts"'],
        ],
        [["UPDATE products SET stock = 1"], ["UPDATE products SET stock = 0"]],
        [['ALTER TABLE "products" DROP COLUMN IF EXISTS "sizes"'], null],
      ],
    );
    assert.ok(second.operations.every(({ text, source }) => text.startsWith("op.") && source.hash !== ""));
  });

  it("C01 gives the indexes that migrations make to the model of their table", async () => {
    const { models } = await read(shop);
    const product = models.find(({ name }) => name === "Product");
    assert.deepEqual(
      product?.indexes
        .filter(({ origin }) => origin === "declared")
        .map(({ name, predicate, source }) => `${name} ${predicate} ${source.uri}`),
      [
        "null null shop/models.py",
        "idx_products_name null shop/migrations/shop_0001_initial.py",
        "idx_products_stock stock > 0 shop/migrations/shop_0002_stock.py",
      ],
    );
  });

  it("C08 says of SQL that is computed, of unknown operations, and of migrations that are elsewhere", async () => {
    const { migrations } = await read({
      "desk/migrations/0002_rows.py": [
        "from aksara.migrations import Migration, operations as op",
        "from aksara.tenancy import build_enable_rls_sql",
        "def guarded(table):",
        "    return op.RunSQL(sql=build_enable_rls_sql(table), reverse_sql=f'SELECT {table}')",
        "class Migration(Migration):",
        "    dependencies = [('accounts', '0001_initial')]",
        "    operations = [",
        "        guarded('tickets'),",
        "        op.Shuffle(table='tickets', name='x'),",
        "        op.AddField(table='tickets', name='kind', field=op.StringField(20, default=first())),",
        "        op.RunSQL('SELECT 1'),",
        "    ]",
      ].join("\n"),
    });
    const found = only(migrations, "0002_rows");
    assert.equal(found.app, "desk");
    assert.deepEqual(found.externalDependencies, ["accounts.0001_initial"]);
    assert.deepEqual(
      found.operations.map(({ sql, reverseSql, reversible }) => [sql, reverseSql, reversible]),
      [
        [null, ["SELECT tickets"], true],
        [null, null, null],
        [null, null, true],
        [["SELECT 1"], null, false],
      ],
    );
    assert.deepEqual(
      found.gaps.map(({ what }) => what),
      ["operation 1 (RunSQL)", "operation 2 (Shuffle)", "operation 3 (AddField)"],
    );
    assert.equal(found.confidence, "partial");
  });
});
