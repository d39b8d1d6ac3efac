import assert from "node:assert/strict";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { drizzleStack } from "../../../../../src/workspace/stacks/drizzle/drizzle.ts";
import { readStack, type Texts } from "../../read-stack.ts";

/** What Drizzle's own `getTableConfig` says of these tables was compared with what is expected here. */
const SHOP: Texts = {
  "src/db/columns.ts": `
import { timestamp, uuid, customType } from "drizzle-orm/pg-core";

export const timestamps = {
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).$onUpdate(() => new Date()),
};
export const id = () => uuid("id").primaryKey().defaultRandom();
export const citext = customType<{ data: string }>({ dataType: () => "citext" });
`,
  "src/db/schema.ts": `
import { relations, sql } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import {
  boolean, check, foreignKey, index, integer, jsonb, numeric, pgEnum, pgSchema, pgTable, primaryKey, serial, text,
  unique, uniqueIndex, uuid, varchar, type AnyPgColumn,
} from "drizzle-orm/pg-core";
import { citext, id, timestamps } from "./columns";

const STATES = ["draft", "active"] as const;
export const state = pgEnum("book_state", STATES);
export const staff = pgSchema("staff");

export const authors = pgTable("authors", {
  id: id(),
  name: varchar("full_name", { length: 200 }).notNull(),
  email: citext("email").unique(),
  mentorId: uuid("mentor_id").references((): AnyPgColumn => authors.id, { onDelete: "set null" }),
  ...timestamps,
});

export const books = pgTable(
  "books",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    title: text().notNull(),
    state: state("state").notNull().default("draft"),
    price: numeric("price", { precision: 10, scale: 2 }).notNull(),
    tags: text("tags").array().notNull().default([]),
    extra: jsonb("extra").default(sql\`'{}'::jsonb\`),
    authorId: uuid("author_id").notNull().references(() => authors.id, { onDelete: "cascade", onUpdate: "restrict" }),
    editorId: uuid("editor_id"),
    hidden: boolean("hidden").default(false),
  },
  (t) => [
    index("books_title_idx").using("gin", t.title.op("gin_trgm_ops")),
    uniqueIndex("books_author_title").on(t.authorId, t.title.desc().nullsLast()).where(sql\`\${t.hidden} = false\`),
    index("books_lower").on(sql\`lower(\${t.title})\`),
    unique("books_state_title").on(t.state, t.title),
    check("books_price_positive", sql\`\${t.price} >= 0\`),
    foreignKey({ columns: [t.editorId], foreignColumns: [editors.id], name: "books_editor_fk" }).onDelete("restrict"),
  ],
);

export const editors = staff.table("editors", { id: uuid("id").primaryKey(), no: serial("no") });

export const shelves = pgTable("shelves", (t) => ({
  bookId: t.integer("book_id").notNull().references(() => books.id),
  shelf: t.varchar({ length: 20 }).notNull(),
}), (t) => ({ pk: primaryKey({ columns: [t.bookId, t.shelf] }) }));

export const bookRelations = relations(books, ({ one, many }) => ({
  author: one(authors, { fields: [books.authorId], references: [authors.id] }),
  places: many(shelves),
}));
export const authorRelations = relations(authors, ({ many }) => ({ books: many(books) }));
export const shelfRelations = relations(shelves, ({ one }) => ({
  book: one(books, { fields: [shelves.bookId], references: [books.id] }),
}));
`,
  "src/books.ts": `
import { alias } from "drizzle-orm/pg-core";
import { db } from "./db";
import * as schema from "./db/schema";
import { authors, books } from "./db/schema";

export async function listBooks(where) {
  const mentor = alias(authors, "mentor");
  return db.select({ title: books.title }).from(books).innerJoin(authors, eq(authors.id, books.authorId))
    .leftJoin(mentor, eq(mentor.id, authors.mentorId)).where(where);
}
export const one = (id: number) =>
  db.query.books.findFirst({ with: { author: true, places: { columns: {} } }, where: (b, { eq }) => eq(b.id, id) });
export class Shelf {
  put() { return db.insert(schema.shelves).values({ bookId: 1, shelf: "A" }).returning(); }
  drop(tx) { return tx.delete(books); }
  names() { return new Map().delete(name); }
}
`,
};

const found = readStack(drizzleStack, SHOP);

function model(name: string): Model {
  const model = found.models.find((candidate) => candidate.name === name);
  assert.ok(model, name);
  return model;
}

