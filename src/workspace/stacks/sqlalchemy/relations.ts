import type { Relation, RelationKind } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  booleanValue,
  calledName,
  childrenOf,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import { parseTypeText } from "../python/type-text.ts";
import type { Keys, TiedKey } from "./keys.ts";
import { optionOf, type RelationshipSpec } from "./members.ts";
import { keyOfTable, type ModelInfo, type ModelRegistry } from "./registry.ts";

/** Relations of all models by the model they stand on: relationships with the keys they use, and the keys left over. */
export function tieRelations(
  registry: ModelRegistry,
  keys: Keys,
): ReadonlyMap<ModelInfo, readonly Relation[]> {
  const tied = new Map<ModelInfo, Relation[]>();
  const used = new Set<TiedKey>();
  const add = (info: ModelInfo, relation: Relation) => {
    const list = tied.get(info);
    if (list) list.push(relation);
    else tied.set(info, [relation]);
  };
  for (const info of registry.all()) {
    if (info.abstract) continue;
    for (const spec of info.relationships) {
      const found = tie(registry, keys, info, spec);
      if (!found) continue;
      add(info, found.relation);
      if (found.key && found.relation.direction === "forward") used.add(found.key);
      if (found.back) add(found.back.on, found.back.relation);
      if (found.key && found.back?.relation.direction === "forward") used.add(found.key);
    }
  }
  for (const info of registry.all()) {
    if (info.abstract || info.isSingleTable) continue;
    for (const key of keys.keysOf(info)) if (!used.has(key)) add(info, plainKey(registry, keys, info, key));
  }
  return tied;
}

interface Tied {
  readonly relation: Relation;
  readonly key: TiedKey | null;
  /** The other side, where `backref` makes it. */
  readonly back: { readonly on: ModelInfo; readonly relation: Relation } | null;
}

function tie(registry: ModelRegistry, keys: Keys, info: ModelInfo, spec: RelationshipSpec): Tied | null {
  const target = targetOf(registry, info, spec);
  const model = typeof target === "string" ? null : target;
  const secondary = throughOf(registry, info, spec);
  const join = secondary === null && model ? joinOf(keys, info, model, spec) : null;
  const kind = kindOf(keys, spec, secondary !== null, join, info);
  const isForward = secondary !== null || join?.side === "own" || (join === null && kind === "many-to-one");
  const key = join?.key ?? null;
  const name = model ? model.qualifiedName : String(target);
  const backref = backrefOf(spec);
  const inverse =
    backref ?? textOption(registry, spec, "back_populates") ?? inverseIn(registry, model, info, spec);
  const relation: Relation = {
    name: spec.name,
    kind,
    direction: isForward ? "forward" : "reverse",
    target: name,
    targetId: model?.id ?? null,
    columns: key ? (isForward ? key.columns : key.targetColumns) : [],
    targetColumns: key ? (isForward ? key.targetColumns : key.columns) : [],
    through: secondary,
    onDelete: key?.onDelete ?? null,
    onUpdate: key?.onUpdate ?? null,
    inverse,
    enforced: key !== null || secondary !== null,
    source: spec.source,
  };
  const back =
    backref !== null && model
      ? {
          on: model,
          relation: {
            ...relation,
            name: backref,
            kind: flipped(kind, spec),
            direction: isForward ? "reverse" : "forward",
            target: info.qualifiedName,
            targetId: info.id,
            columns: relation.targetColumns,
            targetColumns: relation.columns,
            inverse: spec.name,
          } as const,
        }
      : null;
  return { relation, key, back };
}

function flipped(kind: RelationKind, spec: RelationshipSpec): RelationKind {
  if (kind === "one-to-many") return "many-to-one";
  if (kind !== "many-to-one") return kind;
  const backref = optionOf(spec, "backref")?.expression;
  const isOne = backref?.k === "call" && booleanValue(argumentOf(backref, "uselist")) === false;
  return isOne ? "one-to-one" : "one-to-many";
}

