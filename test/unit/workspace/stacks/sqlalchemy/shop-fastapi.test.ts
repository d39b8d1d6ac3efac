import assert from "node:assert/strict";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { sqlStack } from "../../../../../src/workspace/stacks/sql/stack.ts";
import { sqlalchemyStack } from "../../../../../src/workspace/stacks/sqlalchemy/stack.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { differences, filesOf, readFiles, readTogether } from "../read-python.ts";
import { expected, shopFolder } from "../shop-fastapi.ts";

describe("SQLAlchemy: models of the sample shop", () => {
  let found: Contribution;
  before(async () => {
    found = await readFiles(sqlalchemyStack, filesOf(shopFolder));
  });

  const own = () => found.models.filter((model) => model.proxyOf === null && !model.abstract);
  const wanted = expected.models.filter((model) => model.sharesTableOf === null && !model.abstract);

  it("C01 finds every class and table with its place and its table, and no other", () => {
    assert.deepEqual(
      differences(
        found.models.map(
          (model) => `${model.qualifiedName} ${model.uri}:${model.nameRange.start.line + 1} ${model.table}`,
        ),
        expected.models.map((model) => `${model.qualifiedName} ${model.file}:${model.line} ${model.table}`),
      ),
      [],
    );
    const card = found.models.find(({ name }) => name === "CardPayment");
    assert.equal(
      card?.proxyOf,
      "lontar.models.payments.Payment",
      "a child without a table shares its parent's",
    );
    assert.equal(found.models.find(({ name }) => name === "UUIDModel")?.abstract, true);
  });

  it("C01 gives columns the names, types and nullability that SQLAlchemy gives them", () => {
    assert.deepEqual(
      differences(
        own().flatMap((model) =>
          model.fields.map(
            (field) => `${model.table}.${field.column} ${field.type.native} ${field.nullable}`,
          ),
        ),
        wanted.flatMap((model) =>
          (model.columns ?? []).map((each) => `${model.table}.${each.column} ${each.type} ${each.nullable}`),
        ),
      ),
      [],
    );
    assert.deepEqual(
      differences(
        own().flatMap((model) => model.fields.map((field) => `${model.name}.${field.name} ${field.column}`)),
        wanted
          .flatMap((model) =>
            (model.fields ?? []).map((each) => `${model.name}.${each.field} ${each.column}`),
          )
          // The column of a child is a column of the table that it shares.
          .concat("Payment.card_last4 card_last4"),
      ),
      [],
    );
  });

  it("C01 finds keys, indexes and constraints with the names that the naming convention gives them", () => {
    const keyLines = (model: Model) =>
      model.constraints.flatMap((each) =>
        each.kind === "foreign-key" ? [`${model.table} ${each.name} ${each.columns}`] : [],
      );
    assert.deepEqual(
      differences(
        own().flatMap(keyLines),
        wanted.flatMap((model) =>
          (model.foreignKeys ?? []).map((key) => `${model.table} ${key.name} ${key.columns}`),
        ),
      ),
      [],
    );
    assert.deepEqual(
      differences(
        own().flatMap((model) => {
          const uniques = new Set(
            model.constraints.flatMap(({ kind, name }) => (kind === "unique" ? [name] : [])),
          );
          return model.indexes
            .filter(({ origin, name }) => origin !== "primary-key" && !uniques.has(name))
            .map(
              (index) =>
                `${model.table} ${index.name} ${index.unique} ${index.predicate !== null} ${index.method}`,
            );
        }),
        wanted.flatMap((model) =>
          (model.indexes ?? []).map(
            (index) => `${model.table} ${index.name} ${index.unique} ${index.partial} ${index.method}`,
          ),
        ),
      ),
      [],
    );
    const named = (kind: string) =>
      own().flatMap((model) =>
        model.constraints.flatMap((each) => (each.kind === kind ? [`${model.table} ${each.name}`] : [])),
      );
    assert.deepEqual(
      differences(
        named("unique"),
        wanted.flatMap((model) => (model.uniques ?? []).map(({ name }) => `${model.table} ${name}`)),
      ),
      [],
    );
    assert.deepEqual(
      differences(
        named("check"),
        wanted.flatMap((model) => (model.checks ?? []).map((name) => `${model.table} ${name}`)),
      ),
      [],
    );
    assert.deepEqual(
      differences(
        own().map(
          (model) =>
            `${model.table} ${model.fields.filter(({ primaryKey }) => primaryKey).map(({ column }) => column)}`,
        ),
        wanted.map((model) => `${model.table} ${model.primaryKey}`),
      ),
      [],
    );
  });

  it("C01 finds relations from both sides, what backref makes included, with their keys", () => {
    const lines = (model: Model) => {
      const names = new Set(
        expected.models
          .find(({ qualifiedName }) => qualifiedName === model.qualifiedName)
          ?.relations.map(({ name }) => name),
      );
      return model.relations
        .filter(({ name }) => names.has(name))
        .map(
          (relation) =>
            `${model.name}.${relation.name} ${relation.target.split(".").at(-1)} ${kindOf(relation.kind)} ${relation.through}`,
        );
    };
    // SQLAlchemy calls a relation many-to-one also where the key is unique.
    const kindOf = (kind: string) => (kind === "many-to-one" ? "one-to-one" : kind);
    assert.deepEqual(
      differences(
        found.models.flatMap(lines),
        expected.models.flatMap((model) =>
          model.relations.map(
            (relation) =>
              `${model.name}.${relation.name} ${relation.to} ${kindOf(relation.kind)} ${relation.through}`,
          ),
        ),
      ),
      [],
    );
    const line = found.models.find(({ name }) => name === "OrderLine");
    const order = line?.relations.find(({ name }) => name === "order");
    assert.deepEqual(
      [order?.columns, order?.targetColumns, order?.onDelete, order?.inverse],
      [["order_id"], ["id"], "cascade", "lines"],
    );
    const event = found.models.find(({ name }) => name === "OrderEvent");
    assert.deepEqual(
      event?.relations.map(({ columns, targetColumns, target }) => [
        columns,
        targetColumns,
        target.split(".").at(-1),
      ]),
      [
        [["order_id"], ["id"], "Order"],
        [["order_id", "line_position"], ["order_id", "position"], "OrderLine"],
      ],
      "keys that no relationship uses are relations too",
    );
  });

  it("C01 says where a column is inherited from and what it is filled with", () => {
    const order = found.models.find(({ name }) => name === "Order");
    const field = (name: string) => order?.fields.find((each) => each.name === name);
    assert.equal(field("created_at")?.inheritedFrom, "lontar.models.base.TimestampMixin");
    assert.deepEqual(field("created_at")?.default, { kind: "database", text: "now()" });
    assert.equal(field("customer_id")?.inheritedFrom, "lontar.models.orders.OwnedByCustomer");
    assert.deepEqual(field("id")?.default, { kind: "application", text: "uuid.uuid4" });
    assert.deepEqual(field("status")?.type.values, ["cart", "placed", "paid", "shipped"]);
    const user = found.models.find(({ name }) => name === "User");
    assert.deepEqual(user?.fields.find(({ name }) => name === "role")?.type.values, [
      "CUSTOMER",
      "STAFF",
      "ADMIN",
    ]);
    assert.equal(user?.fields.find(({ name }) => name === "id")?.generated, true);
  });

  it("C08 names the attributes that are no columns, with the reason", () => {
    const user = found.models.find(({ name }) => name === "User");
    assert.deepEqual(
      user?.gaps.map(({ what }) => what),
      ["attribute full_name"],
    );
    assert.match(user?.gaps[0]?.why ?? "", /column_property/);
    assert.equal(user?.confidence, "certain");
  });

  it("C06 finds ORM calls and leaves SQL in texts to the reader of SQL", async () => {
    const together = await readTogether([sqlalchemyStack, sqlStack], filesOf(shopFolder));
    const orm = together.queries.filter(({ form }) => form === "orm");
    assert.ok(
      orm.every(
        ({ stack, sql, dialect }) => stack === "sqlalchemy" && sql === null && dialect === "postgresql",
      ),
    );
    assert.deepEqual(
      orm
        .filter(({ uri }) => uri === "lontar/services/reports.py" || uri === "lontar/services/orders.py")
        .map(({ name, operation, within }) => `${within}: ${operation} ${name}`),
      [
        "place_order: select Book.select.where",
        "place_order: insert OrderEvent.insert.values",
        "purge_carts: delete Order.delete.where",
      ],
    );
    const raw = together.queries.filter(({ form }) => form === "sql");
    assert.deepEqual(
      raw.map(({ uri, approximate }) => `${uri} ${approximate !== null}`).sort(),
      expected.rawSql.map(({ file, dynamic }) => `${file} ${dynamic}`).sort(),
    );
    const sales = raw.find(({ uri }) => uri === "lontar/services/reports.py");
    assert.deepEqual(
      sales?.modelIds,
      ["model:lontar.models.orders.Order"],
      "SQL leads to the model that owns the table",
    );
  });

  it("C06 finds the places that use a model, through re-exports", () => {
    const uses = found.uses.filter(({ modelId }) => modelId === "model:lontar.models.catalog.Book");
    assert.ok(uses.some(({ uri, within }) => uri === "lontar/routers/books.py" && within === "create_book"));
    assert.ok(uses.every(({ hash }) => /^[0-9a-f]{16}$/.test(hash)));
  });
});
