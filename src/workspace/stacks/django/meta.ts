import type { ClassRef } from "../../languages/python/class-graph.ts";
import { isTrue, stringList, stringValue } from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { ClassFacts } from "./facts.ts";
import type { DjangoProject } from "./project.ts";
import { constantOf, type Written } from "./values.ts";

export interface MetaOption extends Written {
  readonly source: SourceRef;
}

/** Options of a model's `Meta`, those of the bases that it inherits included. */
export interface Meta {
  readonly abstract: boolean;
  readonly proxy: boolean;
  readonly managed: boolean;
  readonly options: ReadonlyMap<string, MetaOption>;
}

/**
 * The options in force: the model's own `Meta` with what that class inherits, else the `Meta` of the nearest abstract
 * base. `abstract` is never inherited.
 */
export function readMeta(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  handsOn: (ref: ClassRef<ClassFacts>) => boolean,
): Meta {
  const own = project.classes.get(ref.uri, `${ref.qualname}.Meta`);
  const inherited = own ? null : inheritedMeta(project, ref, handsOn);
  const options = optionsOf(project, own ?? inherited);
  const flag = (name: string) => {
    const value = options.get(name);
    return value ? isTrue(constantOf(project, value).expression) : false;
  };
  return {
    abstract:
      own?.declaration.assignments.some((item) => item.target === "abstract" && isTrue(item.value)) ?? false,
    proxy: own ? flag("proxy") : false,
    managed: !options.has("managed") || flag("managed"),
    options,
  };
}

function inheritedMeta(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  handsOn: (ref: ClassRef<ClassFacts>) => boolean,
): ClassRef<ClassFacts> | null {
  for (const step of project.classes.linearize(ref).slice(1)) {
    if (step.kind !== "class" || !handsOn(step.ref)) continue;
    const meta = project.classes.get(step.ref.uri, `${step.ref.qualname}.Meta`);
    if (meta) return meta;
  }
  return null;
}

function optionsOf(
  project: DjangoProject,
  meta: ClassRef<ClassFacts> | null,
): ReadonlyMap<string, MetaOption> {
  const options = new Map<string, MetaOption>();
  if (!meta) return options;
  for (const step of project.classes.linearize(meta)) {
    if (step.kind !== "class") continue;
    for (const item of step.ref.declaration.assignments) {
      if (!item.value || item.operator !== "=" || options.has(item.target)) continue;
      const source = project.sourceOf(step.ref.uri, item.span, item.hash);
      options.set(item.target, {
        uri: step.ref.uri,
        scope: step.ref.qualname,
        expression: item.value,
        source,
      });
    }
  }
  return options;
}

export function metaString(project: DjangoProject, meta: Meta, name: string): string | null {
  const value = meta.options.get(name);
  return value ? stringValue(constantOf(project, value).expression) : null;
}

export function metaStrings(project: DjangoProject, meta: Meta, name: string): readonly string[] {
  const value = meta.options.get(name);
  return value ? stringList(constantOf(project, value).expression) : [];
}