/** The class that a relationship leads to, or its name as written where it is not in the workspace. */
function targetOf(registry: ModelRegistry, info: ModelInfo, spec: RelationshipSpec): ModelInfo | string {
  const { project } = registry;
  const given =
    spec.call &&
    (argumentOf(spec.call.expression, "argument") ?? positionalArguments(spec.call.expression)[0]);
  // The first argument of SQLModel's Relationship is no class.
  const isModel = given && calledName(spec.call?.expression ?? given) !== "Relationship";
  const value = isModel ? (given.k === "call" || given.k === "other" ? hiddenName(given) : given) : null;
  if (value && spec.call) {
    const text = project.text({ ...spec.call, expression: value });
    if (text !== null) return registry.named(text, info) ?? text;
    const dotted = dottedName(value);
    if (dotted !== null)
      return registry.find(spec.call.uri, dotted, spec.call.scope) ?? registry.named(dotted, info) ?? dotted;
  }
  const inner = spec.annotation?.inner;
  const name = inner ? dottedName(inner.expression) : null;
  if (!inner || name === null) return "?";
  return registry.find(inner.uri, name, inner.scope) ?? registry.named(name, info) ?? name;
}

/** `lambda: Author` is kept as text. */
function hiddenName(expression: Expression): Expression | null {
  if (expression.k !== "other") return null;
  const name = /^lambda\s*:\s*([\w.]+)$/.exec(expression.text)?.[1];
  return name ? parseTypeText(name) : null;
}

function throughOf(registry: ModelRegistry, info: ModelInfo, spec: RelationshipSpec): string | null {
  const { project } = registry;
  // `relationship("Tag", book_tags)`: the second argument is the table between the two.
  const second = spec.call && positionalArguments(spec.call.expression)[1];
  const isOwn = second && calledName(spec.call?.expression ?? second) !== "Relationship";
  const secondary =
    optionOf(spec, "secondary") ?? (isOwn && spec.call ? { ...spec.call, expression: second } : null);
  const link = spec.call && argumentOf(spec.call.expression, "link_model");
  const written = secondary ?? (link && spec.call ? { ...spec.call, expression: link } : null);
  if (!written) return null;
  const text = project.text(written);
  if (text !== null) {
    const model =
      registry.byTable(text) ?? registry.byTable(keyOfTable(info.schema, text)) ?? registry.named(text, info);
    return model?.table ?? text;
  }
  const dotted = dottedName(written.expression);
  const model = dotted === null ? null : registry.find(written.uri, dotted, written.scope);
  return model?.table ?? dotted ?? "?";
}

interface Join {
  readonly key: TiedKey;
  /** Which side holds the key. */
  readonly side: "own" | "other";
}

function joinOf(keys: Keys, info: ModelInfo, target: ModelInfo, spec: RelationshipSpec): Join | null {
  const leads = (from: ModelInfo, to: ModelInfo) =>
    lineOf(from)
      .flatMap((each) => keys.keysOf(each))
      .filter((key) => key.target && lineOf(to).includes(key.target));
  const own = leads(info, target);
  const other = leads(target, info);
  const named = namesIn(
    optionOf(spec, "foreign_keys")?.expression ?? optionOf(spec, "primaryjoin")?.expression ?? null,
  );
  const fits = (holder: ModelInfo, key: TiedKey) =>
    key.columns.every((column) => {
      const attribute =
        lineOf(holder)
          .flatMap((each) => each.columns)
          .find((each) => each.column === column)?.name ?? column;
      return [...named].some((name) => name === attribute || name === column);
    });
  const ownFit = named.size > 0 ? own.filter((key) => fits(info, key)) : own;
  const otherFit = named.size > 0 ? other.filter((key) => fits(target, key)) : other;
  const isSelf = lineOf(info).some((each) => each === target);
  if (isSelf) {
    const [key] = ownFit;
    if (!key) return null;
    const remote = namesIn(optionOf(spec, "remote_side")?.expression ?? null);
    const toOne = key.targetColumns.some((column) => remote.has(column));
    return { key, side: toOne ? "own" : "other" };
  }
  // Where both sides have keys, a list is on the side of the other's.
  const isList = spec.annotation?.container !== null && spec.annotation !== null;
  const [first] = ownFit;
  const [second] = otherFit;
  if (first && !(isList && second)) return { key: first, side: "own" };
  return second ? { key: second, side: "other" } : null;
}

