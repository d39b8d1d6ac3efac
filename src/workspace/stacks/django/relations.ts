import type { Relation } from "../../ir/model.ts";
import { Memo } from "../../memo.ts";
import { columnOf, concreteOf, primaryKeyOf } from "./columns.ts";
import { metaString } from "./meta.ts";
import type { ModelInfo, ModelRegistry, OwnedField } from "./model-registry.ts";
import { truncatedName } from "./names.ts";
import type { RelationSpec } from "./relation-spec.ts";

/** Relations of the models, forward and reverse. */
export class Relations {
  readonly #declared: Memo<readonly Placed[]>;
  readonly #tied: Memo<ReadonlyMap<string, readonly Relation[]>>;
  readonly #of: Memo<readonly Relation[]>;

  constructor(registry: ModelRegistry) {
    const { ledger } = registry.project;
    this.#declared = new Memo(ledger, (key) => {
      const info = registry.byKey(key);
      return info ? declaredBy(registry, info) : [];
    });
    this.#tied = new Memo(ledger, () => {
      const tied = new Map<string, Relation[]>();
      for (const { ref } of registry.all()) {
        for (const { on, relation } of this.#declared.get(ref.key)) {
          const list = tied.get(on);
          if (list) list.push(relation);
          else tied.set(on, [relation]);
        }
      }
      return tied;
    });
    this.#of = new Memo(ledger, (id) => this.#tied.get().get(id) ?? []);
  }

  /** @param id of the model that they stand on */
  of(id: string): readonly Relation[] {
    return this.#of.get(id);
  }
}

/** A relation with the id of the model that it stands on. */
interface Placed {
  readonly on: string;
  readonly relation: Relation;
}

/** What the declaration of a model says, with what it brings to the models at the other ends. */
function declaredBy(registry: ModelRegistry, info: ModelInfo): readonly Placed[] {
  const placed: Placed[] = [];
  const add = (on: ModelInfo, relation: Relation) => placed.push({ on: on.id, relation });
  for (const field of info.fields) {
    const relation = field.spec.relation && forward(registry, info, field, field.spec.relation);
    if (!relation) continue;
    add(info, relation.relation);
    if (relation.reverse && !info.abstract) add(relation.reverse.on, relation.reverse.relation);
  }
  for (const { link, reverse } of parentLinks(registry, info)) {
    add(info, link);
    if (reverse) add(reverse.on, reverse.relation);
  }
  return placed;
}

interface Tied {
  readonly relation: Relation;
  readonly reverse: { readonly on: ModelInfo; readonly relation: Relation } | null;
}

function forward(
  registry: ModelRegistry,
  info: ModelInfo,
  { spec }: OwnedField,
  relation: RelationSpec,
): Tied {
  const target = registry.target(relation.target, info);
  if (relation.genericFields)
    return { relation: generic(registry, info, spec.name, relation, target, spec.source), reverse: null };
  const kind =
    spec.fieldClass.kind === "many-to-many"
      ? "many-to-many"
      : spec.fieldClass.kind === "one-to-one" || spec.unique
        ? "one-to-one"
        : "many-to-one";
  const column = columnOf(spec);
  const inverse = accessorOf(registry, info, spec.name, relation, kind, target);
  const through = kind === "many-to-many" ? throughOf(registry, info, spec.name, relation) : null;
  const targetColumns = column === null ? [] : targetColumnsOf(registry, target, relation.toField);
  const shared = {
    through,
    onDelete: relation.onDelete,
    onUpdate: null,
    enforced: relation.enforced,
    source: spec.source,
  };
  return {
    relation: {
      ...shared,
      name: spec.name,
      kind,
      direction: "forward",
      target: nameOf(target),
      targetId: idOf(target),
      columns: column === null ? [] : [column],
      targetColumns,
      inverse,
    },
    reverse:
      typeof target === "string" || inverse === null
        ? null
        : {
            on: concreteOf(target),
            relation: {
              ...shared,
              name: inverse,
              kind: kind === "many-to-one" ? "one-to-many" : kind,
              direction: "reverse",
              target: info.qualifiedName,
              targetId: info.id,
              columns: targetColumns,
              targetColumns: column === null ? [] : [column],
              inverse: spec.name,
            },
          },
  };
}

