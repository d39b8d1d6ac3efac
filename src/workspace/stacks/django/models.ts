import type { Gap } from "../../ir/entry.ts";
import type { Constraint, Field, Index, Model, Relation } from "../../ir/model.ts";
import { calledName, render, stringValue } from "../../languages/python/expressions.ts";
import { Memo } from "../../memo.ts";
import { rangeOf } from "../../source.ts";
import { autoType, columnOf, type PrimaryKey, primaryKeyOf, referringType, typeOfField } from "./columns.ts";
import { type IndexOwner, readConstraint, readGroups, readIndex } from "./indexes.ts";
import type { ModelInfo, ModelRegistry, OwnedField } from "./model-registry.ts";
import { Relations } from "./relations.ts";
import { flatten } from "./settings.ts";
import { constantOf } from "./values.ts";

/** The models of the workspace as the catalog has them. */
export class ModelReader {
  readonly #models: Memo<Model | null>;
  readonly #all: Memo<readonly Model[]>;

  constructor(registry: ModelRegistry) {
    const { ledger } = registry.project;
    const relations = new Relations(registry);
    this.#models = new Memo(ledger, (key) => {
      const info = registry.byKey(key);
      return info && buildModel(registry, info, relations.of(info.id));
    });
    this.#all = new Memo(ledger, () => registry.all().flatMap(({ ref }) => this.#models.get(ref.key) ?? []));
  }

  all(): readonly Model[] {
    return this.#all.get();
  }
}

function buildModel(registry: ModelRegistry, info: ModelInfo, relations: readonly Relation[]): Model {
  const { declaration } = info.ref;
  const key = info.meta.proxy ? null : primaryKeyOf(registry, info);
  const fields = info.meta.proxy
    ? []
    : [
        ...implicitFields(registry, info, key),
        ...info.fields.flatMap((field) => buildField(registry, info, field, key)),
      ];
  const gaps = gapsOf(registry, info);
  const [parent] = info.parents;
  return {
    kind: "model",
    id: info.id,
    name: info.name,
    uri: info.ref.uri,
    range: info.source.range,
    nameRange: rangeOf(declaration.nameSpan),
    hash: declaration.hash,
    stack: "django",
    confidence:
      gaps.length > 0 ? "partial" : info.reason.startsWith("class with base") ? "certain" : "likely",
    reason: info.reason,
    gaps,
    qualifiedName: info.qualifiedName,
    namespace: info.app.label,
    table: info.table,
    abstract: info.abstract,
    proxyOf: info.meta.proxy && parent ? (typeof parent === "string" ? parent : parent.qualifiedName) : null,
    managed: info.meta.managed,
    bases: declaration.bases.map((base) => baseName(registry, info, base)),
    documentation: declaration.documentation,
    fields,
    relations,
    ...indexesOf(registry, info, key),
    ordering: orderingOf(registry, info),
  };
}

function baseName(
  registry: ModelRegistry,
  info: ModelInfo,
  base: ModelInfo["ref"]["declaration"]["bases"][number],
): string {
  const found = registry.project.classes.find(info.ref.uri, base);
  if (found?.kind === "external") return found.name;
  const model = found && registry.byKey(found.ref.key);
  return model?.qualifiedName ?? found?.name ?? render(base);
}

function implicitFields(registry: ModelRegistry, info: ModelInfo, key: PrimaryKey | null): readonly Field[] {
  if (!key || key.kind === "field") return [];
  const isLink = key.kind === "parent";
  const type = isLink ? referringType(registry, key.parent, null) : autoType(key.declared);
  const declared = isLink ? "OneToOneField" : key.declared;
  return [
    {
      name: key.name,
      column: key.column,
      type: { precision: null, scale: null, array: false, values: [], ...type, declared },
      nullable: false,
      primaryKey: true,
      unique: true,
      indexed: true,
      default: null,
      generated: !isLink,
      documentation: null,
      inheritedFrom: null,
      source: info.source,
    },
  ];
}

function buildField(
  registry: ModelRegistry,
  info: ModelInfo,
  field: OwnedField,
  key: PrimaryKey | null,
): readonly Field[] {
  const { spec } = field;
  // Neither end of a generic relation is a field of the table: they stand among the relations.
  if (spec.fieldClass.kind === "generic-key" || spec.fieldClass.kind === "generic-relation") return [];
  const primaryKey = key?.kind === "field" && key.name === spec.name;
  const hasColumn = columnOf(spec) !== null;
  return [
    {
      name: spec.name,
      column: columnOf(spec),
      type: typeOfField(registry, info, field),
      nullable: hasColumn && spec.nullable && !primaryKey,
      primaryKey,
      unique: spec.unique || primaryKey,
      indexed: hasColumn && (spec.indexed || spec.unique || primaryKey),
      default: spec.default,
      generated: spec.generated,
      documentation: spec.documentation,
      inheritedFrom: field.inheritedFrom,
      source: spec.source,
    },
  ];
}

/** Column names by field name, the parents' included: an index may name an inherited one. */
export function ownerOf(registry: ModelRegistry, info: ModelInfo): IndexOwner {
  const columns = new Map<string, string>();
  const key = primaryKeyOf(registry, info);
  if (key) {
    columns.set(key.name, key.column);
    columns.set("pk", key.column);
  }
  for (const { spec } of info.fields) columns.set(spec.name, columnOf(spec) ?? spec.name);
  return {
    table: info.table ?? "",
    appLabel: info.app.label,
    className: info.name,
    column: (field) => columns.get(field) ?? field,
  };
}

