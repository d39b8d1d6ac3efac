import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { foreignKeyWithoutIndex } from "../../../../../src/analysis/rules/foreign-key-without-index.ts";
import { modelTraits } from "../../../../../src/flows/facts/model-lines.ts";
import { Catalog } from "../../../../../src/workspace/catalog.ts";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { mergeContributions } from "../../../../../src/workspace/merge.ts";
import { collectionName } from "../../../../../src/workspace/stacks/mongoose/collection-name.ts";
import { mongooseStack } from "../../../../../src/workspace/stacks/mongoose/mongoose.ts";
import { nestStack } from "../../../../../src/workspace/stacks/nest/nest.ts";
import { sqlStack } from "../../../../../src/workspace/stacks/sql/stack.ts";
import { readStack } from "../../read-stack.ts";
import { DOCUMENTS } from "./documents.ts";

interface Truth {
  readonly collections: Readonly<Record<string, string>>;
  readonly models: readonly {
    readonly name: string;
    readonly collection: string;
    readonly base: string | null;
    readonly paths: readonly {
      readonly p: string;
      readonly type: string;
      readonly array: boolean;
      readonly required: boolean;
      readonly ref?: string;
      readonly values?: readonly string[];
    }[];
    readonly indexes: readonly {
      readonly fields: readonly string[];
      readonly unique: boolean;
      readonly partial: boolean;
      readonly name?: string;
    }[];
    readonly virtuals: readonly {
      readonly n: string;
      readonly ref: string;
      readonly foreign: string;
      readonly one: boolean;
    }[];
  }[];
}

const REPORT = { filesSeen: 0, filesParsed: 0, skipped: [], stacks: [] };
const truth = JSON.parse(readFileSync(join(import.meta.dirname, "mongoose-truth.json"), "utf8")) as Truth;

function wantedRows(model: Truth["models"][number]): readonly string[] {
  return [
    `${model.name} in ${model.collection} of ${model.base}`,
    ...model.paths.map(
      ({ p, type, array, required, values }) =>
        // Mongoose fills in an `_id`, and does not call it required.
        `${model.name}.${p} ${array ? `[${type}]` : type} ${p.endsWith("_id") || required} ${sorted(values)}`,
    ),
    ...model.paths.flatMap(({ p, ref }) => (ref ? [`${model.name}.${p} forward ${ref}`] : [])),
    ...model.virtuals.map(
      ({ n, ref, foreign, one }) =>
        `${model.name}.${n} reverse ${ref} ${foreign} ${one ? "one-to-one" : "one-to-many"}`,
    ),
    ...model.indexes.map(
      ({ fields, unique, partial, name }) =>
        `${model.name} index ${fields} ${unique} ${partial} ${name ?? ""}`,
    ),
  ];
}

/** Allowed values are a set. */
function sorted(values: readonly string[] | undefined): string {
  return [...(values ?? [])].sort().join();
}

function foundRows(model: Model): readonly string[] {
  const isTime = (name: string) => /(?:^|\.)(?:created|createdAt|updatedAt)$/.test(name);
  return [
    `${model.name} in ${model.table} of ${model.proxyOf}`,
    ...model.fields.map(
      ({ name, type, nullable }) =>
        `${model.name}.${name} ${type.declared} ${name.endsWith("_id") || (!nullable && !isTime(name))} ${sorted(type.values)}`,
    ),
    ...model.relations.map(({ name, direction, target, kind, inverse }) =>
      direction === "forward"
        ? `${model.name}.${name} forward ${target}`
        : `${model.name}.${name} reverse ${target} ${inverse} ${kind}`,
    ),
    ...(model.proxyOf ? [] : model.indexes)
      .filter(({ origin }) => origin !== "primary-key")
      .map(({ name, columns, method, unique, predicate }) => {
        const parts = columns.map(
          ({ column, order }) => `${column}:${method === "btree" ? (order === "desc" ? -1 : 1) : method}`,
        );
        const isImplied = name === parts.map((part) => part.replace(/:(\w+|-1)$/, "_$1")).join("_");
        return `${model.name} index ${parts} ${unique} ${predicate !== null} ${isImplied ? "" : name}`;
      }),
  ];
}

