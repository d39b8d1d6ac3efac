import assert from "node:assert/strict";
import type { Model, Relation } from "../../../src/workspace/ir/model.ts";
import type { Query } from "../../../src/workspace/ir/query.ts";
import { mergeContributions } from "../../../src/workspace/merge.ts";
import type { SourceRange } from "../../../src/workspace/source.ts";
import { prismaStack } from "../../../src/workspace/stacks/prisma/prisma.ts";
import { sqlStack } from "../../../src/workspace/stacks/sql/stack.ts";
import { type Contribution, NOTHING } from "../../../src/workspace/stacks/stack.ts";
import { readStack, sampleTexts } from "./read-stack.ts";

describe("merging what the stacks found", () => {
  it("C06 a table that a model owns is that model: migrations, queries and uses lead to it", () => {
    const orm = found({ models: [model("prisma", "Order", "orders", "prisma/schema.prisma")] });
    const sql = readStack(sqlStack, {
      "prisma/migrations/1_a/migration.sql":
        "CREATE TABLE orders (id serial PRIMARY KEY); CREATE TABLE audit (order_id int REFERENCES orders);",
      "queries/q.sql": "-- name: all\nSELECT * FROM orders JOIN audit ON true;",
    });
    const merged = mergeContributions([orm, sql]);
    assert.deepEqual(merged.models.map(({ stack, name }) => `${stack} ${name}`).sort(), [
      "prisma Order",
      "sql audit",
    ]);
    const [order, audit] = ["Order", "audit"].map((name) => merged.models.find((each) => each.name === name));
    assert.deepEqual(merged.migrations[0]?.modelIds, [order?.id, audit?.id]);
    assert.deepEqual(merged.queries[0]?.modelIds, [order?.id, audit?.id]);
    assert.deepEqual(
      merged.uses.map(({ modelId }) => modelId),
      [order?.id, audit?.id],
    );
    assert.deepEqual(
      audit?.relations.map(({ target, targetId }) => [target, targetId]),
      [["Order", order?.id]],
    );
  });

  it("C06 SQL leads to models whose tables no SQL defines", () => {
    const orm = found({ models: [model("django", "Order", "shop_order", "shop/models.py")] });
    const sql = readStack(sqlStack, {
      "report.sql": "SELECT * FROM shop_order;",
      "db/migrations/1_a.up.sql": "CREATE INDEX i ON public.shop_order (id);",
    });
    const merged = mergeContributions([orm, sql]);
    assert.deepEqual(merged.queries[0]?.modelIds, ["django:Order"]);
    assert.deepEqual(merged.migrations[0]?.modelIds, ["django:Order"]);
  });

  it("C06 a join table belongs to the model that declares the relation", () => {
    const post = model("prisma", "Post", "posts", "prisma/schema.prisma", [joinedThrough("_PostToTag")]);
    const sql = readStack(sqlStack, {
      "prisma/migrations/1_a/migration.sql":
        'CREATE TABLE posts (id int); CREATE TABLE "_PostToTag" ("A" int, "B" int);',
    });
    const merged = mergeContributions([found({ models: [post] }), sql]);
    assert.deepEqual(
      merged.models.map(({ name }) => name),
      ["Post"],
    );
    assert.deepEqual(merged.migrations[0]?.modelIds, ["prisma:Post"]);
  });

  it("C01 another service's table of the same name stays a table", () => {
    const orm = found({ models: [model("django", "User", "users", "services/a/users/models.py")] });
    const sql = readStack(sqlStack, {
      "services/b/db/schema.sql":
        "CREATE TABLE users (id serial); CREATE TABLE x (id int); CREATE TABLE y (id int);",
    });
    assert.deepEqual(
      mergeContributions([orm, sql]).models.map(({ stack, name }) => `${stack} ${name}`),
      ["django User", "sql users", "sql x", "sql y"],
    );
  });

  it("C01 a dump kept elsewhere belongs to the framework that owns most of its tables", () => {
    const orm = found({
      models: [
        model("django", "A", "a_a", "backend/a/models.py"),
        model("django", "B", "a_b", "backend/a/models.py"),
      ],
    });
    const sql = readStack(sqlStack, {
      "ops/dump.sql":
        "CREATE TABLE public.a_a (id int); CREATE TABLE public.a_b (id int); CREATE TABLE public.rest (id int);",
    });
    assert.deepEqual(
      mergeContributions([orm, sql]).models.map(({ name }) => name),
      ["A", "B", "rest"],
    );
  });

  it("C01 one literal is one query, whether the call around it counts or not", () => {
    const literal = range(4, 20, 4, 40);
    const inOrm = found({
      queries: [
        query("django", "sql", range(4, 4, 4, 50)),
        query("django", "orm", range(8, 0, 12, 0)),
        query("prisma", "sql", range(20, 0, 20, 9)),
      ],
    });
    const inSql = found({
      queries: [
        query("sql", "sql", literal),
        query("sql", "sql", range(9, 4, 9, 30)),
        query("sql", "sql", range(20, 0, 20, 9)),
      ],
    });
    assert.deepEqual(
      mergeContributions([inSql, inOrm])
        .queries.map(({ stack, range: { start } }) => `${stack} ${start.line}`)
        .sort(),
      // Raw SQL inside of an ORM call is a query of its own.
      ["django 4", "django 8", "prisma 20", "sql 9"],
    );
  });

  it("C06 Prisma's sample shop: its models, its queries, and migrations that lead to them", () => {
    const texts = sampleTexts("shop-prisma");
    const prisma = readStack(prismaStack, texts);
    const merged = mergeContributions([prisma, readStack(sqlStack, texts)]);
    assert.deepEqual(
      merged.models.filter(({ stack }) => stack === "sql").map(({ name }) => name),
      [],
    );
    assert.equal(merged.models.length, prisma.models.length);
    assert.equal(merged.queries.length, prisma.queries.length);
    assert.equal(merged.migrations.length, 7);
    const ids = new Set(merged.models.map(({ id }) => id));
    for (const { name, modelIds } of merged.migrations) {
      assert.ok(modelIds.length > 0, name);
      assert.ok(
        modelIds.every((id) => ids.has(id)),
        name,
      );
    }
  });

  it("C03 the order of the stacks does not matter", () => {
    const orm = found({ models: [model("prisma", "Order", "orders", "prisma/schema.prisma")] });
    const sql = readStack(sqlStack, {
      "schema.sql": "CREATE TABLE orders (id serial); CREATE TABLE b (id int);",
    });
    const names = (merged: Contribution) => merged.models.map(({ id }) => id).sort();
    assert.deepEqual(names(mergeContributions([orm, sql])), names(mergeContributions([sql, orm])));
  });
});

