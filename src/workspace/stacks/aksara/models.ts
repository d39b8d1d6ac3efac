import type { Gap } from "../../ir/entry.ts";
import type { Model, Relation } from "../../ir/model.ts";
import { render } from "../../languages/python/expressions.ts";
import { rangeOf } from "../../source.ts";
import { buildField } from "./fields.ts";
import { type MigratedIndexes, objectsOf } from "./indexes.ts";
import type { AksaraRegistry, ModelInfo } from "./registry.ts";
import { tieRelations } from "./relations.ts";

/** The models of the workspace as the catalog has them. */
export function resolveModels(registry: AksaraRegistry, migrated: MigratedIndexes): readonly Model[] {
  const relations = tieRelations(registry);
  return [...registry.all()].map((info) => build(registry, info, relations.get(info) ?? [], migrated));
}

function build(
  registry: AksaraRegistry,
  info: ModelInfo,
  relations: readonly Relation[],
  migrated: MigratedIndexes,
): Model {
  const gaps: Gap[] = [...info.gaps];
  const { declaration, uri } = info.ref;
  const fields = info.fields.map((field) => buildField(registry, info, field, gaps));
  for (const relation of relations) {
    const what = `relation ${relation.name}`;
    if (relation.targetId === null)
      gaps.push({ what, why: `${relation.target} is not a model of the workspace`, source: relation.source });
    if (relation.onDelete === null)
      gaps.push({ what, why: "what on_delete is cannot be told from the source", source: relation.source });
  }
  const abstract = info.table === null;
  const objects = abstract ? { indexes: [], constraints: [] } : objectsOf(registry, info, migrated, gaps);
  const order = registry.metaOption(info.ref, "ordering");
  return {
    kind: "model",
    id: info.id,
    name: info.name,
    uri,
    range: info.source.range,
    nameRange: rangeOf(declaration.nameSpan),
    hash: info.source.hash,
    stack: "aksara",
    confidence: gaps.length > 0 ? "partial" : "certain",
    reason: "class with base Model of Aksara",
    gaps,
    qualifiedName: info.qualifiedName,
    namespace: info.namespace,
    table: info.table,
    abstract,
    proxyOf: null,
    managed: true,
    bases: declaration.bases.map((base) => {
      const found = registry.project.classes.find(uri, base);
      if (found?.kind === "class")
        return registry.find(uri, render(base))?.qualifiedName ?? found.ref.qualname;
      return found?.name ?? render(base);
    }),
    documentation: declaration.documentation,
    fields,
    relations,
    ...objects,
    ordering: ((order && registry.project.items(order)) ?? []).flatMap(
      (item) => registry.project.text(item) ?? [],
    ),
  };
}