describe("Mongoose", () => {
  const found = readStack(mongooseStack, DOCUMENTS);
  const model = (name: string) => {
    const one = found.models.find((candidate) => candidate.name === name);
    assert.ok(one, name);
    return one;
  };

  it("C01 has the models, paths, references and indexes that Mongoose itself makes of the schemas", () => {
    const wanted = truth.models.flatMap(wantedRows).sort();
    assert.ok(wanted.length > 140);
    assert.deepEqual(found.models.flatMap(foundRows).sort(), wanted);
    assert.ok(found.models.every(({ confidence }) => confidence === "certain"));
    assert.deepEqual(found.gaps, []);
  });

  it("C01 calls collections as Mongoose does", () => {
    const names = Object.keys(truth.collections);
    assert.ok(names.length > 70);
    assert.deepEqual(
      Object.fromEntries(names.map((name) => [name, collectionName(name)])),
      truth.collections,
    );
  });

  it("C01 keeps names where `pluralize` is switched off", () => {
    const { models } = readStack(mongooseStack, {
      "db.js": `const mongoose = require("mongoose");\nmongoose.pluralize(null);`,
      "user.js": `const { Schema, model } = require("mongoose");\nmodule.exports = model("User", new Schema({ name: String }));`,
    });
    assert.deepEqual(
      models.map(({ table }) => table),
      ["User"],
    );
  });

  it("C01 places a model, its name and a path where they are written", () => {
    const branch = model("Branch");
    assert.equal(branch.uri, "src/branch.schema.ts");
    assert.equal(branch.nameRange.start.line, 12);
    assert.equal(branch.documentation, "A house of the library.");
    const opened = branch.fields.find(({ name }) => name === "opened");
    assert.deepEqual([opened?.source.range.start.line, opened?.inheritedFrom], [6, "Dated"]);
    assert.deepEqual(branch.fields.find(({ name }) => name === "role")?.default, {
      kind: "literal",
      text: '"reader"',
    });
    const member = model("Member");
    assert.deepEqual(
      member.fields
        .filter(({ name }) => /^(?:pets|notes)\._id$/.test(name))
        .map(({ nullable, default: value }) => [nullable, value?.kind]),
      [
        [false, "application"],
        [false, "application"],
      ],
    );
    assert.equal(member.nameRange.start.line, 9);
    assert.equal(member.fields.find(({ name }) => name === "name.last")?.source.range.start.line, 12);
    assert.deepEqual(
      member.relations
        .filter(({ name }) => /friends|boss/.test(name))
        .map(({ kind, columns, enforced }) => [kind, columns, enforced]),
      [
        ["many-to-many", ["friends"], false],
        ["many-to-one", ["boss"], false],
      ],
    );
  });

  it("C06 finds queries on imported and on injected models, and leaves arrays alone", () => {
    assert.deepEqual(
      found.queries.map(({ name, operation, uri, within, sql, modelIds }) => [
        name,
        operation,
        uri,
        within,
        sql,
        modelIds,
      ]),
      [
        ["Branch.findOne", "select", "BranchService.open"],
        ["Branch.updateOne", "update", "BranchService.close"],
        ["Member.find", "select", "BranchService.close"],
        ["Order.aggregate", "select", "BranchService.close"],
      ].map(([name = "", operation, within]) => [
        name,
        operation,
        "src/branch.service.ts",
        within,
        null,
        [`model:mongoose:${name.split(".")[0]}`],
      ]),
    );
    assert.ok(found.queries.every(({ approximate }) => approximate?.includes("MongoDB")));
  });

  it("C06 ties a route to the documents its service asks for", () => {
    const texts = {
      ...DOCUMENTS,
      "src/branch.controller.ts": `import { Controller, Get, Param, Post } from "@nestjs/common";
import { BranchService } from "./branch.service";
@Controller("branches")
export class BranchController {
  constructor(private readonly service: BranchService) {}
  @Get(":name") open(@Param("name") name: string) { return this.service.open(name); }
  @Post(":id/close") close(@Param("id") id: string) { return this.service.close(id); }
}`,
    };
    const { routes } = mergeContributions([readStack(nestStack, texts), readStack(mongooseStack, texts)]);
    assert.deepEqual(
      routes.map(({ name, modelIds }) => [name, modelIds.map((id) => id.replace("model:mongoose:", ""))]),
      [
        ["GET /branches/:name", ["Branch"]],
        ["POST /branches/:id/close", ["Branch", "Member", "Order"]],
      ],
    );
  });

  it("C01 says that documents are no tables: no rule of keys, no SQL, no table of the same name", () => {
    const texts = { ...DOCUMENTS, "schema.sql": "CREATE TABLE members (id bigint PRIMARY KEY);" };
    const merged = mergeContributions([readStack(mongooseStack, texts), readStack(sqlStack, texts)]);
    assert.deepEqual(
      merged.models
        .filter(({ table }) => table === "members")
        .map(({ stack, documents }) => [stack, documents]),
      [
        ["mongoose", true],
        ["sql", undefined],
      ],
    );
    assert.deepEqual([...foreignKeyWithoutIndex.check(new Catalog(merged, REPORT))], []);
    const [storage] = modelTraits(model("Member"));
    assert.match(storage ?? "", /^collection: members: documents of MongoDB/);
  });

  it("C08 says what it did not understand of a schema", () => {
    const { models } = readStack(mongooseStack, {
      "user.js": `import mongoose from "mongoose";
import { Money, shared, softDelete } from "somewhere";
const schema = new mongoose.Schema({ name: String, worth: Money, ...shared });
schema.plugin(softDelete);
export default mongoose.model("User", schema);`,
    });
    assert.deepEqual(
      models.flatMap(({ confidence, gaps }) => [
        confidence,
        ...gaps.map(({ what, why }) => `${what}: ${why}`),
      ]),
      [
        "partial",
        "path `worth`: type Money: it is no type or schema that is known",
        "paths of `shared`: what is put into the schema there was not found",
        "paths that the plugin `softDelete` adds: a plugin adds what its own code says",
      ],
    );
  });

  it("C02 keeps two models of one name apart, and leaves a Schema of another package alone", () => {
    const { models } = readStack(mongooseStack, {
      "a/user.js": `import { Schema, model } from "mongoose";\nexport const User = model("User", new Schema({ a: String }));`,
      "b/user.js": `import { Schema, model } from "mongoose";\nexport const User = model("User", new Schema({ b: String }));`,
      "editor.js": `import { Schema } from "prosemirror-model"; // not mongoose\nexport const doc = new Schema({ nodes: {} });\nmodel("Doc", doc);`,
      "factory.js": `// gets mongoose\nexport default (mongoose) => { const schema = new mongoose.Schema({ c: Date }); return mongoose.model("Made", schema); };`,
    });
    assert.deepEqual(
      models.map(({ id, fields }) => [
        id,
        fields.map(({ name }) => name).filter((name) => !name.startsWith("_")),
      ]),
      [
        ["model:mongoose:User", ["a"]],
        ["model:mongoose:b/user#User", ["b"]],
        ["model:mongoose:Made", ["c"]],
      ],
    );
  });
});
