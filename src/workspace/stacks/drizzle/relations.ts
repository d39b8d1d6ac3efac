import type { Relation } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { dictOf, itemsOf } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import type { DrizzleFacts, EntryFact } from "./facts.ts";
import type { ForeignKey, TableKeys } from "./keys.ts";
import { type DrizzleSchema, type FoundTable, modelIdOf, qualifiedNameOf } from "./schema.ts";

/** `one(users, {fields, references})` or `many(posts)`, below the name it has in queries. */
export interface DeclaredRelation {
  readonly name: string;
  readonly kind: "one" | "many";
  readonly target: FoundTable;
  /** Keys of the columns on this side and on the other; empty where the other side says. */
  readonly fields: readonly string[];
  readonly references: readonly string[];
  readonly relationName: string | null;
  /** `through` of a many-to-many. */
  readonly through: FoundTable | null;
  readonly source: SourceRef;
}

export type DeclaredRelations = ReadonlyMap<FoundTable, readonly DeclaredRelation[]>;

/** What `relations()` says of each table. */
export function declaredRelations(schema: DrizzleSchema, facts: FactsByUri<DrizzleFacts>): DeclaredRelations {
  const found = new Map<FoundTable, DeclaredRelation[]>();
  for (const [uri, fact] of facts) {
    if (fact.kind !== "code") continue;
    for (const { table: written, entries } of fact.relations) {
      const table =
        written.k === "string" ? schema.tableNamed(uri, written.value) : schema.tableOf(uri, written);
      if (!table) continue;
      const list = found.get(table) ?? [];
      found.set(table, list);
      for (const entry of entries) {
        const relation = declared(schema, uri, entry);
        if (relation) list.push(relation);
      }
    }
  }
  return found;
}

function declared(
  schema: DrizzleSchema,
  uri: string,
  { key, value, span, hash }: EntryFact,
): DeclaredRelation | null {
  if (key === null || value.k !== "call") return null;
  const callee = (dottedName(value.callee) ?? "").split(".");
  const options = value.args.map((argument) => argument.value).find((argument) => argument.k === "dict");
  const dict = dictOf(options);
  const source = { uri, range: rangeOf(span), hash };
  const keysOf = (name: string) =>
    itemsOf(dict.get(name)).flatMap((item) => {
      const column = item.k === "call" && item.callee.k === "member" ? item.callee.of : item;
      return column.k === "member" ? [column.name] : [];
    });
  const relationName = schema.values.textOf(uri, dict.get("relationName") ?? dict.get("alias"));
  const [first] = value.args;
  const kind = callee.find((part) => part === "one" || part === "many");
  if (kind !== "one" && kind !== "many") return null;
  if (callee.length === 1) {
    const target = first && schema.tableOf(uri, first.value);
    return target
      ? {
          name: key,
          kind,
          target,
          fields: keysOf("fields"),
          references: keysOf("references"),
          relationName,
          through: null,
          source,
        }
      : null;
  }
  // `r.one.users({from: r.posts.authorId, to: r.users.id})`.
  const target = schema.tableNamed(uri, callee.at(-1) ?? "");
  const from = itemsOf(dict.get("from"))[0];
  const through = from?.k === "call" && from.args[0] ? tableOfPath(schema, uri, from.args[0].value) : null;
  return (
    target && {
      name: key,
      kind,
      target,
      fields: keysOf("from"),
      references: keysOf("to"),
      relationName,
      through,
      source,
    }
  );
}

/** `r.usersToGroups.userId`. */
function tableOfPath(schema: DrizzleSchema, uri: string, value: Expression): FoundTable | null {
  return value.k === "member" && value.of.k === "member" ? schema.tableNamed(uri, value.of.name) : null;
}

/** What is known of all tables when relations are put together. */
export interface RelationContext {
  readonly declared: DeclaredRelations;
  readonly keys: ReadonlyMap<FoundTable, TableKeys>;
  /** Keys of other tables that lead to a table. */
  readonly incoming: ReadonlyMap<
    FoundTable,
    readonly { readonly from: FoundTable; readonly key: ForeignKey }[]
  >;
  readonly nameIn: (table: FoundTable, key: string) => string;
}

/** Relations of a table: those of its keys, those declared for queries, and those that others have to it. */
export function relationsOf(table: FoundTable, context: RelationContext): readonly Relation[] {
  const own = context.declared.get(table) ?? [];
  const keys = context.keys.get(table);
  const relations: Relation[] = [];
  for (const key of keys?.foreignKeys ?? []) {
    const name = forwardName(table, key, context);
    const declaredHere = own.find((relation) => relation.name === name);
    relations.push({
      name,
      kind: isUnique(keys, key) ? "one-to-one" : "many-to-one",
      direction: "forward",
      target: qualifiedNameOf(key.target),
      targetId: modelIdOf(key.target),
      columns: key.columns.map((column) => column.name),
      targetColumns: key.targetKeys.map((target) => context.nameIn(key.target, target)),
      through: null,
      onDelete: key.onDelete,
      onUpdate: key.onUpdate,
      inverse: inverseName(table, key, context),
      enforced: true,
      source: declaredHere?.source ?? key.source,
    });
  }
  for (const relation of own) {
    if (relations.some(({ name }) => name === relation.name)) continue;
    relations.push(declaredOnly(table, relation, context));
  }
  return [...relations, ...impliedReverse(table, relations, context)];
}

