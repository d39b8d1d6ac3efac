import assert from "node:assert/strict";
import type { Model, RelationKind } from "../../../../../src/workspace/ir/model.ts";
import { prismaStack } from "../../../../../src/workspace/stacks/prisma/prisma.ts";
import { expectedOf, readStack, sampleTexts } from "../../read-stack.ts";

interface ExpectedModel {
  readonly name: string;
  readonly qualifiedName: string;
  readonly file: string;
  readonly line: number;
  readonly table: string;
  readonly fields: readonly string[];
  readonly primaryKey: readonly string[];
  readonly columns: readonly {
    readonly field: string;
    readonly column: string;
    readonly type: string;
    readonly native?: string;
    readonly nullable: boolean;
    readonly default?: boolean;
    readonly unique?: boolean;
  }[];
  readonly relations: readonly {
    readonly field: string;
    readonly to: string;
    readonly kind: string;
    readonly fields?: readonly string[];
    readonly references?: readonly string[];
    readonly onDelete: string | null;
    readonly onUpdate?: string;
    readonly table?: string;
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly fields: readonly string[];
    readonly unique?: boolean;
    readonly kind?: string;
    readonly ops?: unknown;
  }[];
}

interface Expected {
  readonly models: readonly ExpectedModel[];
  readonly enums: readonly {
    readonly name: string;
    readonly dbName: string;
    readonly values: readonly string[];
  }[];
  readonly queries: readonly {
    readonly file: string;
    readonly line: number;
    readonly model: string;
    readonly operation: string;
  }[];
  readonly rawSql: readonly {
    readonly file: string;
    readonly line: number;
    readonly call: string;
    readonly dynamic: boolean;
    readonly sql: string | null;
  }[];
}

const ACTIONS: Readonly<Record<string, string>> = {
  cascade: "Cascade",
  restrict: "Restrict",
  "set-null": "SetNull",
  "no-action": "NoAction",
};
const KINDS: Readonly<Record<RelationKind, string>> = {
  "many-to-one": "manyToOne",
  "one-to-one": "oneToOne",
  "one-to-many": "oneToMany",
  "many-to-many": "manyToMany",
};

function rowsOfModel(model: Model): readonly string[] {
  const place = `${model.uri}:${model.nameRange.start.line + 1}`;
  const fieldOf = (column: string | null) =>
    model.fields.find((field) => field.column === column)?.name ?? String(column);
  const rows = [`${model.qualifiedName} ${place} table ${model.table}`];
  const key = model.constraints.find((constraint) => constraint.kind === "primary-key");
  rows.push(`${model.name} key ${key?.columns.map(fieldOf)}`);
  for (const field of model.fields) {
    const [type, native = ""] = field.type.declared.split(" @db.");
    const isDefault = field.default !== null && field.default.text !== "@updatedAt";
    const single = model.indexes.some(
      (index) => index.unique && index.origin === "field" && index.columns[0]?.column === field.column,
    );
    rows.push(
      `${model.name}.${field.name} ${field.column} ${type}${field.type.array ? "[]" : ""} ${native.replace(/ /g, "")} ${field.nullable} ${isDefault} ${single}`,
    );
  }
  for (const relation of model.relations) {
    const own = relation.columns.length > 0;
    rows.push(
      `${model.name}.${relation.name} ${KINDS[relation.kind]} ${relation.target} ${relation.columns.map(fieldOf)} ${own ? ACTIONS[relation.onDelete ?? ""] : null} ${relation.through}`,
    );
  }
  for (const index of model.indexes) {
    if (index.origin === "primary-key") continue;
    const columns = index.columns.map(
      (column) => (column.order === "desc" ? "-" : "") + fieldOf(column.column),
    );
    rows.push(`${model.name} index ${index.name} ${columns} ${index.unique} ${index.method}`);
  }
  return rows;
}

