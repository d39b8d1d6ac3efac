import assert from "node:assert/strict";
import type { Model, Relation } from "../../../../../src/workspace/ir/model.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { differences, type ExpectedModel, expected, shopFolder } from "./expected.ts";
import { filesOf, readFiles } from "./read-workspace.ts";

const keyOf = (model: ExpectedModel) => (model.proxy ? null : model.primaryKey);

describe("Django: models of the sample shop", () => {
  let found: Contribution;
  before(async () => {
    found = await readFiles(filesOf(shopFolder));
  });

  const eachModel = (
    line: (model: Model) => readonly string[],
    wanted: (model: ExpectedModel) => readonly string[],
  ) =>
    differences(
      found.models.flatMap((model) => line(model).map((text) => `${model.qualifiedName} ${text}`)),
      expected.models.flatMap((model) => wanted(model).map((text) => `${model.qualifiedName} ${text}`)),
    );

  it("C01 finds every model with its table, file and line, and no other", () => {
    const lines = eachModel(
      (model) => [
        `${model.uri}:${model.nameRange.start.line + 1} ${model.table} ${model.abstract} ${model.proxyOf !== null}`,
      ],
      (model) => [`${model.file}:${model.line} ${model.table} ${model.abstract} ${model.proxy === true}`],
    );
    assert.deepEqual(lines, []);
  });

  it("C01 finds the fields of every model, inherited and implicit ones included", () => {
    const lines = eachModel(
      (model) => model.fields.map((field) => field.name),
      (model) => model.fields,
    );
    assert.deepEqual(lines, []);
  });

  it("C01 gives columns with native type, nullability, uniqueness and default", () => {
    const text = (
      field: string,
      column: string | null,
      type: string | null,
      flags: readonly (string | false | undefined)[],
    ) => [field, column, type?.replace(", ", ","), ...flags.filter(Boolean)].join(" ");
    const withColumns = new Set(
      expected.models.filter((model) => model.columns).map((model) => model.qualifiedName),
    );
    const lines = eachModel(
      (model) =>
        withColumns.has(model.qualifiedName)
          ? model.fields
              .filter((field) => field.column !== null)
              .map((field) => {
                const hasDefault = field.default !== null && !field.default.text.startsWith("auto_now");
                return text(field.name, field.column, field.type.native, [
                  field.nullable && "null",
                  field.unique && "unique",
                  hasDefault && "default",
                ]);
              })
          : [],
      (model) =>
        (model.columns ?? []).map((column) =>
          text(column.field, column.column, column.type.replace("time without time zone", "time"), [
            column.nullable && "null",
            column.unique && "unique",
            column.default && "default",
          ]),
        ),
    );
    assert.deepEqual(lines, []);
  });

  it("C01 tells declared from inherited fields, and the primary key", () => {
    const lines = eachModel(
      (model) => [
        `key ${model.abstract ? null : (model.fields.find((field) => field.primaryKey)?.name ?? null)}`,
        ...model.fields
          .filter((field) => field.inheritedFrom === null && field.source.range !== model.range)
          .map((field) => field.name),
      ],
      (model) => [
        `key ${keyOf(model)}`,
        ...model.declaredFields.filter((name) => model.fields.includes(name)),
      ],
    );
    assert.deepEqual(lines, []);
  });

  it("C01 ties forward relations to their targets, with deletion, join table and inverse", () => {
    const kinds: Record<string, Relation["kind"]> = {
      foreignKey: "many-to-one",
      oneToOne: "one-to-one",
      manyToMany: "many-to-many",
      genericForeignKey: "many-to-one",
      genericRelation: "one-to-many",
    };
    const actions: Record<string, string> = {
      CASCADE: "cascade",
      PROTECT: "restrict",
      SET_NULL: "set-null",
      DO_NOTHING: "no-action",
    };
    const isReverse = (relation: Relation, model: Model) =>
      relation.direction === "reverse" && relation.source.uri !== model.uri;
    const declared = (model: Model) => {
      const own = new Set(
        expected.models
          .find((each) => each.qualifiedName === model.qualifiedName)
          ?.relations.map((each) => each.field),
      );
      return model.relations.filter(
        (relation) =>
          !isReverse(relation, model) && (relation.direction === "forward" || own.has(relation.name)),
      );
    };
    const lines = eachModel(
      (model) =>
        declared(model).map(
          (each) =>
            `${each.name} ${each.kind} ${each.target} ${each.onDelete} ${each.through} ${each.enforced || each.inverse === null}`,
        ),
      (model) =>
        model.relations.map((each) => {
          const enforced = each.constraint !== false;
          const target = each.to ?? "any model";
          return `${each.field} ${kinds[each.kind]} ${target} ${actions[each.onDelete ?? ""] ?? null} ${each.through ?? each.table ?? null} ${enforced || each.relatedName === "+"}`;
        }),
    );
    assert.deepEqual(lines, []);
  });

  it("C06 gives every target its reverse accessor, hidden ones excepted", () => {
    const wanted = expected.models.flatMap((model) =>
      model.relations.flatMap((each) => {
        if (!each.to || each.kind.startsWith("generic") || each.relatedName === "+") return [];
        const byDefault = each.kind === "oneToOne" ? "" : "_set";
        const name = each.relatedName ?? `${model.qualifiedName.split(".")[1]?.toLowerCase()}${byDefault}`;
        return expected.models.some((other) => other.qualifiedName === each.to)
          ? [`${each.to}.${name} from ${model.qualifiedName}`]
          : [];
      }),
    );
    const reverse = found.models.flatMap((model) =>
      model.relations
        .filter((each) => each.direction === "reverse" && each.inverse !== null)
        .map((each) => `${model.qualifiedName}.${each.name} from ${each.target}`),
    );
    // The accessor of a relation to a proxy stands on the model whose table it shares.
    const concrete = wanted.map((line) => line.replace(/^accounts\.StaffMember\./, "accounts.User."));
    assert.deepEqual(differences(reverse, concrete), []);
  });

  it("C01 finds declared indexes with columns, order, method, predicate and included columns", () => {
    const lines = eachModel(
      (model) =>
        model.indexes
          .filter((index) => index.origin === "declared")
          .map((index) => {
            const columns = index.columns.map(
              (each) => `${each.order === "desc" ? "-" : ""}${each.column ?? "expression"}`,
            );
            return `${index.name} ${columns} ${index.method} ${index.predicate !== null} ${index.include}`;
          }),
      (model) => {
        const column = (name: string) => {
          const plain = name.replace(/^-/, "");
          const own = model.columns?.find((each) => each.field === plain)?.column ?? plain;
          return name.startsWith("-") ? `-${own}` : own;
        };
        return model.indexes.map((index) => {
          const columns = [...(index.expressions ?? []).map(() => "expression"), ...index.fields.map(column)];
          return `${index.name} ${columns} ${index.kind === "GinIndex" ? "gin" : "btree"} ${index.partial === true} ${(index.include ?? []).map(column)}`;
        });
      },
    );
    assert.deepEqual(lines, []);
  });

  it("C01 finds named constraints and unique_together", () => {
    const lines = eachModel(
      (model) =>
        model.constraints
          .filter((each) => each.name !== null || each.columns.length > 1)
          .map(
            (each) =>
              `${each.name} ${each.kind} ${each.kind === "unique" ? each.columns : ""} ${each.kind === "unique" && each.expression !== null}`,
          ),
      (model) => {
        const column = (name: string) => model.columns?.find((each) => each.field === name)?.column ?? name;
        const named = model.constraints.map(
          (each) => `${each.name} ${each.kind} ${(each.fields ?? []).map(column)} ${each.partial === true}`,
        );
        return [
          ...named,
          ...(model.uniqueTogether ?? []).map((group) => `null unique ${group.map(column)} false`),
        ];
      },
    );
    assert.deepEqual(lines, []);
  });

  it("C01 knows which foreign keys have no index", () => {
    const lines = eachModel(
      (model) =>
        model.fields
          .filter(
            (field) =>
              field.column !== null &&
              !field.indexed &&
              field.column.endsWith("_id") &&
              field.name !== "event_id" &&
              field.name !== "object_id",
          )
          .map((field) => field.name),
      (model) => model.relations.filter((each) => each.indexed === false).map((each) => each.field),
    );
    assert.deepEqual(lines, []);
  });

  it("C01 every object and part has a range and the hash of its text", () => {
    const parts = found.models.flatMap((model) => [
      { label: model.id, hash: model.hash },
      ...[...model.fields, ...model.relations, ...model.indexes, ...model.constraints].map((part) => ({
        label: `${model.id} ${part.name ?? "unnamed"}`,
        hash: part.source.hash,
      })),
    ]);
    assert.deepEqual(
      parts.filter((part) => !/^[0-9a-f]{16}$/.test(part.hash)).map((part) => part.label),
      [],
    );
  });
});
