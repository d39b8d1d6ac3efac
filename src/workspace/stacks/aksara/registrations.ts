import type { Gap } from "../../ir/entry.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  render,
} from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import type { SourceRef } from "../../source.ts";
import { isTestFile, type Written } from "../python/project.ts";
import type { AksaraRegistry } from "./registry.ts";
import { Routers, type Scope, scopesOf } from "./routers.ts";

/** One place at which a viewset answers. */
export interface Registration {
  readonly viewset: ClassRef<PythonClass>;
  /** What stands before the prefix of the viewset. */
  readonly prefix: string;
  readonly mounts: readonly SourceRef[];
  /** Why the place is not sure; null when it is. */
  readonly gap: Gap | null;
  /** Found by Aksara itself when the app starts. */
  readonly discovered: boolean;
}

export interface Registrations {
  readonly found: readonly Registration[];
  readonly gaps: readonly Gap[];
}

/** Where the viewsets of the workspace are registered; those that nothing registers become gaps. */
export function readRegistrations(registry: AksaraRegistry): Registrations {
  const { project } = registry;
  const scopes = [...project.facts].flatMap(([uri, file]) => (isTestFile(uri) ? [] : scopesOf(uri, file)));
  const routers = new Routers(registry, scopes);
  const viewsets = [...project.classes.all()].filter(
    (ref) => !isTestFile(ref.uri) && isViewset(registry, ref) && project.attribute(ref, "model") !== null,
  );
  const found: Registration[] = [];
  const gaps: Gap[] = [];
  const inModule = (module: string) =>
    viewsets.filter(({ uri }) => `.${project.names.moduleName(uri)}`.endsWith(`.${module}`));
  for (const scope of scopes) {
    for (const call of scope.calls) {
      if (call.k !== "call") continue;
      const read = readCall(registry, scope, call, inModule);
      if (!read) continue;
      const source = registry.sourceOf(scope.uri, call.span);
      if (read.viewsets.length === 0)
        gaps.push({
          what: render(call).slice(0, 80),
          why: "which viewsets it registers is computed",
          source,
        });
      for (const way of routers.waysTo(scope, read.target))
        for (const viewset of read.viewsets)
          found.push({ viewset, ...way, mounts: [...way.mounts, source], discovered: false });
    }
  }
  const isDiscovering = scopes.some(({ assignments }) => assignments.some(({ value }) => discovers(value)));
  const told = new Set(found.map(({ viewset }) => viewset.key));
  for (const viewset of viewsets) {
    if (told.has(viewset.key)) continue;
    if (isDiscovering && /(^|\.)views(\.|$)/.test(project.names.moduleName(viewset.uri)))
      found.push({ viewset, prefix: "", mounts: [], gap: null, discovered: true });
    // A viewset that others derive from need not answer itself.
    else if (!viewsets.some((other) => other !== viewset && derives(registry, other, viewset)))
      gaps.push({
        what: `viewset ${viewset.qualname}`,
        why: "no app of the workspace registers it, as far as its code shows",
        source: registry.sourceOf(viewset.uri, viewset.declaration.nameSpan),
      });
  }
  return { found, gaps };
}

function readCall(
  registry: AksaraRegistry,
  scope: Scope,
  call: Call,
  inModule: (module: string) => readonly ClassRef<PythonClass>[],
): { readonly target: Expression | null; readonly viewsets: readonly ClassRef<PythonClass>[] } | null {
  const { project } = registry;
  const written = (expression: Expression): Written => ({ uri: scope.uri, scope: "", expression });
  const text = (position: number, name: string) => {
    const value = argumentAt(call, position, name);
    return value && project.text(written(value));
  };
  const classes = (items: readonly Written[]) =>
    items.flatMap(({ uri, expression }) => {
      const found = project.classes.find(uri, expression);
      return found?.kind === "class" ? [found.ref] : [];
    });
  switch (calledName(call)) {
    case "include_viewset": {
      const given = argumentAt(call, 1, "viewset_cls");
      if (!given) return null;
      const loop = scope.loops.find(({ target }) => dottedName(target) === dottedName(given));
      const items = loop ? (project.items(written(loop.list)) ?? []) : [written(given)];
      return { target: argumentAt(call, 0, "router"), viewsets: classes(items) };
    }
    case "register_viewsets": {
      const list = call.args[0]?.value;
      if (!list || call.callee.k !== "member") return null;
      return { target: call.callee.of, viewsets: classes(project.items(written(list)) ?? []) };
    }
    case "include_app_viewsets": {
      const label = text(1, "app_label");
      const module = text(2, "module_name") ?? "api";
      return {
        target: argumentAt(call, 0, "app"),
        viewsets: label === null ? [] : inModule(`${label}.${module}`),
      };
    }
    case "include_all_app_viewsets":
      return { target: argumentAt(call, 0, "app"), viewsets: inModule(text(1, "module_name") ?? "api") };
    default:
      return null;
  }
}

/** `ModelViewSet` of Aksara is among the bases. */
function isViewset(registry: AksaraRegistry, ref: ClassRef<PythonClass>): boolean {
  return registry.project.classes
    .linearize(ref)
    .some((step) => step.kind === "external" && /^aksara\.(\w+\.)*ModelViewSet$/.test(step.name));
}

function derives(registry: AksaraRegistry, ref: ClassRef<PythonClass>, from: ClassRef<PythonClass>): boolean {
  return registry.project.classes
    .linearize(ref)
    .some((step) => step.kind === "class" && step.ref.key === from.key);
}

/** `Aksara(…)` looks for viewsets itself unless it is told not to. */
function discovers(value: Expression | null): boolean {
  return (
    value?.k === "call" &&
    calledName(value) === "Aksara" &&
    booleanValue(argumentOf(value, "auto_discover_views")) !== false
  );
}
