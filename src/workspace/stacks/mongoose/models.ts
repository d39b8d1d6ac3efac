import type { Gap } from "../../ir/entry.ts";
import type { Constraint, Field, Index, Model, Relation } from "../../ir/model.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import { rangeOf } from "../../source.ts";
import { entryOf } from "./definition-nodes.ts";
import { indexesOf } from "./indexes.ts";
import { type PathDeclaration, pathsOf, sourceOf } from "./paths.ts";
import {
  type FoundModel,
  type FoundSchema,
  modelIdOf,
  qualifiedNameOf,
  type SchemaTable,
} from "./schema-table.ts";
import { fieldType } from "./schema-types.ts";

/** Plugins that add no path. Source: their own documentation. */
const PLAIN_PLUGINS =
  /paginate|autopopulate|unique-?validator|lean|toJSON|hidden|id-?validator|tsoa|intl-?messages/i;

/** Models of the workspace: documents of a collection, with the paths that Mongoose keeps in them. */
export function modelsOf(table: SchemaTable): readonly Model[] {
  return table.models.map((model) => modelOf(table, model));
}

function modelOf(table: SchemaTable, model: FoundModel): Model {
  const schemas = chainOf(model).map(({ schema }) => schema);
  const found = schemas.map((schema) => pathsOf(table, schema));
  const { schema, base } = model;
  const paths = [
    ...withBase(
      model,
      found.map(({ paths: own }) => own),
    ),
    ...kept(table, model, schemas),
  ];
  const indexes = indexesOf(table, schemas, paths);
  const gaps = [...found.flatMap((part) => part.gaps), ...schemas.flatMap((part) => pluginGaps(part))];
  const { fact, k } = schema.declared;
  return {
    kind: "model",
    id: modelIdOf(model),
    name: model.name,
    qualifiedName: qualifiedNameOf(model),
    namespace: "",
    uri: schema.uri,
    range: rangeOf(fact.span),
    nameRange: rangeOf(fact.nameSpan),
    hash: fact.hash,
    stack: "mongoose",
    confidence: gaps.length === 0 ? "certain" : "partial",
    reason: base
      ? `discriminator of ${base.name}`
      : k === "class"
        ? "class with @Schema that a module registers as a model"
        : "schema of Mongoose that a model is made of",
    gaps,
    table: model.collection,
    documents: true,
    abstract: false,
    proxyOf: base ? qualifiedNameOf(base) : null,
    managed: true,
    bases: base ? [qualifiedNameOf(base)] : [],
    documentation: schema.declared.k === "class" ? schema.declared.fact.documentation : null,
    fields: paths.map((path) => fieldOf(path, indexes)),
    relations: [...paths.flatMap((path) => reference(table, path)), ...virtuals(table, schemas)],
    indexes,
    constraints: uniqueOf(indexes),
    ordering: [],
  };
}

/** A discriminator stands behind what it is one of. */
function chainOf(model: FoundModel): readonly FoundModel[] {
  return model.base ? [...chainOf(model.base), model] : [model];
}

function withBase(
  model: FoundModel,
  parts: readonly (readonly PathDeclaration[])[],
): readonly PathDeclaration[] {
  const chain = chainOf(model);
  const found = new Map<string, PathDeclaration>();
  for (const [at, paths] of parts.entries()) {
    const from = chain[at];
    for (const path of paths) {
      // Every schema has an `_id`; that of the base is the document's.
      if (found.has(path.name) && path.options === null && at > 0) continue;
      const isInherited = from !== undefined && from !== model;
      found.set(path.name, isInherited ? { ...path, inheritedFrom: qualifiedNameOf(from) } : path);
    }
  }
  return [...found.values()];
}

/** What Mongoose keeps in every document of a model: which discriminator it is, how often it was changed. */
function kept(
  table: SchemaTable,
  model: FoundModel,
  schemas: readonly FoundSchema[],
): readonly PathDeclaration[] {
  const [root] = schemas;
  if (!root) return [];
  const text = (name: string) => {
    const option = table.optionOf(root, name);
    return option ? table.values.textOf(option.uri, option.value) : null;
  };
  const isOff = (name: string) => {
    const value = table.optionOf(root, name)?.value;
    return value?.k === "name" && value.value === "false";
  };
  const path = (name: string, type: string): PathDeclaration => ({
    name,
    type,
    array: false,
    repeated: false,
    required: false,
    options: null,
    values: [],
    default: null,
    uri: root.uri,
    documentation: null,
    inheritedFrom: null,
    source: sourceOf(root),
  });
  const isDiscriminated = table.models.some(
    ({ base }) => base === model || (model.base && base === model.base),
  );
  return [
    ...(isDiscriminated ? [path(text("discriminatorKey") ?? "__t", "String")] : []),
    ...(isOff("versionKey") ? [] : [path(text("versionKey") ?? "__v", "Number")]),
  ];
}