function found(parts: Partial<Contribution>): Contribution {
  return { ...NOTHING, ...parts };
}

function range(line: number, character: number, endLine: number, endCharacter: number): SourceRange {
  return { start: { line, character }, end: { line: endLine, character: endCharacter } };
}

function entry(stack: string, name: string, uri: string) {
  const place = range(0, 0, 1, 0);
  return {
    id: `${stack}:${name}`,
    name,
    uri,
    range: place,
    nameRange: place,
    hash: "",
    stack,
    confidence: "certain" as const,
    reason: "",
    gaps: [],
  };
}

function model(
  stack: string,
  name: string,
  table: string,
  uri: string,
  relations: readonly Relation[] = [],
): Model {
  return {
    ...entry(stack, name, uri),
    kind: "model",
    qualifiedName: name,
    namespace: "",
    table,
    abstract: false,
    proxyOf: null,
    managed: true,
    bases: [],
    documentation: null,
    fields: [],
    relations,
    indexes: [],
    constraints: [],
    ordering: [],
  };
}

function joinedThrough(table: string): Relation {
  return {
    name: "tags",
    kind: "many-to-many",
    direction: "forward",
    target: "Tag",
    targetId: null,
    columns: [],
    targetColumns: [],
    through: table,
    onDelete: null,
    onUpdate: null,
    inverse: null,
    enforced: true,
    source: { uri: "", range: range(0, 0, 0, 0), hash: "" },
  };
}

function query(stack: string, form: Query["form"], place: SourceRange): Query {
  return {
    ...entry(stack, `q${place.start.line}`, "app/views.py"),
    kind: "query",
    range: place,
    form,
    sql: null,
    text: "",
    dialect: "unknown",
    operation: "select",
    tables: [],
    modelIds: [],
    within: null,
    approximate: null,
  };
}
