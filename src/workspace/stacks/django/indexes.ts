import type { Constraint, Index, IndexColumn } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  type Call,
  calledName,
  isNone,
  isTrue,
  listItems,
  positionalArguments,
  render,
  stringList,
  stringValue,
} from "../../languages/python/expressions.ts";
import { indexName } from "./names.ts";
import type { DjangoProject } from "./project.ts";
import { constantOf, constantString, type Written } from "./values.ts";

/** What an index or constraint needs to know of the model it stands on. */
export interface IndexOwner {
  readonly table: string;
  readonly appLabel: string;
  readonly className: string;
  /** Column of a field, by the field's name. */
  readonly column: (field: string) => string;
}

const METHODS: ReadonlyMap<string, readonly [method: string, suffix: string]> = new Map([
  ["Index", ["btree", "idx"]],
  ["BTreeIndex", ["btree", "btree"]],
  ["GinIndex", ["gin", "gin"]],
  ["GistIndex", ["gist", "gist"]],
  ["SpGistIndex", ["spgist", "spgist"]],
  ["BrinIndex", ["brin", "brin"]],
  ["HashIndex", ["hash", "hash"]],
  ["BloomIndex", ["bloom", "bloom"]],
  ["HnswIndex", ["hnsw", "hnsw"]],
  ["IvfflatIndex", ["ivfflat", "ivfflat"]],
]);

/** `models.Index(…)` and its relatives; null for anything else. */
export function readIndex(project: DjangoProject, written: Written, owner: IndexOwner): Index | null {
  const target = constantOf(project, written);
  const { expression: call } = target;
  if (call.k !== "call") return null;
  const [method, suffix] = METHODS.get(indexClass(project, target, call)) ?? [];
  if (!method || !suffix) return null;
  const fields = fieldList(project, target, call);
  const opclasses = listOption(project, target, call, "opclasses");
  const columns = [
    ...positionalArguments(call).map((item) => expressionColumn(project, target.uri, item, owner)),
    ...fields.map((field, at) => fieldColumn(field, owner, opclasses[at] ?? null)),
  ];
  const named = nameOf(project, target, call, owner);
  const ordered = columns.flatMap(({ column, order }) =>
    column === null ? [] : order === "desc" ? `-${column}` : column,
  );
  return {
    name:
      named ??
      (positionalArguments(call).length === 0 && ordered.length > 0
        ? indexName(owner.table, ordered, suffix)
        : null),
    columns,
    include: listOption(project, target, call, "include").map(owner.column),
    method,
    unique: false,
    predicate: textOption(project, target, call, "condition"),
    origin: "declared",
    source: project.sourceOf(target.uri, call.span),
  };
}

/** A custom class counts by the class it is built on. */
function indexClass(project: DjangoProject, { uri, scope }: Written, call: Call): string {
  const found = project.classes.find(uri, call.callee, scope);
  const steps = found?.kind === "class" ? project.classes.linearize(found.ref) : [];
  const known = [calledName(call) ?? "", ...steps.map((step) => step.name.replace(/^.*\./, ""))];
  return known.find((name) => METHODS.has(name)) ?? "";
}

export interface ReadConstraint {
  readonly constraint: Constraint;
  /** The index that a unique constraint is kept by; null for the other kinds. */
  readonly index: Index | null;
}

/** `UniqueConstraint`, `CheckConstraint`, `ExclusionConstraint`; null for anything else. */
export function readConstraint(
  project: DjangoProject,
  written: Written,
  owner: IndexOwner,
): ReadConstraint | null {
  const target = constantOf(project, written);
  const { expression: call } = target;
  if (call.k !== "call") return null;
  const kind = kindOf(project, target, call);
  if (!kind) return null;
  const source = project.sourceOf(target.uri, call.span);
  const name = nameOf(project, target, call, owner);
  const deferrable = argumentOf(call, "deferrable");
  const common = { kind, name, deferrable: deferrable !== null && !isNone(deferrable), source };
  if (kind === "check") {
    const condition =
      argumentOf(call, "condition") ?? argumentOf(call, "check") ?? positionalArguments(call)[0] ?? null;
    const expression = condition && textOf(project, target.uri, condition);
    return { constraint: { ...common, columns: columnsIn(condition, owner), expression }, index: null };
  }
  const predicate = textOption(project, target, call, "condition");
  if (kind === "exclusion") {
    const items = listItems(argumentOf(call, "expressions")) ?? [];
    const columns = items
      .flatMap((item) => stringValue(listItems(item)?.[0] ?? null) ?? [])
      .map(owner.column);
    const text = argumentOf(call, "expressions");
    const expression = [text && textOf(project, target.uri, text), predicate && `condition ${predicate}`]
      .filter(Boolean)
      .join(", ");
    return { constraint: { ...common, columns, expression: expression || null }, index: null };
  }
  const opclasses = listOption(project, target, call, "opclasses");
  const columns = [
    ...positionalArguments(call).map((item) => expressionColumn(project, target.uri, item, owner)),
    ...fieldList(project, target, call).map((field, at) => fieldColumn(field, owner, opclasses[at] ?? null)),
  ];
  const include = listOption(project, target, call, "include").map(owner.column);
  const expressions = columns.flatMap((column) => column.expression ?? []);
  return {
    constraint: {
      ...common,
      columns: columns.flatMap(({ column }) => column ?? []),
      expression: predicate ?? (expressions.length > 0 ? expressions.join(", ") : null),
    },
    index: { name, columns, include, method: "btree", unique: true, predicate, origin: "unique", source },
  };
}