function fieldOf(path: PathDeclaration, indexes: readonly Index[]): Field {
  const alone = indexes.filter(
    ({ columns, predicate }) =>
      columns.length === 1 && columns[0]?.column === path.name && predicate === null,
  );
  return {
    name: path.name,
    column: path.name,
    type: fieldType(path.type, path.array, path.values),
    nullable: !path.required,
    primaryKey: path.name === "_id",
    unique: path.name === "_id" || alone.some(({ unique }) => unique),
    indexed: alone.length > 0,
    default: path.default,
    generated: false,
    documentation: path.documentation,
    inheritedFrom: path.inheritedFrom,
    source: path.source,
  };
}

/** `ref` of a path: nothing but the application keeps it true. */
function reference(table: SchemaTable, path: PathDeclaration): readonly Relation[] {
  const ref = path.options && entryOf(path.options, "ref");
  if (ref?.k !== "value") return [];
  const target = table.modelNamed(path.uri, ref.value);
  const isUnique = path.options !== null && entryOf(path.options, "unique") !== null;
  return [
    {
      name: path.name,
      kind: path.repeated ? "many-to-many" : isUnique ? "one-to-one" : "many-to-one",
      direction: "forward",
      target: target ? qualifiedNameOf(target) : (table.nameOf(path.uri, ref.value) ?? rendered(ref.value)),
      targetId: target && modelIdOf(target),
      columns: [path.name],
      targetColumns: ["_id"],
      through: null,
      onDelete: null,
      onUpdate: null,
      inverse: null,
      enforced: false,
      source: path.source,
    },
  ];
}

/** `schema.virtual("posts", { ref: "Post", localField: "_id", foreignField: "author" })`. */
function virtuals(table: SchemaTable, schemas: readonly FoundSchema[]): readonly Relation[] {
  return schemas.flatMap(({ statements }) =>
    statements.flatMap(({ uri, fact }): readonly Relation[] => {
      const [name, given] = fact.args;
      if (fact.method !== "virtual" || !name || !given) return [];
      const options = dictOf(table.values.valueOf(uri, given)?.value);
      const ref = options.get("ref");
      const title = table.values.textOf(uri, name);
      if (!ref || title === null) return [];
      const target = table.modelNamed(uri, ref);
      const justOne = options.get("justOne");
      const text = (key: string) => table.values.textOf(uri, options.get(key));
      const foreign = text("foreignField");
      return [
        {
          name: title,
          kind: justOne?.k === "name" && justOne.value === "true" ? "one-to-one" : "one-to-many",
          direction: "reverse",
          target: target ? qualifiedNameOf(target) : (table.nameOf(uri, ref) ?? rendered(ref)),
          targetId: target && modelIdOf(target),
          columns: [],
          targetColumns: foreign === null ? [] : [foreign],
          through: null,
          onDelete: null,
          onUpdate: null,
          inverse: foreign,
          enforced: false,
          source: { uri, range: rangeOf(fact.span), hash: fact.hash },
        },
      ];
    }),
  );
}

function uniqueOf(indexes: readonly Index[]): readonly Constraint[] {
  return indexes
    .filter(({ unique, origin }) => unique && origin !== "primary-key")
    .map(({ name, columns, predicate, source }) => ({
      kind: "unique",
      name,
      columns: columns.flatMap(({ column }) => column ?? []),
      expression: predicate,
      deferrable: false,
      source,
    }));
}

/** A plugin may add paths; which, its own code says. */
function pluginGaps({ statements }: FoundSchema): readonly Gap[] {
  return statements.flatMap(({ uri, fact }) => {
    const [plugin] = fact.args;
    if (fact.method !== "plugin" || !plugin || PLAIN_PLUGINS.test(rendered(plugin))) return [];
    return [
      {
        what: `paths that the plugin \`${rendered(plugin)}\` adds`,
        why: "a plugin adds what its own code says",
        source: { uri, range: rangeOf(fact.span), hash: fact.hash },
      },
    ];
  });
}
