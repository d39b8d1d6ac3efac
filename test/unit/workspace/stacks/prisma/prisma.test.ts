import assert from "node:assert/strict";
import { hashText } from "../../../../../src/workspace/hash.ts";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { LineIndex } from "../../../../../src/workspace/languages/line-index.ts";
import { prismaStack } from "../../../../../src/workspace/stacks/prisma/prisma.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { readStack, type Texts } from "../../read-stack.ts";

const POSTGRES = `datasource db { provider = "postgresql" }\n`;

function read(texts: Texts): Contribution {
  return readStack(prismaStack, texts);
}

function modelOf(schema: string, name = "A"): Model {
  const model = read({ "prisma/schema.prisma": schema }).models.find((candidate) => candidate.name === name);
  assert.ok(model);
  return model;
}

function natives(provider: string, fields: string): readonly (string | null)[] {
  const schema = `datasource db {\n provider = "${provider}"\n}\nenum E {\n X @map("x")\n Y\n}\nmodel A {\n${fields}\n}`;
  return modelOf(schema).fields.map((field) => field.type.native);
}

const SCALARS = ["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "E"]
  .map((type, index) => `f${index} ${type}`)
  .join("\n");

describe("Prisma schemas", () => {
  it("C01 gives scalars and enums the types of each provider", () => {
    assert.deepEqual(natives("postgresql", SCALARS), [
      "text",
      "boolean",
      "integer",
      "bigint",
      "double precision",
      "decimal(65,30)",
      "timestamp(3)",
      "jsonb",
      "bytea",
      "E",
    ]);
    assert.deepEqual(natives("mysql", SCALARS), [
      "varchar(191)",
      "boolean",
      "integer",
      "bigint",
      "double",
      "decimal(65,30)",
      "datetime(3)",
      "json",
      "longblob",
      "enum('x','Y')",
    ]);
    assert.deepEqual(natives("sqlite", "a Float\nb DateTime\nc E"), ["real", "datetime", "text"]);
  });

  it("C01 reads native types, sizes, lists, unsupported types and what they mean", () => {
    const { fields } = modelOf(`${POSTGRES}model A {
      a String @db.VarChar(40)
      b Decimal @db.Decimal(12, 2)
      c DateTime @db.Timestamptz(6)
      d String[] @db.Uuid
      e Unsupported("vector(3)")?
      f Int @db.SmallInt
      g DateTime @db.Date
    }`);
    assert.deepEqual(
      fields.map(({ type }) => [type.native, type.logical, type.length, type.precision, type.scale]),
      [
        ["varchar(40)", "string", 40, null, null],
        ["decimal(12,2)", "decimal", null, 12, 2],
        ["timestamptz(6)", "datetime", null, 6, null],
        ["uuid[]", "uuid", null, null, null],
        ["vector(3)", "vector", 3, null, null],
        ["smallint", "smallint", null, null, null],
        ["date", "date", null, null, null],
      ],
    );
    assert.equal(fields[0]?.type.declared, "String @db.VarChar(40)");
    assert.equal(fields[4]?.nullable, true);
  });

  it("C01 tells defaults of the database from those of the application", () => {
    const { fields } = modelOf(`${POSTGRES}model A {
      id Int @id @default(autoincrement())
      b DateTime @default(now())
      c String @default(cuid())
      d String @default(dbgenerated("gen_random_uuid()"))
      e String @default("x")
      f Int[] @default([1, 2])
      g DateTime @updatedAt
      h Int
    }`);
    assert.deepEqual(
      fields.map((field) => field.default && `${field.default.kind} ${field.default.text}`),
      [
        "database autoincrement()",
        "database now()",
        "application cuid()",
        "database gen_random_uuid()",
        'literal "x"',
        "literal [1, 2]",
        "application @updatedAt",
        null,
      ],
    );
    assert.deepEqual(
      fields.map((field) => field.generated),
      [true, false, false, false, false, false, false, false],
    );
  });

  it("C01 names keys and indexes as they are named in the database", () => {
    const model = modelOf(`${POSTGRES}model A {
      id Int @map("a_id")
      b String @unique
      c Json
      d Int
      @@id([id, d])
      @@unique([b, d], map: "own")
      @@index([c(ops: JsonbPathOps)], type: Gin)
      @@index([d(sort: Desc), b])
      @@index([b(ops: raw("gin_trgm_ops"))], type: Gin)
      @@map("${"t".repeat(60)}")
    }`);
    assert.deepEqual(
      model.indexes.map((index) => [
        index.name,
        index.method,
        index.unique,
        index.origin,
        index.columns.map(({ column, order, opclass }) => `${column} ${order} ${opclass}`),
      ]),
      [
        [`${"t".repeat(59)}_key`, "btree", true, "field", ["b asc null"]],
        [`${"t".repeat(58)}_pkey`, "btree", true, "primary-key", ["a_id asc null", "d asc null"]],
        ["own", "btree", true, "unique", ["b asc null", "d asc null"]],
        [`${"t".repeat(59)}_idx`, "gin", false, "declared", ["c asc jsonb_path_ops"]],
        [`${"t".repeat(59)}_idx`, "btree", false, "declared", ["d desc null", "b asc null"]],
        [`${"t".repeat(59)}_idx`, "gin", false, "declared", ["b asc gin_trgm_ops"]],
      ],
    );
    assert.deepEqual(model.constraints[0]?.columns, ["a_id", "d"]);
  });

  it("C01 reads relations from both sides with keys and actions", () => {
    const schema = `${POSTGRES}
model A {
  id Int @id
  bId Int @map("b_id")
  b B @relation(fields: [bId], references: [id], onDelete: Cascade)
  cId Int? @unique
  c C? @relation(fields: [cId], references: [id])
  parentId Int?
  parent A? @relation("tree", fields: [parentId], references: [id], onUpdate: NoAction, map: "fk")
  children A[] @relation("tree")
  tags Tag[]
  likes Tag[] @relation("Liked")
}
model B { 
  id Int @id
  as A[]
}
model C {
  id Int @id
  a A?
}
model Tag {
  id Int @id
  as A[]
  likedBy A[] @relation("Liked")
}`;
    const rows = (name: string) =>
      modelOf(schema, name).relations.map((relation) =>
        [
          relation.name,
          relation.kind,
          relation.direction,
          relation.target,
          relation.columns.join(),
          relation.targetColumns.join(),
          relation.through,
          relation.onDelete,
          relation.onUpdate,
          relation.inverse,
        ].join(" "),
      );
    assert.deepEqual(rows("A"), [
      "b many-to-one forward B b_id id  cascade cascade as",
      "c one-to-one forward C cId id  set-null cascade a",
      "parent many-to-one forward A parentId id  set-null no-action children",
      "children one-to-many reverse A     null parent".replace("null", ""),
      "tags many-to-many forward Tag   _AToTag cascade cascade as",
      "likes many-to-many forward Tag   _Liked cascade cascade likedBy",
    ]);
    assert.deepEqual(rows("C"), ["a one-to-one reverse A      c"]);
    assert.deepEqual(rows("Tag")[1], "likedBy many-to-many reverse A   _Liked cascade cascade likes");
    const keys = modelOf(schema).constraints.filter(({ kind }) => kind === "foreign-key");
    assert.deepEqual(
      keys.map((key) => key.name),
      ["A_b_id_fkey", "A_cId_fkey", "fk"],
    );
  });

  it("C01 makes the index of a foreign key visible where there is one: on MySQL, not on PostgreSQL", () => {
    const schema = (provider: string, extra = "") => `datasource db {\n provider = "${provider}"\n ${extra}\n}
model A {
  id Int @id
  bId Int
  b B @relation(fields: [bId], references: [id])
}
model B {
  id Int @id
  as A[]
}`;
    const origins = (text: string) => modelOf(text).indexes.map((index) => index.origin);
    assert.deepEqual(origins(schema("postgresql")), ["primary-key"]);
    assert.deepEqual(origins(schema("mysql")), ["primary-key", "foreign-key"]);
    const unenforced = modelOf(schema("mysql", 'relationMode = "prisma"'));
    assert.deepEqual([unenforced.relations[0]?.enforced, unenforced.indexes.length], [false, 1]);
  });

  it("C01 reads views, schemas of the database, comments and composite types", () => {
    const { models } = read({
      "schema.prisma": `datasource db {\n provider = "mongodb"\n}
/// People.
/// All of them.
model A {
  id String @id @map("_id") @db.ObjectId
  home Address /// where they live
  @@schema("auth")
}
type Address {
  street String
}
view V {
  id Int @unique
}`,
    });
    assert.deepEqual(
      models.map((model) => [model.qualifiedName, model.namespace, model.managed, model.documentation]),
      [
        ["auth.A", "auth", true, "People.\nAll of them."],
        ["V", "", false, null],
      ],
    );
    const home = models[0]?.fields[1];
    assert.deepEqual([home?.type.logical, home?.documentation], ["composite", "where they live"]);
  });

  it("C02 keeps two schemas apart that have models of the same names", () => {
    const schema = `${POSTGRES}model User {\n id Int @id\n}`;
    const ids = read({ "a/schema.prisma": schema, "b/schema.prisma": schema }).models.map(
      (model) => model.id,
    );
    assert.deepEqual(ids, ["model:prisma:User", "model:prisma:b/schema#User"]);
    const one = read({
      "db/schema.prisma": POSTGRES,
      "db/models/user.prisma": "model User {\n id Int @id\n}",
    });
    assert.equal(one.models[0]?.fields[0]?.type.native, "integer");
  });

  it("C08 says what it did not understand and keeps the rest", () => {
    const { models, gaps } = read({
      "schema.prisma": `${POSTGRES}model A {\n id Int @id\n what? is this\n x Nothing\n}\nmodel B {\n id Int @id @default(\n name String\n`,
    });
    assert.deepEqual(
      models.map((model) => [model.name, model.confidence, model.fields.map((field) => field.name)]),
      [
        ["A", "partial", ["id", "x"]],
        ["B", "certain", ["id"]],
      ],
    );
    assert.equal(gaps[0]?.what, "line 4 of a Prisma schema");
    assert.equal(models[0]?.gaps[0]?.what, "field `x`: type Nothing");
  });
});

const SHOP = `${POSTGRES}model User {
  id Int @id
  orders Order[]
}
model Order {
  id Int @id
  userId Int
  user User @relation(fields: [userId], references: [id])
  @@map("orders")
}`;

function queriesOf(code: string, uri = "src/a.ts") {
  return read({ "prisma/schema.prisma": SHOP, [uri]: code }).queries;
}

describe("calls of Prisma Client", () => {
  it("C06 finds them on every client a project has", () => {
    const queries = queriesOf(`
const prisma = new PrismaClient().$extends(x);
prisma.user.findMany(); this.prisma.user.count(); ctx.db.order.create({ data: {} });
prisma.$transaction(async (anything) => { await anything.order.delete({ where: { id: 1 } }); });
getDbClient(tx).user.update({}); (tx ?? prisma).user.upsert({});
const orders = prisma.order; orders.findFirst();
class S { constructor(private store: PrismaService) {} f() { return this.store.user.findUnique({ where: { id: 1 } }); } }
`);
    assert.deepEqual(
      queries.map((query) => `${query.name} ${query.operation} ${query.within}`),
      [
        "user.findMany select null",
        "user.count select null",
        "order.create insert null",
        "order.delete delete null",
        "user.update update null",
        "user.upsert insert null",
        "order.findFirst select null",
        "user.findUnique select S.f",
      ],
    );
    assert.equal(queries[0]?.confidence, "certain");
    assert.equal(queries[2]?.confidence, "likely");
  });

  it("C06 takes no other library's repository for a client", () => {
    assert.deepEqual(
      queriesOf(`
db.query.user.findMany(); this.user.create({}); caller.order.delete({ id: 1 }); models.user.update({});
prisma.nothing.findMany(); prisma.user.somethingElse();
`),
      [],
    );
  });

  it("C06 names the models that a call reaches through relations", () => {
    const [query] = queriesOf(
      "prisma.user.findMany({ where: { orders: { some: { id: 1 } } }, include: { orders: true } });",
    );
    assert.deepEqual(query?.modelIds, ["model:prisma:User", "model:prisma:Order"]);
    assert.equal(query?.text.startsWith("prisma.user.findMany("), true);
    assert.equal(query?.sql, null);
  });

  it("C05 says what of a call is not written out", () => {
    const reasons = queriesOf(`
prisma.user.findMany({ where: { id } }); prisma.user.findMany(args); prisma.user.findMany({ where });
prisma.user.findMany({ where: { ...more } }); prisma.user.findMany({ ...args });
`).map((query) => query.approximate);
    assert.deepEqual(reasons, [
      null,
      "the argument is `args`, not written out",
      "`where` is not written out",
      "`where` is spread from another value",
      "the argument is spread from another value",
    ]);
  });

  it("C01 reads raw SQL with placeholders, fragments and what is put together at run time", () => {
    const queries = queriesOf(`
async function f(id, list, unsafe) {
  await prisma.$queryRaw\`SELECT * FROM orders WHERE id = \${id} AND x = \${id + 1}\`;
  const where = Prisma.sql\`WHERE id = \${id}\`;
  await prisma.$queryRaw\`SELECT 1 FROM "User" \${where} LIMIT \${id}\`;
  await prisma.$executeRaw(Prisma.sql\`DELETE FROM orders\`);
  await prisma.$queryRaw\`SELECT 1 WHERE id IN (\${Prisma.join(list)})\`;
  await prisma.$queryRawUnsafe("SELECT * FROM orders WHERE id = $1", id);
  await prisma.$queryRawUnsafe("SELECT * FROM " + unsafe);
  await prisma.$executeRawUnsafe(unsafe);
}`);
    assert.deepEqual(
      queries.map((query) => [query.sql, query.operation, query.approximate]),
      [
        ["SELECT * FROM orders WHERE id = $1 AND x = $2", "select", null],
        ['SELECT 1 FROM "User" WHERE id = $1 LIMIT $2', "select", null],
        ["DELETE FROM orders", "delete", null],
        ["SELECT 1 WHERE id IN ($1)", "select", "a list of values joined at run time"],
        ["SELECT * FROM orders WHERE id = $1", "select", null],
        ["SELECT * FROM $1", "select", "the SQL is put together with `unsafe`"],
        [null, "other", "the SQL is `unsafe`, not written out"],
      ],
    );
    assert.deepEqual(queries[1]?.modelIds, ["model:prisma:User"]);
    assert.ok(queries.every((query) => query.within === "f" && query.form === "sql"));
  });

  it("C06 hashes the very text of a use", () => {
    const code = "const rows = await getDbClient(tx)\n  .user.findMany();";
    const [use] = read({ "prisma/schema.prisma": SHOP, "src/a.ts": code }).uses;
    assert.ok(use);
    assert.equal(use.hash, hashText(new LineIndex(code).slice([0, 19, 1, 7])));
    assert.deepEqual([use.range.start.character, use.range.end.character], [19, 7]);
  });

  it("C02 keeps the id of a query when lines move", () => {
    const code = "export function a() { prisma.user.findMany(); prisma.user.findMany(); }";
    const ids = (text: string) => queriesOf(text).map((query) => query.id);
    assert.deepEqual(ids(code), [
      "query:prisma:src/a.ts#a:user.findMany",
      "query:prisma:src/a.ts#a:user.findMany:2",
    ]);
    assert.deepEqual(ids(`// more\n\n${code}`), ids(code));
  });

  it("C06 counts uses of a model: calls, delegates and types of the generated client", () => {
    const { uses } = read({
      "prisma/schema.prisma": `generator client {\n provider = "prisma-client"\n output = "../src/generated/prisma"\n}\n${SHOP}`,
      "src/a.ts": `import { User, Prisma } from "@prisma/client";
export function f(user: User, where: Prisma.OrderWhereInput) { return prisma.user.findMany(); }`,
      "src/b.ts": `import type { Order as Row } from "./generated/prisma/client"; import { User } from "./other"; let x: Row; let y: User;`,
      "src/other.ts": "export class User { prisma = 1; }",
      "src/c.ts": `import { User } from "./barrel"; const u: User = prisma;`,
      "src/barrel.ts": `export type { User } from "@prisma/client";`,
    });
    assert.deepEqual(uses.map((use) => `${use.uri} ${use.modelId.split(":")[2]} ${use.within}`).sort(), [
      "src/a.ts Order f",
      "src/a.ts User f",
      "src/a.ts User f",
      "src/b.ts Order null",
      "src/c.ts User null",
    ]);
  });
});
