import assert from "node:assert/strict";
import { join } from "node:path";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { aksaraStack } from "../../../../../src/workspace/stacks/aksara/stack.ts";
import { djangoStack } from "../../../../../src/workspace/stacks/django/stack.ts";
import { sqlalchemyStack } from "../../../../../src/workspace/stacks/sqlalchemy/stack.ts";
import type { Stack } from "../../../../../src/workspace/stacks/stack.ts";
import { type Files, filesOf, readFiles } from "../read-python.ts";

const shop = filesOf(join(import.meta.dirname, "../../../../workspaces/shop-aksara"));
const read = (files: Files) => readFiles(aksaraStack, files);

function named(models: readonly Model[], name: string): Model {
  const found = models.find((model) => model.qualifiedName === name);
  assert.ok(found, `no model ${name} among ${models.map(({ qualifiedName }) => qualifiedName)}`);
  return found;
}

const columns = (model: Model) =>
  model.fields.map(
    ({ column, type, nullable, default: value }) =>
      `${column} ${type.native}${nullable ? " null" : ""}${value ? ` = ${value.kind} ${value.text}` : ""}`,
  );

describe("Aksara models", () => {
  it("C01 reads tables, PostgreSQL types, defaults, and the columns that the framework adds", async () => {
    const { models } = await read(shop);
    assert.deepEqual(
      models.map(({ qualifiedName, table }) => `${qualifiedName} ${table}`),
      [
        "shop.Sellable null",
        "shop.Category categories",
        "shop.Product products",
        "shop.Tag tags",
        "shop.Customer shop_customers",
        "shop.Loyalty loyalties",
        "shop.Order orders",
      ],
    );
    assert.deepEqual(columns(named(models, "shop.Product")), [
      "name varchar(120)",
      "price numeric(12, 2)",
      "sku varchar(32)",
      "category_id uuid",
      "null null null",
      "attributes jsonb null = application dict",
      "sizes integer[] null",
      "stock integer = literal 0",
      "id uuid = database gen_random_uuid()",
      "created_at timestamp with time zone = database CURRENT_TIMESTAMP",
      "updated_at timestamp with time zone = application auto_now",
    ]);
    assert.deepEqual(columns(named(models, "shop.Customer")).slice(0, 3), [
      "tenant_id uuid",
      "email varchar(254)",
      "last_address inet null",
    ]);
    const status = named(models, "shop.Order").fields.find(({ name }) => name === "status");
    assert.deepEqual(status?.type.values, ["open", "paid", "shipped"]);
    assert.deepEqual(status.default, { kind: "literal", text: '"open"' });
    const name = named(models, "shop.Product").fields.find((field) => field.name === "name");
    assert.equal(name?.inheritedFrom, "shop.Sellable");
    assert.equal(name.documentation, "Shown to customers");
    assert.equal(named(models, "shop.Sellable").fields.length, 2);
  });

  it("C01 ties relations in both directions, with what a deletion does", async () => {
    const { models } = await read(shop);
    const relations = (name: string) =>
      named(models, name).relations.map(
        (each) =>
          `${each.direction} ${each.kind} ${each.name} → ${each.target}(${each.columns}:${each.targetColumns}) ${each.onDelete} ~${each.inverse}`,
      );
    assert.deepEqual(relations("shop.Category"), [
      "forward many-to-one parent → shop.Category(parent_id:id) set-null ~children",
      "reverse one-to-many children → shop.Category(id:parent_id) set-null ~parent",
      "reverse one-to-many products → shop.Product(id:category_id) restrict ~category",
    ]);
    assert.deepEqual(relations("shop.Customer"), [
      "reverse one-to-one loyalty → shop.Loyalty(id:customer_id) cascade ~customer",
      "reverse one-to-many order_set → shop.Order(id:customer_id) cascade ~customer",
    ]);
    const tags = named(models, "shop.Product").relations.find(({ name }) => name === "tags");
    assert.equal(tags?.through, "products_tags");
    assert.equal(tags.targetId, named(models, "shop.Tag").id);
    assert.ok(models.every((model) => model.relations.every(({ targetId }) => targetId !== null)));
  });

  it("C01 C08 lists keys and unique columns, and says where an index is only promised", async () => {
    const { models } = await read({
      "shop/models.py": [
        "from aksara import Model, fields",
        "class Shelf(Model):",
        "    code = fields.String(unique=True)",
        "    row = fields.Integer(db_index=True)",
        "    hall = fields.ForeignKey('Hall', column_name='hall_ref', on_delete=rule())",
        "    width = fields.String(max_length=compute())",
        "    class Meta:",
        "        unique_together = [('hall', 'row')]",
      ].join("\n"),
    });
    const shelf = named(models, "shop.Shelf");
    assert.equal(shelf.table, "shelfs");
    assert.deepEqual(
      shelf.indexes.map(
        ({ name, columns: list, origin }) => `${name} ${list.map(({ column }) => column)} ${origin}`,
      ),
      [
        "shelfs_code_key code unique",
        "null row field",
        "shelfs_pkey id primary-key",
        "null hall_ref,row unique",
      ],
    );
    assert.deepEqual(
      shelf.constraints.map(({ kind, name }) => `${kind} ${name}`),
      ["unique shelfs_code_key", "foreign-key fk_shelfs_hall_ref", "primary-key shelfs_pkey", "unique null"],
    );
    assert.equal(shelf.confidence, "partial");
    assert.deepEqual(
      shelf.gaps.map(({ what }) => what),
      [
        "field width",
        "relation hall",
        "relation hall",
        "index of row",
        "Meta.unique_together (hall_ref, row)",
      ],
    );
    assert.ok(shelf.gaps.every(({ why, source }) => why !== "" && source !== null));
  });

  it("C01 leaves these models to Aksara's reader alone", async () => {
    const others: readonly Stack[] = [djangoStack, sqlalchemyStack];
    for (const stack of others) {
      const found = await readFiles(stack, shop);
      assert.deepEqual(
        [found.models, found.routes, found.migrations, found.queries],
        [[], [], [], []],
        stack.id,
      );
    }
    const other = await read({
      "shop/models.py":
        "from django.db import models\n# not for aksara\nclass A(models.Model):\n    n = models.TextField()",
    });
    assert.deepEqual(other.models, []);
  });
});