function rowsOfExpected(model: ExpectedModel): readonly string[] {
  return [
    `${model.qualifiedName} ${model.file}:${model.line} table ${model.table}`,
    `${model.name} key ${model.primaryKey}`,
    ...model.columns.map(
      (column) =>
        `${model.name}.${column.field} ${column.column} ${column.type} ${(column.native ?? "").replace(/ /g, "")} ${column.nullable} ${column.default ?? false} ${column.unique ?? false}`,
    ),
    ...model.relations.map(
      (relation) =>
        `${model.name}.${relation.field} ${relation.kind} ${relation.to} ${relation.fields ?? ""} ${relation.onDelete} ${relation.table ?? null}`,
    ),
    ...model.indexes.map(
      (index) =>
        `${model.name} index ${index.name} ${index.fields} ${index.unique ?? false} ${(index.kind ?? "btree").toLowerCase()}`,
    ),
  ];
}

function differences(expected: readonly string[], found: readonly string[]): readonly string[] {
  const wanted = new Set(expected);
  const seen = new Set(found);
  return [
    ...expected.filter((row) => !seen.has(row)).map((row) => `missing: ${row}`),
    ...found.filter((row) => !wanted.has(row)).map((row) => `not expected: ${row}`),
  ];
}

function oneLine(sql: string | null): string | null {
  return sql === null ? null : sql.replace(/\s+/g, " ").trim();
}

describe("the Prisma shop", () => {
  const expected = expectedOf("shop-prisma") as Expected;
  const found = readStack(prismaStack, sampleTexts("shop-prisma"));

  it("C01 has the models, columns, keys, relations and indexes that are written down for it", () => {
    assert.ok(expected.models.length > 20);
    assert.deepEqual(
      differences(expected.models.flatMap(rowsOfExpected), found.models.flatMap(rowsOfModel)),
      [],
    );
    for (const model of expected.models) {
      const names = found.models.find((candidate) => candidate.name === model.name);
      const all = [...(names?.fields ?? []), ...(names?.relations ?? [])].map((field) => field.name);
      assert.deepEqual(all.sort(), [...model.fields].sort());
    }
    assert.deepEqual(found.gaps, []);
  });

  it("C01 has the values of its enums", () => {
    const types = new Map(
      found.models
        .flatMap((model) => model.fields)
        .filter((field) => field.type.logical === "enum")
        .map((field) => [field.type.declared, field.type]),
    );
    for (const entry of expected.enums) {
      const type = types.get(entry.name);
      if (!type) continue;
      assert.equal(type.native, entry.dbName);
      assert.equal(type.values.length, entry.values.length);
    }
    assert.ok(types.size > 5);
  });

  it("C06 has the calls of Prisma Client with the model they start from", () => {
    const calls = found.queries
      .filter((query) => query.form === "orm")
      .map(
        (query) =>
          `${query.uri}:${query.range.start.line + 1} ${query.tables[0]} ${query.name.split(".")[1]}`,
      );
    const wanted = expected.queries.map(
      (query) => `${query.file}:${query.line} ${query.model} ${query.operation}`,
    );
    assert.deepEqual(differences(wanted, calls), []);
  });

  it("C01 has its raw SQL, and says which of it is put together at run time", () => {
    const raw = found.queries
      .filter((query) => query.form === "sql")
      .map(
        (query) =>
          `${query.uri}:${query.range.start.line + 1} ${query.name} ${query.approximate !== null} ${query.approximate === null ? oneLine(query.sql) : null}`,
      );
    const wanted = expected.rawSql.map(
      (row) => `${row.file}:${row.line} ${row.call} ${row.dynamic} ${oneLine(row.sql)}`,
    );
    assert.deepEqual(differences(wanted, raw), []);
  });

  it("C06 links raw SQL to the models behind its tables", () => {
    const report = found.queries.find((query) => query.sql?.includes("sum(i.quantity)"));
    assert.deepEqual(report?.tables, ["order_items", "orders", "products"]);
    assert.deepEqual(report?.modelIds, [
      "model:prisma:OrderItem",
      "model:prisma:Order",
      "model:prisma:Product",
    ]);
    assert.equal(report?.dialect, "postgresql");
  });
});
