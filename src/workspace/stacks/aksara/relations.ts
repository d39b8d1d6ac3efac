import type { ReferentialAction, Relation, RelationKind } from "../../ir/model.ts";
import { columnOf, option, primaryKeyOf, textOption } from "./fields.ts";
import type { AksaraRegistry, ModelInfo, OwnedField } from "./registry.ts";
import { targetOf } from "./targets.ts";

const ACTIONS: ReadonlyMap<string, ReferentialAction> = new Map([
  ["CASCADE", "cascade"],
  ["SET NULL", "set-null"],
  ["RESTRICT", "restrict"],
  ["PROTECT", "restrict"],
]);

const REVERSE: Readonly<Record<string, RelationKind>> = {
  "many-to-one": "one-to-many",
  "one-to-one": "one-to-one",
  "many-to-many": "many-to-many",
};

/** Relations of all models by the model they stand on, in both directions. */
export function tieRelations(registry: AksaraRegistry): ReadonlyMap<ModelInfo, readonly Relation[]> {
  const tied = new Map<ModelInfo, Relation[]>();
  const add = (info: ModelInfo, relation: Relation) => {
    const list = tied.get(info);
    if (list) list.push(relation);
    else tied.set(info, [relation]);
  };
  for (const info of registry.all()) {
    if (info.table === null) continue;
    for (const field of info.fields) {
      const found = tie(registry, info, field);
      if (!found) continue;
      add(info, found.forward);
      if (found.target) add(found.target, found.reverse);
    }
  }
  return tied;
}

function tie(registry: AksaraRegistry, info: ModelInfo, field: OwnedField) {
  const { kind: fieldKind } = field.fieldClass;
  if (fieldKind === "column" || fieldKind === "generic") return null;
  const found = targetOf(registry, info, field);
  const target = typeof found === "string" ? null : found;
  const isMany = fieldKind === "many-to-many";
  const kind: RelationKind = isMany
    ? "many-to-many"
    : fieldKind === "one-to-one"
      ? "one-to-one"
      : "many-to-one";
  const column = columnOf(registry, field);
  const key = target && primaryKeyOf(target);
  const targetColumn = (key && columnOf(registry, key)) ?? "id";
  const fallback = fieldKind === "one-to-one" ? info.name.toLowerCase() : `${info.name.toLowerCase()}_set`;
  const reverseName = textOption(registry, field, "related_name") ?? fallback;
  const onDelete = isMany ? "cascade" : onDeleteOf(registry, field);
  const forward: Relation = {
    name: field.name,
    kind,
    direction: "forward",
    target: target?.qualifiedName ?? String(found),
    targetId: target?.id ?? null,
    columns: column === null ? [] : [column],
    targetColumns: column === null ? [] : [targetColumn],
    through: isMany ? `${info.table}_${field.name}` : null,
    onDelete,
    // Migrations of Aksara write ON UPDATE CASCADE unless they say otherwise.
    onUpdate: isMany ? null : "cascade",
    inverse: reverseName,
    enforced: true,
    source: field.source,
  };
  const reverse: Relation = {
    ...forward,
    name: reverseName,
    kind: REVERSE[kind] ?? kind,
    direction: "reverse",
    target: info.qualifiedName,
    targetId: info.id,
    columns: forward.targetColumns,
    targetColumns: forward.columns,
    inverse: field.name,
  };
  return { forward, reverse, target };
}

/** `CASCADE`, `"set_null"`, `OnDelete.RESTRICT`; null for one that is computed. */
function onDeleteOf(registry: AksaraRegistry, field: OwnedField): ReferentialAction | null {
  const given = option(field, "on_delete");
  if (!given) return "cascade";
  const text =
    registry.project.text(given) ??
    registry.project.externalName(given) ??
    (given.expression.k === "member" ? given.expression.name : null);
  const word = (text ?? "").replace(/^.*\./, "").replaceAll("_", " ").toUpperCase();
  return ACTIONS.get(word) ?? null;
}