/** The name that `relations()` gives to a key, else that of its columns. */
function forwardName(table: FoundTable, key: ForeignKey, context: RelationContext): string {
  const own = context.declared.get(table) ?? [];
  const keys = key.columns.map((column) => column.key).join();
  const found = own.find((relation) => relation.target === key.target && relation.fields.join() === keys);
  return found?.name ?? key.columns.map((column) => column.key).join("_");
}

/** The relation on the other table that is this key seen from there. */
function inverseName(table: FoundTable, key: ForeignKey, context: RelationContext): string {
  return declaredInverse(table, key, context)?.name ?? impliedName(table, key, context);
}

function declaredInverse(
  table: FoundTable,
  key: ForeignKey,
  context: RelationContext,
): DeclaredRelation | null {
  const name = forwardName(table, key, context);
  const own = context.declared.get(table)?.find((relation) => relation.name === name);
  const candidates = (context.declared.get(key.target) ?? []).filter(
    (relation) =>
      relation.target === table &&
      (relation.fields.length === 0 ||
        (key.target !== table &&
          relation.references.join() === key.columns.map((column) => column.key).join())) &&
      relation.relationName === (own?.relationName ?? relation.relationName),
  );
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

function impliedName(table: FoundTable, key: ForeignKey, context: RelationContext): string {
  const twins = (context.keys.get(table)?.foreignKeys ?? []).filter(({ target }) => target === key.target);
  return twins.length > 1
    ? `${table.fact.name}_${key.columns.map((column) => column.key).join("_")}`
    : table.fact.name;
}

/** A relation without a foreign key on this side. */
function declaredOnly(table: FoundTable, relation: DeclaredRelation, context: RelationContext): Relation {
  const { target, source, name } = relation;
  const shared = {
    name,
    target: qualifiedNameOf(target),
    targetId: modelIdOf(target),
    source,
    onUpdate: null,
  };
  const behind = (context.keys.get(target)?.foreignKeys ?? []).find(
    (key) => key.target === table && declaredInverse(target, key, context)?.name === name,
  );
  if (relation.through) {
    return {
      ...shared,
      kind: "many-to-many",
      direction: "forward",
      columns: [],
      targetColumns: [],
      through: relation.through.table,
      onDelete: null,
      inverse: null,
      enforced: true,
    };
  }
  if (relation.fields.length > 0 && relation.kind === "one") {
    return {
      ...shared,
      kind: "many-to-one",
      direction: "forward",
      columns: relation.fields.map((key) => context.nameIn(table, key)),
      targetColumns: relation.references.map((key) => context.nameIn(target, key)),
      through: null,
      onDelete: null,
      inverse: virtualInverse(table, relation, context),
      enforced: false,
    };
  }
  const forward = behind ? null : otherSide(table, relation, context);
  return {
    ...shared,
    kind: relation.kind === "many" ? "one-to-many" : "one-to-one",
    direction: "reverse",
    columns: [],
    targetColumns: behind
      ? behind.columns.map((column) => column.name)
      : (forward?.fields ?? []).map((key) => context.nameIn(target, key)),
    through: null,
    onDelete: null,
    inverse: behind ? forwardName(target, behind, context) : (forward?.name ?? null),
    enforced: behind !== undefined,
  };
}

/** The `one` of the other table that a `many` without a key belongs to. */
function otherSide(
  table: FoundTable,
  relation: DeclaredRelation,
  context: RelationContext,
): DeclaredRelation | null {
  const candidates = (context.declared.get(relation.target) ?? []).filter(
    (other) =>
      other.target === table && other.fields.length > 0 && other.relationName === relation.relationName,
  );
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

function virtualInverse(
  table: FoundTable,
  relation: DeclaredRelation,
  context: RelationContext,
): string | null {
  const candidates = (context.declared.get(relation.target) ?? []).filter(
    (other) =>
      other.target === table && other.fields.length === 0 && other.relationName === relation.relationName,
  );
  return candidates.length === 1 ? (candidates[0]?.name ?? null) : null;
}

/** Keys of other tables that lead here and that no relation of this table is declared for. */
function impliedReverse(
  table: FoundTable,
  present: readonly Relation[],
  context: RelationContext,
): readonly Relation[] {
  return (context.incoming.get(table) ?? [])
    .filter(({ from, key }) => !declaredInverse(from, key, context))
    .map(({ from, key }): Relation => {
      const name = impliedName(from, key, context);
      return {
        name: present.some((relation) => relation.name === name) ? `${name}_reverse` : name,
        kind: isUnique(context.keys.get(from), key) ? "one-to-one" : "one-to-many",
        direction: "reverse",
        target: qualifiedNameOf(from),
        targetId: modelIdOf(from),
        columns: [],
        targetColumns: key.columns.map((column) => column.name),
        through: null,
        onDelete: null,
        onUpdate: null,
        inverse: forwardName(from, key, context),
        enforced: true,
        source: key.source,
      };
    });
}

function isUnique(keys: TableKeys | undefined, key: ForeignKey): boolean {
  const names = key.columns.map((column) => column.name);
  return (keys?.indexes ?? []).some(
    (index) =>
      index.unique &&
      index.predicate === null &&
      index.columns.length === names.length &&
      index.columns.every(({ column }) => column !== null && names.includes(column)),
  );
}
