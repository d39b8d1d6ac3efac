import type { ClassRef } from "../../languages/python/class-graph.ts";
import { argumentOf, calledName, stringValue } from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import type { OutlineFacts, PythonProject, Written } from "../python/project.ts";
import type { Root } from "./declarative.ts";
import { DEFAULT_CONVENTION, type NamingConvention } from "./names.ts";

/** How a model's metadata names indexes and constraints. */
export function conventionOf(
  project: PythonProject,
  root: Root | null,
  ref: ClassRef<PythonClass> | null,
  metadata: Written | null = null,
): NamingConvention {
  const own = ref && project.attribute(ref, "metadata");
  const call = root?.made?.expression.k === "call" ? root.made.expression : null;
  const given = call && argumentOf(call, "metadata");
  const made = given && root?.made ? { ...root.made, expression: given } : null;
  // `registry = registry(metadata=MetaData(…))` in the base class.
  const registry = ref && project.attribute(ref, "registry");
  const held = registry?.expression.k === "call" ? argumentOf(registry.expression, "metadata") : null;
  const inRegistry = registry && held ? { ...registry, expression: held } : null;
  for (const written of [own, inRegistry, made, metadata]) {
    const found = written && readConvention(project, written);
    if (found) return found;
  }
  return (
    (root?.family === "sqlmodel" ? assigned(project, /^SQLModel\.metadata\.naming_convention$/) : null) ??
    DEFAULT_CONVENTION
  );
}

function readConvention(project: PythonProject, written: Written): NamingConvention | null {
  const { expression, ...at } = project.constant(written);
  if (expression.k === "member" && expression.name === "metadata") {
    const owner = project.classes.find(at.uri, expression.of, at.scope);
    const inner = owner?.kind === "class" ? project.attribute(owner.ref, "metadata") : null;
    return inner && readConvention(project, inner);
  }
  if (expression.k !== "call" || calledName(expression) !== "MetaData") return null;
  const value = argumentOf(expression, "naming_convention");
  return value ? dictOf(project, { ...at, expression: value }) : null;
}

function assigned(project: PythonProject<OutlineFacts>, target: RegExp): NamingConvention | null {
  for (const [uri, { assignments }] of project.facts) {
    const item = assignments.find((each) => target.test(each.target));
    if (item?.value) return dictOf(project, { uri, scope: "", expression: item.value });
  }
  return null;
}

function dictOf(project: PythonProject, written: Written): NamingConvention | null {
  const { expression, ...at } = project.constant(written);
  if (expression.k !== "dict") return null;
  const entries = expression.entries.flatMap(([key, value]) => {
    const name = stringValue(key);
    const text = project.text({ ...at, expression: value });
    return name !== null && text !== null ? [[name, text] as const] : [];
  });
  return { ...DEFAULT_CONVENTION, ...Object.fromEntries(entries) };
}
