import { dottedName } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  type Call,
  calledName,
  isTrue,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import type { Written } from "../python/project.ts";
import type { RelationshipSpec } from "./members.ts";
import type { ModelInfo, ModelRegistry } from "./registry.ts";

/** A class and the table that a call ties it to. */
export interface Mapping {
  readonly ref: ClassRef<PythonClass>;
  readonly table: ModelInfo;
  /** The class that `inherits=` names. */
  readonly parent: ClassRef<PythonClass> | null;
  readonly relationships: readonly RelationshipSpec[];
  /** Attribute by column, where `properties` gives a column another name. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Reads `registry.map_imperatively(Order, orders, properties={"lines": relationship(Line)})`; null where one of the two is not in the workspace. */
export function readMapping(registry: ModelRegistry, uri: string, call: Call): Mapping | null {
  const { project } = registry;
  const given = argumentAt(call, 0, "class_");
  const local = argumentAt(call, 1, "local_table");
  const found = given && project.classes.find(uri, given);
  const name = local && dottedName(local);
  const table = name ? registry.find(uri, name) : null;
  if (found?.kind !== "class" || !table || table.ref) return null;
  const inherits = argumentOf(call, "inherits");
  const parent = inherits && project.classes.find(uri, inherits);
  const relationships: RelationshipSpec[] = [];
  const renamed = new Map<string, string>();
  const properties = argumentOf(call, "properties");
  const dict = properties && project.constant({ uri, scope: "", expression: properties });
  for (const [key, value] of dict?.expression.k === "dict" ? dict.expression.entries : []) {
    const attribute = stringValue(key);
    if (attribute === null || !dict) continue;
    const at: Written = { ...dict, expression: value };
    const column = columnIn(at);
    if (column !== null) renamed.set(column, attribute);
    const moved = movedBy(value);
    if (moved !== null) renamed.set(attribute, moved);
    if (value.k !== "call" || !/^(relationship|relation)$/.test(calledName(value) ?? "")) continue;
    const spec = { ...at, expression: value };
    const source = registry.sourceOr(spec, table.source);
    relationships.push({ name: attribute, call: spec, annotation: null, source });
  }
  return {
    ref: found.ref,
    table,
    parent: parent?.kind === "class" ? parent.ref : null,
    relationships,
    renamed,
  };
}

/** `"password": synonym("_password", map_column=True)` moves the column to the other attribute. */
function movedBy(value: Written["expression"]): string | null {
  if (value.k !== "call" || calledName(value) !== "synonym" || !isTrue(argumentOf(value, "map_column")))
    return null;
  return stringValue(argumentAt(value, 0, "name"));
}

/** `orders.c.state`. */
function columnIn({ expression }: Written): string | null {
  return /\.c\.(\w+)$/.exec(dottedName(expression) ?? "")?.[1] ?? null;
}
