import type { Gap } from "../../ir/entry.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentOf,
  type Call,
  calledName,
  positionalArguments,
} from "../../languages/python/expressions.ts";
import type { PythonAssignment, PythonClass, PythonFunction } from "../../languages/python/module.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { type Annotation, lastName, readAnnotation } from "../python/annotation.ts";
import type { PythonProject, Written } from "../python/project.ts";
import { type TypeMap, typeOfAnnotation } from "./annotated-type.ts";
import { type ColumnSpec, readColumn } from "./column-spec.ts";
import type { Family } from "./declarative.ts";
import { isDeclaredAttribute } from "./extract.ts";
import { readSqlmodelField } from "./sqlmodel-field.ts";

export interface RelationshipSpec {
  readonly name: string;
  readonly call: (Written & { readonly expression: Call }) | null;
  readonly annotation: Annotation | null;
  readonly source: SourceRef;
}

export interface Members {
  readonly columns: ColumnSpec[];
  readonly relationships: RelationshipSpec[];
  /** `Index(…)` and constraints that stand in the class body. */
  readonly extras: Written[];
  /** Attributes that are no column, with the reason. */
  readonly ignored: Gap[];
}

export interface MemberContext {
  readonly project: PythonProject;
  readonly family: Family;
  readonly typeMap: TypeMap;
  /** Qualified name of the class that a member is inherited from; null for the class itself. */
  readonly inheritedFrom: string | null;
}

const COLUMN = /^(Column|mapped_column|MappedColumn)$/;
const RELATIONSHIP = /^(relationship|relation|Relationship|dynamic_loader)$/;
const IGNORED: Readonly<Record<string, string>> = {
  column_property: "column_property: computed by a query, no column of the table",
  synonym: "synonym: another name of an attribute",
  composite: "composite: made of other columns",
  association_proxy: "association_proxy: goes through another relation",
  query_expression: "query_expression: computed by a query",
};

/** Reads what a class statement declares itself. */
export function readMembers(context: MemberContext, ref: ClassRef<PythonClass>, into: Members): void {
  const { declaration, uri, qualname: scope } = ref;
  for (const item of declaration.assignments) {
    if (item.operator !== "=" || item.target.startsWith("__")) continue;
    const source = { uri, range: rangeOf(item.span), hash: item.hash };
    if (context.family === "sqlmodel" && sqlmodelMember(context, ref, item, source, into)) continue;
    readMember(
      context,
      { uri, scope, name: item.target, value: item.value, annotation: item.annotation },
      source,
      into,
    );
  }
  for (const method of declaration.methods) {
    if (method.name.startsWith("__") || !method.decorators.some(isDeclaredAttribute)) continue;
    const source = { uri, range: rangeOf(method.span), hash: method.hash };
    const value = returnedBy(method);
    if (!value) {
      into.ignored.push({
        what: `attribute ${method.name}`,
        why: "what declared_attr returns is computed",
        source,
      });
      continue;
    }
    readMember(context, { uri, scope, name: method.name, value, annotation: method.returns }, source, into);
  }
}

/** What `declared_attr` returns, also through a local variable. */
export function returnedBy(method: PythonFunction): Expression | null {
  const value = method.returned.at(-1) ?? null;
  const name = value && dottedName(value);
  return method.assignments.findLast((item) => item.target === name)?.value ?? value;
}

interface MemberText {
  readonly uri: string;
  readonly scope: string;
  readonly name: string;
  readonly value: Expression | null;
  readonly annotation: Expression | null;
}

function readMember(context: MemberContext, member: MemberText, source: SourceRef, into: Members): void {
  const { project } = context;
  const { uri, scope, name } = member;
  const isMapped = member.annotation !== null && /Mapped$/.test(annotationHead(member.annotation));
  const annotation =
    member.annotation && isMapped
      ? readAnnotation(project, { uri, scope, expression: member.annotation })
      : null;
  const call = member.value ? declaringCall(project, { uri, scope, expression: member.value }) : null;
  const called = call ? (calledName(call.expression) ?? "") : "";
  if (call && RELATIONSHIP.test(called)) {
    into.relationships.push({ name, call, annotation, source });
    return;
  }
  if (call && IGNORED[called]) {
    into.ignored.push({ what: `attribute ${name}`, why: IGNORED[called], source });
    return;
  }
  if (call && /^(Index|\w*Constraint)$/.test(called)) {
    into.extras.push(call);
    return;
  }
  const isColumn = call !== null && COLUMN.test(called);
  if (!isColumn && (!annotation || member.value !== null)) return;
  if (member.annotation && /^AssociationProxy$/.test(annotationHead(member.annotation))) return;
  const extras = (annotation?.extras ?? []).flatMap((extra) => callIn(extra) ?? []);
  const columns = extras.filter((extra) => COLUMN.test(calledName(extra.expression) ?? ""));
  if (!isColumn && annotation && (annotation.container === "list" || annotation.container === "List")) {
    const type = typeOfAnnotation(project, annotation, context.family, context.typeMap);
    if (type?.gap) return;
  }
  const type = annotation && typeOfAnnotation(project, annotation, context.family, context.typeMap);
  into.columns.push(
    readColumn(project, name, isColumn ? [call, ...columns] : columns, source, {
      type,
      ...(annotation ? { nullable: annotation.optional } : {}),
      inheritedFrom: context.inheritedFrom,
    }),
  );
}