function kindOf(
  project: DjangoProject,
  { uri, scope }: Written,
  call: Call,
): "unique" | "check" | "exclusion" | null {
  const found = project.classes.find(uri, call.callee, scope);
  const steps = found?.kind === "class" ? project.classes.linearize(found.ref) : [];
  for (const name of [calledName(call) ?? "", ...steps.map((step) => step.name)]) {
    if (name.endsWith("UniqueConstraint")) return "unique";
    if (name.endsWith("CheckConstraint")) return "check";
    if (name.endsWith("ExclusionConstraint")) return "exclusion";
  }
  return null;
}

/** Groups of `unique_together` or `index_together`: a single group may be written without the outer list. */
export function readGroups(project: DjangoProject, written: Written): readonly (readonly string[])[] {
  const { expression } = constantOf(project, written);
  const items = listItems(expression) ?? [];
  if (items.every((item) => stringValue(item) !== null))
    return items.length > 0 ? [stringList(expression)] : [];
  return items.map((item) => stringList(constantOf(project, { ...written, expression: item }).expression));
}

function fieldList(project: DjangoProject, written: Written, call: Call): readonly string[] {
  return listOption(project, written, call, "fields");
}

function listOption(project: DjangoProject, written: Written, call: Call, name: string): readonly string[] {
  const value = argumentOf(call, name);
  return value ? stringList(constantOf(project, { ...written, expression: value }).expression) : [];
}

function textOption(project: DjangoProject, written: Written, call: Call, name: string): string | null {
  const value = argumentOf(call, name);
  return value && !isNone(value) ? textOf(project, written.uri, value) : null;
}

function textOf(project: DjangoProject, uri: string, expression: Expression): string {
  return (project.textOf(uri, expression) ?? render(expression)).replace(/\s*\n\s*/g, " ");
}

function nameOf(project: DjangoProject, written: Written, call: Call, owner: IndexOwner): string | null {
  const value = argumentOf(call, "name");
  const name = value && constantString(project, { ...written, expression: value });
  return (
    name
      ?.replaceAll("%(app_label)s", owner.appLabel.toLowerCase())
      .replaceAll("%(class)s", owner.className.toLowerCase()) ?? null
  );
}

function fieldColumn(field: string, owner: IndexOwner, opclass: string | null): IndexColumn {
  const descends = field.startsWith("-");
  const column = owner.column(descends ? field.slice(1) : field);
  return {
    column,
    expression: null,
    order: descends ? "desc" : "asc",
    nulls: null,
    opclass: opclass || null,
  };
}

/** `F("x").desc()`, `"x"`, `OpClass("x", name="gin_trgm_ops")` are columns; anything else is an expression. */
function expressionColumn(
  project: DjangoProject,
  uri: string,
  item: Expression,
  owner: IndexOwner,
): IndexColumn {
  const name = stringValue(item);
  if (name !== null) return fieldColumn(name, owner, null);
  if (item.k === "call" && item.callee.k === "member" && /^(asc|desc)$/.test(item.callee.name)) {
    const inner = expressionColumn(project, uri, item.callee.of, owner);
    const nulls = isTrue(argumentOf(item, "nulls_first"))
      ? "first"
      : isTrue(argumentOf(item, "nulls_last"))
        ? "last"
        : null;
    return { ...inner, order: item.callee.name === "desc" ? "desc" : "asc", nulls };
  }
  if (item.k === "call") {
    const [first] = positionalArguments(item);
    const called = calledName(item);
    if (called === "F" && first && stringValue(first))
      return fieldColumn(stringValue(first) ?? "", owner, null);
    if (called === "OpClass" && first) {
      return {
        ...expressionColumn(project, uri, first, owner),
        opclass: stringValue(argumentOf(item, "name")),
      };
    }
  }
  return { column: null, expression: textOf(project, uri, item), order: "asc", nulls: null, opclass: null };
}

/** Columns that a predicate names: keywords of `Q(…)` before their first lookup, and `F("…")`. */
function columnsIn(expression: Expression | null, owner: IndexOwner): readonly string[] {
  const found = new Set<string>();
  const visit = (part: Expression | null): void => {
    if (!part) return;
    if (part.k === "binary") {
      visit(part.left);
      visit(part.right);
    }
    if (part.k !== "call") return;
    const called = dottedName(part.callee)?.replace(/^.*\./, "");
    const [first] = positionalArguments(part);
    if (called === "F" && first) found.add(owner.column(stringValue(first) ?? ""));
    for (const { name, value } of part.args) {
      if (called === "Q" && name !== null && !name.startsWith("_"))
        found.add(owner.column(name.split("__", 1)[0] ?? name));
      if (called === "Q" && name === null && value.k === "list") {
        const key = stringValue(value.items[0] ?? null);
        if (key) found.add(owner.column(key.split("__", 1)[0] ?? key));
      }
      visit(value.k === "list" ? (value.items[1] ?? null) : value);
    }
  };
  visit(expression);
  return [...found].filter((name) => name !== "");
}
