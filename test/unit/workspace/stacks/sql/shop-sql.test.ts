import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { SqlReader, sampleTexts } from "./read-sql.ts";

const Truth = z.object({
  models: z.array(
    z.object({
      kind: z.string(),
      qualifiedName: z.string(),
      file: z.string(),
      line: z.number(),
      columns: z.array(
        z.object({
          field: z.string(),
          type: z.string(),
          nullable: z.boolean(),
          default: z.unknown().optional(),
        }),
      ),
      primaryKey: z.array(z.string()).nullish(),
      relations: z.array(
        z.object({
          field: z.string(),
          to: z.string(),
          references: z.array(z.string()),
          onDelete: z.string(),
          name: z.string(),
        }),
      ),
      indexes: z.array(
        z.object({
          name: z.string(),
          fields: z.array(z.string()),
          unique: z.boolean().optional(),
          partial: z.boolean().optional(),
        }),
      ),
    }),
  ),
  migrations: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      dependencies: z.array(z.string()),
      transaction: z.boolean(),
      reversible: z.boolean(),
    }),
  ),
  namedQueries: z.array(z.object({ name: z.string(), file: z.string(), line: z.number() })),
  rawSql: z.array(
    z.object({ file: z.string(), line: z.number(), dynamic: z.boolean(), sql: z.string().nullable() }),
  ),
});

describe("SQL: the sample shop", () => {
  let reader: SqlReader;
  let found: Contribution;
  const truth = Truth.parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, "../../../../workspaces/shop-sql.expected.json"), "utf8"),
    ),
  );
  const tables = truth.models.filter(({ kind }) => kind.endsWith("table"));

  before(async () => {
    reader = await SqlReader.create();
    found = reader.read(sampleTexts("shop-sql"));
  });
  after(() => reader.delete());

  it("C01 finds every table once, where schema.sql creates it", () => {
    assert.deepEqual(
      found.models
        .map(({ qualifiedName, uri, range }) => `${qualifiedName} ${uri}:${range.start.line + 1}`)
        .sort(),
      tables.map(({ qualifiedName, file, line }) => `${qualifiedName} ${file}:${line}`).sort(),
    );
  });

  it("C01 finds columns with type, nullability and default", () => {
    assert.deepEqual(
      listed((model) =>
        model.fields.map(
          ({ name, type, nullable, default: value }) =>
            `${name} ${longType(type.native)} ${nullable} ${value !== null}`,
        ),
      ),
      expected((model) =>
        model.columns.map(
          (column) => `${column.field} ${column.type} ${column.nullable} ${column.default !== undefined}`,
        ),
      ),
    );
  });

  it("C01 finds keys, indexes and relations as PostgreSQL has them", () => {
    assert.deepEqual(
      listed((model) => model.fields.filter(({ primaryKey }) => primaryKey).map(({ name }) => name)),
      expected((model) => model.primaryKey ?? []),
    );
    assert.deepEqual(
      listed((model) =>
        model.indexes
          .filter(({ origin }) => origin !== "primary-key")
          .map(
            ({ name, unique, predicate, columns }) =>
              `${name} ${unique} ${predicate !== null} ${columns.map(({ column, order }) => (column ?? "expression") + (order === "desc" ? " DESC" : "")).join()}`,
          )
          .sort(),
      ),
      expected((model) =>
        model.indexes
          .map(
            ({ name, unique = false, partial = false, fields }) =>
              `${name} ${unique} ${partial} ${fields.map((field) => (field.includes("(") ? "expression" : field)).join()}`,
          )
          .sort(),
      ),
    );
    assert.deepEqual(
      listed((model) =>
        model.relations
          .filter(({ direction }) => direction === "forward")
          .map(
            ({ columns, target, targetColumns, onDelete }) =>
              `${columns} ${target}(${targetColumns}) ${onDelete}`,
          )
          .sort(),
      ),
      expected((model) =>
        model.relations
          .map(
            ({ field, to, references, onDelete }) =>
              `${field} ${to}(${references}) ${onDelete.toLowerCase().replace(" ", "-")}`,
          )
          .sort(),
      ),
    );
  });

  it("C01 finds the migrations in order, with what they say of transactions and the way back", () => {
    assert.deepEqual(
      found.migrations.map(({ name, uri, dependencies, transactional, reversible }) => ({
        name,
        file: uri,
        dependencies: dependencies.map((id) => id.slice(id.indexOf("#") + 1)),
        transaction: transactional,
        reversible,
      })),
      truth.migrations,
    );
  });

  it("C06 links migrations to the tables they touch, and queries to those they use", () => {
    const names = new Map(found.models.map(({ id, name }) => [id, name]));
    const links = (ids: readonly string[]) => ids.map((id) => names.get(id)).join();
    const migrated = new Map(found.migrations.map(({ name, modelIds }) => [name, links(modelIds)]));
    assert.equal(migrated.get("20250203095500_order_channel"), "orders");
    assert.equal(
      migrated.get("20251104101500_api_keys_and_cleanup"),
      "api_keys,import_log,payments,products",
    );
    const queried = new Map(found.queries.map(({ name, modelIds }) => [name, links(modelIds)]));
    assert.equal(queried.get("ListBooksOfAuthor"), "authors,book_authors,books,products");
    assert.ok(
      found.uses.some(({ modelId, uri }) => names.get(modelId) === "api_keys" && uri === "service/auth.js"),
    );
  });

  it("C01 finds named queries where their comment stands", () => {
    assert.deepEqual(
      found.queries
        .filter(({ uri }) => uri.endsWith(".sql"))
        .map(({ name, uri, range }) => `${uri}:${range.start.line + 1} ${name}`),
      truth.namedQueries.map(({ name, file, line }) => `${file}:${line} ${name}`),
    );
  });

  it("C01 finds SQL in Python and JavaScript, and says which is put together", () => {
    const literals = found.queries.filter(({ uri }) => !uri.endsWith(".sql"));
    assert.deepEqual(
      literals.map(({ uri, range, approximate, sql }) => ({
        place: `${uri}:${range.start.line + 1}`,
        dynamic: approximate !== null,
        sql: approximate === null ? oneLine(sql ?? "") : null,
      })),
      truth.rawSql.map(({ file, line, dynamic, sql }) => ({ place: `${file}:${line}`, dynamic, sql })),
    );
    assert.ok(found.queries.every(({ dialect }) => dialect === "postgresql"));
  });

  it("C08 says that views are left out", () => {
    assert.deepEqual(found.gaps.map(({ what }) => what).sort(), [
      "materialized view public.daily_sales",
      "view public.product_ratings",
    ]);
  });

  it("C02 gives ids that do not repeat", () => {
    const ids = [...found.models, ...found.queries, ...found.migrations].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  function listed(values: (model: Contribution["models"][number]) => readonly string[]): string[] {
    return found.models.map((model) => `${model.qualifiedName}: ${values(model).join("; ")}`).sort();
  }

  function expected(values: (model: (typeof tables)[number]) => readonly string[]): string[] {
    return tables.map((model) => `${model.qualifiedName}: ${values(model).join("; ")}`).sort();
  }
});

/** The catalog writes `varchar(20)`, PostgreSQL's format_type() `character varying(20)`. */
function longType(native: string | null): string {
  return (native ?? "")
    .replace(/^varchar/, "character varying")
    .replace(/^char\(/, "character(")
    .replace(/^timestamp$/, "timestamp without time zone");
}

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, " ").trim();
}