/** Fields of a SQLModel class are annotations, with or without `Field(…)`. */
function sqlmodelMember(
  context: MemberContext,
  ref: ClassRef<PythonClass>,
  item: PythonAssignment,
  source: SourceRef,
  into: Members,
): boolean {
  const name = item.target;
  if (!item.annotation || name === "model_config" || /^_/.test(name)) return false;
  if (/^(ClassVar|Mapped)$/.test(annotationHead(item.annotation)))
    return annotationHead(item.annotation) === "ClassVar";
  const at = { uri: ref.uri, scope: ref.qualname };
  const annotation = readAnnotation(context.project, { ...at, expression: item.annotation });
  const called = item.value ? calledName(item.value) : null;
  if (item.value?.k === "call" && called !== null && RELATIONSHIP.test(called)) {
    into.relationships.push({ name, call: { ...at, expression: item.value }, annotation, source });
    return true;
  }
  const value = item.value ? { ...at, expression: item.value } : null;
  const column = readSqlmodelField(context, name, annotation, value, source);
  if (column) into.columns.push(column);
  return true;
}

/** The call behind a value: `deferred(Column(…))`, a function of the workspace that returns a column. */
function declaringCall(
  project: PythonProject,
  written: Written,
): (Written & { readonly expression: Call }) | null {
  const found = callIn(written);
  const call = found && withoutPartial(project, found);
  if (!call) {
    const constant = dottedName(written.expression) === null ? written : project.constant(written);
    return constant === written ? null : callIn(constant);
  }
  const name = calledName(call.expression) ?? "";
  if (name === "column_property") {
    // Around a column it only adds options.
    const [inner] = positionalArguments(call.expression);
    if (inner && COLUMN.test(calledName(inner) ?? "")) return callIn({ ...call, expression: inner });
  }
  if (name === "deferred" || name === "cast") {
    const inner = positionalArguments(call.expression).at(name === "cast" ? 1 : 0);
    return inner ? callIn({ ...call, expression: inner }) : null;
  }
  if (COLUMN.test(name) || RELATIONSHIP.test(name) || IGNORED[name]) return call;
  const dotted = dottedName(call.expression.callee);
  const maker = dotted === null ? null : project.functionOf(call.uri, dotted);
  const returned = maker && returnedBy(maker.item);
  return maker && returned ? callIn({ uri: maker.uri, scope: "", expression: returned }) : call;
}

/** `Required = partial(Column, nullable=False)`: the call that a call of it stands for. */
function withoutPartial(
  project: PythonProject,
  call: Written & { readonly expression: Call },
): Written & { readonly expression: Call } {
  const { callee, args, span } = call.expression;
  const found =
    dottedName(callee) === null ? null : project.constant({ ...call, expression: callee }).expression;
  if (found?.k !== "call" || calledName(found) !== "partial") return call;
  const [inner, ...given] = found.args;
  if (!inner || inner.name !== null) return call;
  const own = new Set(args.map(({ name }) => name));
  const rest = given.filter(({ name }) => name === null || !own.has(name));
  const positional = [...rest, ...args].filter(({ name }) => name === null);
  const keywords = [...args, ...rest].filter(({ name }) => name !== null);
  return {
    ...call,
    expression: { k: "call", callee: inner.value, args: [...positional, ...keywords], span },
  };
}

function callIn(written: Written): (Written & { readonly expression: Call }) | null {
  const { expression } = written;
  return expression.k === "call" ? { ...written, expression } : null;
}

export function annotationHead(annotation: Expression): string {
  if (annotation.k === "string") return /^(?:\w+\.)*(\w+)\[/.exec(annotation.value)?.[1] ?? "";
  return lastName(annotation.k === "subscript" ? annotation.of : annotation);
}

/** Value of an option of a call that may also be written as a text: `secondary="book_tags"`. */
export function optionOf(spec: RelationshipSpec, name: string): Written | null {
  const value = spec.call && argumentOf(spec.call.expression, name);
  if (value && spec.call) return { ...spec.call, expression: value };
  // SQLModel passes the rest on: `sa_relationship_kwargs={"lazy": "selectin"}`.
  const more = spec.call && argumentOf(spec.call.expression, "sa_relationship_kwargs");
  if (!spec.call || more?.k !== "dict") return null;
  const entry = more.entries.find(([key]) => key.k === "string" && key.value === name);
  return entry ? { ...spec.call, expression: entry[1] } : null;
}