/** A generic key leads to any model; a generic relation is its other side. Neither is enforced. */
function generic(
  registry: ModelRegistry,
  info: ModelInfo,
  name: string,
  relation: RelationSpec,
  target: ModelInfo | string,
  source: Relation["source"],
): Relation {
  const isKey = relation.target.kind === "any";
  const holder = isKey ? info : target;
  const columns = (relation.genericFields ?? []).map((field) => {
    const owned =
      typeof holder === "string" ? null : concreteOf(holder).fields.find(({ spec }) => spec.name === field);
    return (owned && columnOf(owned.spec)) ?? field;
  });
  return {
    name,
    kind: isKey ? "many-to-one" : "one-to-many",
    direction: isKey ? "forward" : "reverse",
    target: nameOf(target),
    targetId: idOf(target),
    columns: isKey ? columns : targetColumnsOf(registry, info, null),
    targetColumns: isKey ? [] : columns,
    through: null,
    onDelete: null,
    onUpdate: null,
    inverse: null,
    enforced: false,
    source,
  };
}

/** Links of a child to the tables of its parents that it does not declare itself. */
function* parentLinks(
  registry: ModelRegistry,
  info: ModelInfo,
): Iterable<{ link: Relation; reverse: Tied["reverse"] }> {
  const key = primaryKeyOf(registry, info);
  if (info.meta.proxy || info.abstract || key?.kind !== "parent") return;
  const { parent } = key;
  const inverse = info.name.toLowerCase();
  const targetColumns = targetColumnsOf(registry, parent, null);
  const shared = {
    kind: "one-to-one",
    through: null,
    onDelete: "cascade",
    onUpdate: null,
    enforced: true,
    source: info.source,
  } as const;
  yield {
    link: {
      ...shared,
      name: key.name,
      direction: "forward",
      target: nameOf(parent),
      targetId: idOf(parent),
      columns: [key.column],
      targetColumns,
      inverse,
    },
    reverse:
      typeof parent === "string"
        ? null
        : {
            on: concreteOf(parent),
            relation: {
              ...shared,
              name: inverse,
              direction: "reverse",
              target: info.qualifiedName,
              targetId: info.id,
              columns: targetColumns,
              targetColumns: [key.column],
              inverse: key.name,
            },
          },
  };
}

/** Name of the other side, or null where there is none: hidden by `+`, or symmetrical to itself. */
function accessorOf(
  registry: ModelRegistry,
  info: ModelInfo,
  field: string,
  relation: RelationSpec,
  kind: Relation["kind"],
  target: ModelInfo | string,
): string | null {
  const template = relation.relatedName ?? metaString(registry.project, info.meta, "default_related_name");
  if (template === null && kind === "many-to-many" && target === info && relation.symmetrical) return null;
  if (template?.endsWith("+")) return null;
  const model = info.name.toLowerCase();
  if (template === null) return kind === "one-to-one" && !isPlainKey(info, field) ? model : `${model}_set`;
  return template
    .replaceAll("%(class)s", model)
    .replaceAll("%(model_name)s", model)
    .replaceAll("%(app_label)s", info.app.label.toLowerCase());
}

/** A foreign key with `unique=True` is one-to-one in the database, and still many in Python. */
function isPlainKey(info: ModelInfo, field: string): boolean {
  return info.fields.find(({ spec }) => spec.name === field)?.spec.fieldClass.kind === "foreign-key";
}

function throughOf(
  registry: ModelRegistry,
  info: ModelInfo,
  field: string,
  relation: RelationSpec,
): string | null {
  if (relation.through) return nameOf(registry.target(relation.through, info));
  if (relation.joinTable) return relation.joinTable;
  return info.table === null ? null : truncatedName(`${info.table}_${field}`);
}

function targetColumnsOf(
  registry: ModelRegistry,
  target: ModelInfo | string,
  toField: string | null,
): readonly string[] {
  if (typeof target === "string") return ["id"];
  const key = primaryKeyOf(registry, target);
  if (!toField || toField === key?.name) return key ? [key.column] : [];
  const owned = concreteOf(target).fields.find(({ spec }) => spec.name === toField);
  return [(owned && columnOf(owned.spec)) ?? toField];
}

function nameOf(target: ModelInfo | string): string {
  return typeof target === "string" ? target : target.qualifiedName;
}

function idOf(target: ModelInfo | string): string | null {
  return typeof target === "string" ? null : target.id;
}