/** The mapped class with the classes that it inherits columns and relations from. */
function lineOf(info: ModelInfo): readonly ModelInfo[] {
  const line: ModelInfo[] = [];
  for (let at: ModelInfo | null = info; at; at = at.parent) line.push(at);
  return line;
}

/** Last parts of all names in an option, also of one written as a text. */
function namesIn(expression: Expression | null): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Expression): void => {
    const dotted = dottedName(part);
    if (dotted !== null) found.add(dotted.slice(dotted.lastIndexOf(".") + 1));
    else if (part.k === "string")
      for (const name of part.value.match(/[A-Za-z_][\w.]*/g) ?? [])
        found.add(name.slice(name.lastIndexOf(".") + 1));
    else if (part.k === "other")
      for (const name of part.text.match(/[A-Za-z_][\w.]*/g) ?? [])
        found.add(name.slice(name.lastIndexOf(".") + 1));
    else for (const child of childrenOf(part)) visit(child);
  };
  if (expression) visit(expression);
  return found;
}

function kindOf(
  keys: Keys,
  spec: RelationshipSpec,
  isMany: boolean,
  join: Join | null,
  info: ModelInfo,
): RelationKind {
  if (isMany) return "many-to-many";
  const uselist = optionOf(spec, "uselist");
  const single = uselist
    ? booleanValue(uselist.expression) === false
    : spec.annotation
      ? spec.annotation.container === null
      : null;
  if (join?.side === "own") return isUnique(keys, info, join.key.columns) ? "one-to-one" : "many-to-one";
  if (join) return single === true ? "one-to-one" : "one-to-many";
  return single === true ? "many-to-one" : "one-to-many";
}

function isUnique(keys: Keys, info: ModelInfo, columns: readonly string[]): boolean {
  const [column] = columns;
  const primary = keys.primaryKeyOf(info);
  if (columns.length !== 1) return false;
  if (primary.length === 1 && primary[0] === column) return true;
  if (info.columns.some((each) => each.column === column && each.unique)) return true;
  return keys
    .objectsOf(info)
    .indexes.some(
      (index) =>
        index.unique &&
        index.predicate === null &&
        index.columns.length === 1 &&
        index.columns[0]?.column === column,
    );
}

function backrefOf(spec: RelationshipSpec): string | null {
  const value = optionOf(spec, "backref")?.expression ?? null;
  if (value?.k === "call") return stringValue(positionalArguments(value)[0] ?? null);
  return stringValue(value);
}

function textOption(registry: ModelRegistry, spec: RelationshipSpec, name: string): string | null {
  const value = optionOf(spec, name);
  return value && registry.project.text(value);
}

/** A relationship of the target that names this one in its `back_populates`. */
function inverseIn(
  registry: ModelRegistry,
  target: ModelInfo | null,
  info: ModelInfo,
  spec: RelationshipSpec,
): string | null {
  const found = target?.relationships.find(
    (each) =>
      textOption(registry, each, "back_populates") === spec.name && targetOf(registry, target, each) === info,
  );
  return found?.name ?? null;
}

/** A foreign key that no relationship uses. */
function plainKey(registry: ModelRegistry, keys: Keys, info: ModelInfo, key: TiedKey): Relation {
  const attribute = info.columns.find((column) => column.column === key.columns[0])?.name;
  return {
    name: attribute ?? key.columns.join("_"),
    kind: isUnique(keys, info, key.columns) ? "one-to-one" : "many-to-one",
    direction: "forward",
    target: key.target?.qualifiedName ?? key.targetTable,
    targetId: key.target ? (registry.byTable(key.targetTable)?.id ?? key.target.id) : null,
    columns: key.columns,
    targetColumns: key.targetColumns,
    through: null,
    onDelete: key.onDelete,
    onUpdate: key.onUpdate,
    inverse: null,
    enforced: true,
    source: key.source,
  };
}