function indexesOf(
  registry: ModelRegistry,
  info: ModelInfo,
  key: PrimaryKey | null,
): { indexes: readonly Index[]; constraints: readonly Constraint[] } {
  if (info.meta.proxy) return { indexes: [], constraints: [] };
  const { project } = registry;
  const owner = ownerOf(registry, info);
  const indexes: Index[] = [];
  const constraints: Constraint[] = [];
  if (key) {
    const source = key.kind === "field" ? key.field.spec.source : info.source;
    indexes.push(plainIndex([key.column], "primary-key", source));
    constraints.push({
      kind: "primary-key",
      name: null,
      columns: [key.column],
      expression: null,
      deferrable: false,
      source,
    });
  }
  if (key?.kind === "parent") constraints.push(foreignKey(key.column, info.source));
  for (const { spec } of info.fields) {
    const column = columnOf(spec);
    if (column === null) continue;
    const isKey = spec.fieldClass.kind === "foreign-key" || spec.fieldClass.kind === "one-to-one";
    if (isKey && spec.relation?.enforced) constraints.push(foreignKey(column, spec.source));
    if (key?.column === column) continue;
    if (spec.unique) {
      indexes.push(plainIndex([column], "unique", spec.source));
      constraints.push({
        kind: "unique",
        name: null,
        columns: [column],
        expression: null,
        deferrable: false,
        source: spec.source,
      });
    } else if (spec.indexed) {
      const isSpatial = spec.type.logical === "geometry";
      indexes.push({
        ...plainIndex([column], isKey ? "foreign-key" : "field", spec.source),
        method: isSpatial ? "gist" : "btree",
      });
    }
  }
  for (const { source, groups } of groupsOf(registry, info, "unique_together")) {
    for (const group of groups) {
      const columns = group.map(owner.column);
      indexes.push(plainIndex(columns, "unique", source));
      constraints.push({ kind: "unique", name: null, columns, expression: null, deferrable: false, source });
    }
  }
  for (const { source, groups } of groupsOf(registry, info, "index_together")) {
    for (const group of groups) indexes.push(plainIndex(group.map(owner.column), "declared", source));
  }
  for (const item of items(registry, info, "indexes")) {
    const index = readIndex(project, item, owner);
    if (index) indexes.push(index);
  }
  for (const item of items(registry, info, "constraints")) {
    const read = readConstraint(project, item, owner);
    if (!read) continue;
    constraints.push(read.constraint);
    if (read.index) indexes.push(read.index);
  }
  return { indexes, constraints };
}

function foreignKey(column: string, source: Constraint["source"]): Constraint {
  return { kind: "foreign-key", name: null, columns: [column], expression: null, deferrable: true, source };
}

function plainIndex(columns: readonly string[], origin: Index["origin"], source: Index["source"]): Index {
  return {
    name: null,
    columns: columns.map((column) => ({
      column,
      expression: null,
      order: "asc",
      nulls: null,
      opclass: null,
    })),
    include: [],
    method: "btree",
    unique: origin === "unique" || origin === "primary-key",
    predicate: null,
    origin,
    source,
  };
}

function items(registry: ModelRegistry, info: ModelInfo, name: string): ReturnType<typeof flatten> {
  const option = info.meta.options.get(name);
  return option ? flatten(registry.project, option, 0) : [];
}

function groupsOf(
  registry: ModelRegistry,
  info: ModelInfo,
  name: string,
): readonly { source: Index["source"]; groups: readonly (readonly string[])[] }[] {
  const option = info.meta.options.get(name);
  return option ? [{ source: option.source, groups: readGroups(registry.project, option) }] : [];
}

/** Default order as written: strings, and expressions by their text. */
function orderingOf(registry: ModelRegistry, info: ModelInfo): readonly string[] {
  const option = info.meta.options.get("ordering");
  const [parent] = info.parents;
  if (!option) return parent && typeof parent !== "string" ? orderingOf(registry, parent) : [];
  const { project } = registry;
  const constant = constantOf(project, option);
  return flatten(project, constant, 0).map(
    ({ uri, expression }) => stringValue(expression) ?? project.textOf(uri, expression) ?? render(expression),
  );
}

function gapsOf(registry: ModelRegistry, info: ModelInfo): readonly Gap[] {
  const fields = info.fields.flatMap(({ spec }) =>
    spec.gap ? [{ what: `field ${spec.name} (${spec.declared})`, why: spec.gap, source: spec.source }] : [],
  );
  const bases = info.unknownBases.map((base) => ({
    what: `base class ${base}`,
    why: "it is not in the workspace: fields that it brings are not known",
    source: info.source,
  }));
  return [...fields, ...bases, ...historyGaps(registry, info)];
}

/** Packages that keep the history of a model make a second table when the model is loaded. */
function historyGaps({ project }: ModelRegistry, { ref }: ModelInfo): readonly Gap[] {
  return ref.declaration.assignments
    .filter(({ value }) => value && calledName(value) === "HistoricalRecords")
    .map((item) => ({
      what: `the table of ${item.target} = HistoricalRecords()`,
      why: "django-simple-history makes it when the model is loaded; it is not among the models here",
      source: project.sourceOf(ref.uri, item.span, item.hash),
    }));
}