function columns(name: string): readonly string[] {
  return model(name).fields.map(
    ({ name, column, type, nullable, primaryKey, default: value, generated }) =>
      `${name} ${column} ${type.native} ${nullable ? "null" : "not null"}${primaryKey ? " key" : ""}${generated ? " generated" : ""}${value ? ` ${value.kind} ${value.text}` : ""}`,
  );
}

describe("drizzleStack", () => {
  it("C01 reads columns with their native types, defaults and shared objects", () => {
    assert.deepEqual(columns("authors"), [
      "id id uuid not null key database gen_random_uuid()",
      "name full_name varchar(200) not null",
      "email email citext null",
      "mentorId mentor_id uuid null",
      "createdAt created_at timestamp with time zone not null database now()",
      "updatedAt updated_at timestamp(3) with time zone null application Date()",
    ]);
    assert.deepEqual(columns("books"), [
      "id id integer not null key generated",
      "title title text not null",
      'state state book_state not null literal "draft"',
      "price price numeric(10,2) not null",
      "tags tags text[] not null literal []",
      "extra extra jsonb null database '{}'::jsonb",
      "authorId author_id uuid not null",
      "editorId editor_id uuid null",
      "hidden hidden boolean null literal false",
    ]);
    assert.deepEqual(model("books").fields[2]?.type.values, ["draft", "active"]);
    assert.deepEqual(columns("shelves"), [
      "bookId book_id integer not null key",
      "shelf shelf varchar(20) not null key",
    ]);
    assert.deepEqual(
      found.models.flatMap(({ gaps }) => gaps),
      [],
    );
  });

  it("C01 places a model, its name and a column of another file", () => {
    const { uri, nameRange, fields, table } = model("authors");
    assert.deepEqual(
      [uri, nameRange.start, table],
      ["src/db/schema.ts", { line: 13, character: 13 }, "authors"],
    );
    assert.deepEqual(fields.find(({ name }) => name === "createdAt")?.source.uri, "src/db/columns.ts");
    assert.equal(model("editors").table, "staff.editors");
    assert.equal(model("editors").qualifiedName, "staff.editors");
  });

  it("C01 reads indexes, unique constraints, checks and keys with the names Drizzle gives", () => {
    assert.deepEqual(
      model("books").indexes.map(
        ({ name, columns, method, unique, predicate, origin }) =>
          `${name} ${columns.map((part) => `${part.column ?? part.expression} ${part.order}${part.nulls ? ` nulls ${part.nulls}` : ""}${part.opclass ? ` ${part.opclass}` : ""}`)} ${method} ${unique} ${predicate} ${origin}`,
      ),
      [
        "books_pkey id asc btree true null primary-key",
        "books_title_idx title asc gin_trgm_ops gin false null declared",
        "books_author_title author_id asc,title desc nulls last btree true hidden = false declared",
        "books_lower lower(title) asc btree false null declared",
        "books_state_title state asc,title asc btree true null unique",
      ],
    );
    assert.deepEqual(
      [...model("books").constraints, ...model("authors").constraints, ...model("shelves").constraints].map(
        ({ kind, name, expression }) => `${kind} ${name} ${expression}`,
      ),
      [
        "primary-key books_pkey null",
        "foreign-key books_author_id_authors_id_fk null",
        "unique books_state_title null",
        "check books_price_positive price >= 0",
        "foreign-key books_editor_fk null",
        "primary-key authors_pkey null",
        "unique authors_email_unique null",
        "foreign-key authors_mentor_id_authors_id_fk null",
        "primary-key shelves_book_id_shelf_pk null",
        "foreign-key shelves_book_id_books_id_fk null",
      ],
    );
  });

  it("C01 joins keys and declared relations, both ways", () => {
    const rows = (name: string) =>
      model(name).relations.map(
        ({ name, kind, direction, target, columns, targetColumns, onDelete, inverse, enforced }) =>
          `${name} ${kind} ${direction} ${target} ${columns}>${targetColumns} ${onDelete} ${inverse} ${enforced}`,
      );
    assert.deepEqual(rows("books"), [
      "author many-to-one forward authors author_id>id cascade books true",
      "editorId many-to-one forward staff.editors editor_id>id restrict books true",
      "places one-to-many reverse shelves >book_id null book true",
    ]);
    assert.deepEqual(rows("authors"), [
      "mentorId many-to-one forward authors mentor_id>id set-null authors true",
      "books one-to-many reverse books >author_id null author true",
      "authors one-to-many reverse authors >mentor_id null mentorId true",
    ]);
    assert.deepEqual(rows("editors"), ["books one-to-many reverse books >editor_id null editorId true"]);
  });

  it("C06 finds queries with all their tables, and leaves other calls of the same names alone", () => {
    assert.deepEqual(
      found.queries.map(
        ({ name, operation, tables, within, approximate }) =>
          `${within}: ${name} ${operation} ${tables} ${approximate}`,
      ),
      [
        "listBooks: books.select select books,authors `where` is not written out",
        "one: books.findFirst select books,authors,shelves null",
        "Shelf.put: shelves.insert insert shelves null",
        "Shelf.drop: books.delete delete books null",
      ],
    );
    assert.deepEqual(new Set(found.queries.map(({ form, sql }) => `${form} ${sql}`)), new Set(["orm null"]));
    assert.deepEqual(
      found.uses
        .filter(({ modelId }) => modelId === "model:drizzle:authors")
        .map(({ within, range }) => [within, range.start.line]),
      [
        ["listBooks", 8],
        ["listBooks", 9],
      ],
    );
  });

  it("C01 follows a table creator with a prefix, and the casing of the client", () => {
    const { models } = readStack(drizzleStack, {
      "db/table.ts": `import { sqliteTableCreator } from "drizzle-orm/sqlite-core";
const PREFIX = "shop";
export const createTable = sqliteTableCreator((name) => \`\${PREFIX}_\${name}\`);`,
      "db/schema.ts": `import { int, integer, text } from "drizzle-orm/sqlite-core";
import { createTable } from "./table.ts";
export const users = createTable("user", {
  id: integer().primaryKey({ autoIncrement: true }),
  firstName: text({ length: 50 }),
  isAdmin: int({ mode: "boolean" }).notNull(),
  seenAt: integer({ mode: "timestamp" }),
});`,
      "db/index.ts": `import { drizzle } from "drizzle-orm/libsql";
export const db = drizzle(url, { casing: "snake_case" });`,
    });
    assert.deepEqual(
      models.map(({ table, fields }) => [
        table,
        fields.map(({ column, type, generated }) => `${column} ${type.native} ${type.logical} ${generated}`),
      ]),
      [
        [
          "shop_user",
          [
            "id integer integer true",
            "first_name text(50) text false",
            "is_admin integer boolean false",
            "seen_at integer datetime false",
          ],
        ],
      ],
    );
  });

  it("C01 follows a casing that is a constant, and what parameters are when nothing is given", () => {
    const { models } = readStack(drizzleStack, {
      "core/casing.ts": `import type { Casing } from "drizzle-orm";
export const CASING: Casing = "snake_case";`,
      "core/client.ts": `import { drizzle } from "drizzle-orm/libsql";
import { CASING } from "./casing";
export const db = drizzle(url, { casing: CASING });`,
      "core/schema.ts": `import { integer, sqliteTable } from "drizzle-orm/sqlite-core";
function time(name = "made_at") {
  return integer(name, { mode: "timestamp" }).notNull();
}
export const lists = sqliteTable("lists", {
  ownerId: integer().notNull(),
  addedAt: time(),
  savedAt: time("saved"),
});`,
    });
    assert.deepEqual(
      models.flatMap(({ fields }) => fields.map(({ column }) => column)),
      ["owner_id", "made_at", "saved"],
    );
  });

  it("C08 says what it did not understand of a table", () => {
    const { models } = readStack(drizzleStack, {
      "schema.ts": `import { pgTable, integer } from "drizzle-orm/pg-core";
import { money } from "money-column";
export const a = pgTable("a", { id: integer("id"), price: money("price"), ...audit });`,
    });
    assert.deepEqual(
      models.flatMap(({ confidence, gaps }) => [
        confidence,
        ...gaps.map(({ what, why }) => `${what}: ${why}`),
      ]),
      [
        "partial",
        "column `price`: type money: it is no builder that is known",
        "columns of `audit`: what is spread into the table was not found",
      ],
    );
  });

  it("C01 is not misled by calls that are named like members of every object", () => {
    const { queries } = readStack(drizzleStack, {
      "read.ts": `import { db } from "./db";\nexport const text = db.users.toString(radix).constructor(name);`,
    });
    assert.deepEqual(queries, []);
  });

  it("C02 keeps two schemas with a table of the same name apart", () => {
    const table = (kind: string) =>
      `import { ${kind}Table, text } from "drizzle-orm/${kind}-core";\nexport const users = ${kind}Table("users", { id: text("id") });`;
    const { models } = readStack(drizzleStack, {
      "apps/a/schema.ts": table("pg"),
      "apps/b/schema.ts": table("sqlite"),
    });
    assert.deepEqual(
      models.map(({ id, qualifiedName }) => `${id} ${qualifiedName}`),
      ["model:drizzle:users users", "model:drizzle:apps/b/schema#users apps/b/schema#users"],
    );
  });
});
